import type { Markup } from './markup.ts';
import { countText, markup, numberText, shareText } from './markup.ts';
import type { Report } from './report.ts';
import type { AuditRow, Evidence } from './row.ts';
import type { Amount, Slice, Tallied } from './tally.ts';

/** What one column of a table of amounts is named, and its cell for a slice. */
export interface NameColumn {
  readonly head: string;
  readonly cell: (name: string) => Markup | string;
}

/** The last rows of a table of amounts: what has no row of its own. */
export interface RestRow extends Amount {
  readonly label: string;
}

/** A table of how many findings each slice has and which share of all; rests that are empty are left out. */
export function amountTable(
  caption: string,
  names: readonly NameColumn[],
  slices: readonly Slice[],
  rests: readonly RestRow[],
  { all, unit }: Pick<Tallied, 'all' | 'unit'>,
): Markup {
  const inItems = unit === 'items';
  const amounts = ({ findings, value }: Amount): Markup =>
    markup`<td class="number">${numberText(findings)}</td>${inItems ? markup`<td class="number">${numberText(value)}</td>` : ''}<td class="number">${shareText(value, all.value)}</td>`;
  const rows = slices.map((slice) => {
    const cells = names.map(({ cell }, index) => {
      const content = cell(slice.name);
      return index === 0 ? markup`<th scope="row">${content}</th>` : markup`<td>${content}</td>`;
    });
    return markup`<tr>${cells}${amounts(slice)}</tr>
`;
  });
  const last = rests.map(({ label, ...amount }) =>
    amount.findings === 0
      ? ''
      : markup`<tr><th scope="row" colspan="${names.length}">${label}</th>${amounts(amount)}</tr>
`,
  );
  const heads = names.map(({ head }) => markup`<th scope="col">${head}</th>`);
  return markup`<div class="scroll"><table class="amounts">
<caption>${caption}</caption>
<thead><tr>${heads}<th scope="col" class="number">${rowsOf(unit).many}</th>${inItems ? markup`<th scope="col" class="number">Items</th>` : ''}<th scope="col" class="number">Share of ${unit}</th></tr></thead>
<tbody>
${rows}${last}</tbody></table></div>
`;
}

/** How those are called whom a report names in its rows. */
export interface Who {
  readonly one: string;
  readonly many: string;
}

const EXPORTERS: Who = { one: 'Exporter', many: 'Exporters' };
const ORGANISATIONS: Who = { one: 'Organisation', many: 'Organisations' };

export function whoOf(source: Report['source']): Who {
  return source === 'lookups' ? ORGANISATIONS : EXPORTERS;
}

/** How the rows of a report are called: those of a summary, which stand for items, are no findings. */
export function rowsOf(unit: Tallied['unit']): Who {
  return unit === 'items' ? { one: 'Row', many: 'Rows' } : { one: 'Finding', many: 'Findings' };
}

/** What the table of findings shows of a row: small, however much evidence there is. */
export interface ShownRow {
  readonly row: Pick<AuditRow, 'code' | 'at' | 'org' | 'destination' | 'facts' | 'because'>;
  readonly evidence: Markup;
}

const IDS_SHOWN = 2;
const EVIDENCE_WORDS = {
  items: ['Item', 'Items'],
  events: ['Event', 'Events'],
  declarations: ['Declaration', 'Declarations'],
  lookups: ['Look-up', 'Look-ups'],
} as const satisfies Record<Exclude<keyof Evidence, 'more'>, readonly [string, string]>;
const EVIDENCE_KINDS = Object.keys(EVIDENCE_WORDS) as (keyof typeof EVIDENCE_WORDS)[];

export function shownRow({ code, at, org, destination, facts, because, evidence }: AuditRow): ShownRow {
  const row = {
    code,
    facts,
    because,
    ...(at === undefined ? {} : { at }),
    ...(org === undefined ? {} : { org }),
    ...(destination === undefined ? {} : { destination }),
  };
  return { row, evidence: evidenceLine(evidence) };
}

