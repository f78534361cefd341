import type { Instant } from '../../../kernel/clock.ts';
import { derivedId } from '../../../kernel/derived-id.ts';
import { serialKey } from '../../../kernel/serial.ts';
import { counted, quoted } from '../../../kernel/wording.ts';
import type { Declaration, Line } from '../../declarations/index.ts';
import { itemIdOf } from '../../register/index.ts';
import { groupWise } from '../grouped.ts';
import type { Report } from '../report.ts';
import type { AuditRow } from '../row.ts';
import { evidenceOf } from '../row.ts';
import type { Sortable, SortedGroup } from '../sorting.ts';
import type { AuditSources } from '../sources.ts';
import { numberIn } from './numbered-serial.ts';

// All numbers below are this project's choice.
/** So many numbers in a row, on both sides of a hole, show that an exporter numbers one by one. */
const LEAST_RUN = 5;
/** A hole of more numbers is a jump: another series, rather than items that were left out. */
const MOST_MISSING = 100;
/** Ranges of one series that are compared; one that has more of them is said to be too long. */
const MOST_RANGES = 50_000;

/** Holes in the numbers that an exporter otherwise gives one by one. */
export const serialGaps: Report = {
  name: 'serial-gaps',
  title: 'Gaps and jumps in serial ranges',
  description:
    'Where an exporter declares items of one maker and kind with serials that count up, numbers that were left out (`gap`, up to 100 of them, and not all of them registered by others) may be items that left undeclared; `jump`: it goes on elsewhere. Only holes with at least five numbers in a row on both sides count. Registry marks and declarations that were withdrawn or refused are left aside.',
  columns: ['maker', 'kind', 'from', 'to', 'missing', 'before', 'after'],
  source: 'declarations',
  heeds: [],
  defaults: {},
  run: (sources, _settings, from) =>
    groupWise(sources, from, {
      pages: sources.declarations(null),
      sortablesOf,
      rowsOf: (group) => rowsOf(group, sources),
      maxValues: MOST_RANGES,
    }),
};

/** What the serials of a series have in common. */
interface Series {
  readonly org: string;
  readonly maker: string;
  readonly kind: string;
  readonly prefix: string;
  readonly suffix: string;
  /** Of the number, with leading zeros. */
  readonly digits: number;
}

/** Consecutive numbers of one declaration. */
interface Range extends Series {
  readonly first: number;
  readonly last: number;
  readonly declaration: string;
  readonly filedAt: Instant;
}

function sortablesOf(declaration: Declaration): Sortable[] {
  if (declaration.state === 'withdrawn' || declaration.state === 'refused') return [];
  const { id, org, filedAt, content } = declaration;
  const all = new Map<string, { series: Series; numbers: number[] }>();
  for (const line of content.lines) {
    const found = numbered(line, org);
    if (found === null) continue;
    const { series, number } = found;
    const group = groupOf(series);
    const before = all.get(group);
    if (before === undefined) all.set(group, { series, numbers: [number] });
    else before.numbers.push(number);
  }
  return [...all].flatMap(([group, { series, numbers }]) =>
    rangesOf(numbers).map(({ first, last }) => ({
      group,
      value: JSON.stringify({ ...series, first, last, declaration: id, filedAt } satisfies Range),
    })),
  );
}

function numbered(
  { serial, assignedMark, makerKey, kind }: Line,
  org: string,
): { series: Series; number: number } | null {
  const found = assignedMark ? null : numberIn(serial);
  if (found === null) return null;
  const { prefix, digits, suffix } = found;
  const series = { org, maker: makerKey, kind, prefix, suffix, digits: digits.length };
  return { series, number: Number(digits) };
}

function groupOf({ org, maker, kind, prefix, suffix, digits }: Series): string {
  return derivedId('ser', org, maker, kind, serialKey(prefix), serialKey(suffix), String(digits));
}

function rangesOf(numbers: readonly number[]): { first: number; last: number }[] {
  const ranges: { first: number; last: number }[] = [];
  for (const number of numbers.toSorted((one, other) => one - other)) {
    const range = ranges.at(-1);
    if (range !== undefined && number <= range.last + 1) range.last = number;
    else ranges.push({ first: number, last: number });
  }
  return ranges;
}

async function rowsOf(
  { group, values, count }: SortedGroup,
  sources: Pick<AuditSources, 'heads'>,
): Promise<AuditRow[]> {
  const ranges = values
    .map((value) => JSON.parse(value) as Range)
    .sort((one, other) => one.first - other.first || one.last - other.last);
  const [series] = ranges;
  if (series === undefined) return [];
  const rows: AuditRow[] = [];
  for (const { before, after } of holesIn(ranges)) {
    if (!(await isFilled(before, after, sources))) rows.push(holeRow(group, before, after));
  }
  return count > values.length ? [...rows, tooLong(group, series, count)] : rows;
}

/** A run of numbers over all declarations, and the declarations at its ends. */
interface Run {
  readonly start: Range;
  end: Range;
  last: number;
}

function holesIn(ranges: readonly Range[]): { before: Run; after: Run }[] {
  const runs: Run[] = [];
  for (const range of ranges) {
    const run = runs.at(-1);
    if (run === undefined || range.first > run.last + 1)
      runs.push({ start: range, end: range, last: range.last });
    else if (range.last > run.last) {
      run.end = range;
      run.last = range.last;
    }
  }
  return runs.flatMap((after, index) => {
    const before = runs[index - 1];
    return before !== undefined && isLong(before) && isLong(after) ? [{ before, after }] : [];
  });
}

/** True when others registered all the numbers of a gap: one maker's series goes through many exporters' hands. */
async function isFilled(before: Run, after: Run, { heads }: Pick<AuditSources, 'heads'>): Promise<boolean> {
  const missing = after.start.first - before.last - 1;
  if (missing > MOST_MISSING) return false;
  const { maker, kind } = after.start;
  const ids = Array.from({ length: missing }, (_, index) =>
    itemIdOf({ maker, kind, serial: serialOf(after.start, before.last + 1 + index) }),
  );
  return (await heads(ids)).size === missing;
}

function isLong({ start, last }: Run): boolean {
  return last - start.first + 1 >= LEAST_RUN;
}

function holeRow(group: string, before: Run, after: Run): AuditRow {
  const [from, to] = [before.last + 1, after.start.first - 1];
  const missing = to - from + 1;
  const series = after.start;
  const { org, maker, kind, filedAt } = series;
  const gap = missing <= MOST_MISSING;
  const ends = [serialOf(before.end, before.last), serialOf(series, series.first)];
  return {
    key: `${group} ${from}-${to}`,
    code: gap ? 'gap' : 'jump',
    because: gap
      ? `${org} declared ${kind.replaceAll('-', ' ')} serials of ${maker} up to ${quoted(ends[0] ?? '')} and on from ${quoted(ends[1] ?? '')}, but not the ${counted(missing, 'number')} between.`
      : `The serials that ${org} declared for ${kind.replaceAll('-', ' ')} of ${maker} jump from ${quoted(ends[0] ?? '')} to ${quoted(ends[1] ?? '')}.`,
    at: filedAt,
    org,
    facts: {
      maker,
      kind,
      from: serialOf(series, from),
      to: serialOf(series, to),
      missing,
      before: ends[0],
      after: ends[1],
    },
    evidence: evidenceOf({
      items: ends.map((serial) => itemIdOf({ maker, kind, serial })),
      declarations: [before.end.declaration, series.declaration],
    }),
  };
}

function serialOf({ prefix, suffix, digits }: Series, number: number): string {
  return `${prefix}${String(number).padStart(digits, '0')}${suffix}`;
}

function tooLong(group: string, { org, maker, kind, prefix, declaration }: Range, count: number): AuditRow {
  return {
    key: `${group} too-long`,
    code: 'series-too-long',
    because: `The series ${quoted(prefix)} of ${org} has ${count} ranges of numbers; only ${MOST_RANGES} of them were compared.`,
    org,
    facts: { maker, kind },
    evidence: evidenceOf({ declarations: [declaration] }),
  };
}