/** The first ids of each kind, and how many more there are. */
function evidenceLine(evidence: Evidence): Markup {
  const kinds = EVIDENCE_KINDS.flatMap((kind) => {
    const ids = evidence[kind] ?? [];
    if (ids.length === 0) return [];
    const shown = ids.slice(0, IDS_SHOWN).map((id) => markup` <code>${id}</code>`);
    const left = ids.length - shown.length;
    const [one, many] = EVIDENCE_WORDS[kind];
    return [markup`${ids.length === 1 ? one : many}${shown}${left === 0 ? '' : ` and ${left} more`}. `];
  });
  const { more = 0 } = evidence;
  return markup`${kinds}${more === 0 ? '' : `${countText(more, 'records')} besides.`}`;
}

interface Column {
  readonly head: string;
  readonly cell: (row: ShownRow['row']) => Markup | string;
  /** Left out of a table in which no row has it. */
  readonly ifAny?: (row: ShownRow['row']) => unknown;
  readonly isNumber?: boolean;
}

/** The table of findings in pieces, so that no piece is large. */
export function* findingsTable(
  { columns: names, source }: Pick<Report, 'columns' | 'source'>,
  rows: readonly ShownRow[],
  rowsAPiece: number,
): Generator<Markup, void, void> {
  const columns = columnsFor(names, whoOf(source), rows);
  const heads = columns.map(
    ({ head, isNumber = false }) => markup`<th scope="col"${isNumber ? NUMBER : ''}>${head}</th>`,
  );
  yield markup`<div class="scroll" tabindex="0" role="region" aria-label="All columns"><table class="findings">
<thead><tr><th scope="col" class="number">No.</th>${heads}</tr></thead>
`;
  for (let start = 0; start < rows.length; start += rowsAPiece) {
    const piece = rows.slice(start, start + rowsAPiece);
    yield markup`${piece.map((row, index) => findingRows(start + index + 1, row, columns))}`;
  }
  yield markup`</table></div>
`;
}

const NUMBER = markup` class="number"`;
/** May be broken anywhere, so that no serial makes a table wider than the paper. */
const LONG = markup` class="long"`;
const LONG_WORD = /[^\s-]{25}/;

function findingRows(no: number, { row, evidence }: ShownRow, columns: readonly Column[]): Markup {
  const cells = columns.map(({ cell, isNumber = false }) => {
    const content = cell(row);
    const isLong = typeof content === 'string' && LONG_WORD.test(content);
    return markup`<td${isNumber ? NUMBER : isLong ? LONG : ''}>${content}</td>`;
  });
  return markup`<tbody><tr><th scope="rowgroup" rowspan="2" class="number">${numberText(no)}</th>${cells}</tr>
<tr class="because"><td colspan="${columns.length}">${row.because} <span class="evidence">${evidence}</span></td></tr></tbody>
`;
}

function columnsFor(names: readonly string[], who: Who, rows: readonly ShownRow[]): Column[] {
  const own = names.map((name): Column => {
    const isNumber = rows.every(({ row: { facts } }) => typeof (facts[name] ?? 0) === 'number');
    return {
      head: headOf(name),
      cell: ({ facts }) => factCell(facts[name]),
      ifAny: ({ facts }) => facts[name],
      isNumber,
    };
  });
  const all: Column[] = [
    { head: 'When (UTC)', cell: ({ at }) => timeCell(at), ifAny: ({ at }) => at },
    { head: 'Code', cell: ({ code }) => code },
    { head: who.one, cell: ({ org = '' }) => org, ifAny: ({ org }) => org },
    { head: 'To', cell: ({ destination = '' }) => destination, ifAny: (row) => row.destination },
    ...own,
  ];
  return all.filter(({ ifAny }) => ifAny === undefined || rows.some(({ row }) => ifAny(row) !== undefined));
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function factCell(fact: AuditRow['facts'][string]): Markup | string {
  if (typeof fact === 'number') return numberText(fact);
  if (typeof fact === 'boolean') return fact ? 'yes' : 'no';
  return fact !== undefined && INSTANT.test(fact) ? timeText(fact, 'minutes') : (fact ?? '');
}

/** `daysOverdue`: `Days overdue`. */
function headOf(name: string): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function timeCell(at: string | undefined): Markup | string {
  return at === undefined ? '' : timeText(at, 'minutes');
}

/** An instant for people, in UTC. */
export function timeText(at: string, precision: 'minutes' | 'seconds'): Markup {
  const text = at.slice(0, precision === 'minutes' ? 16 : 19).replace('T', ' ');
  return markup`<time class="nowrap" datetime="${at}">${text}</time>`;
}
