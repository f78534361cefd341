import { counted } from '../../../kernel/wording.ts';
import type { Catalogue } from '../../catalogue/index.ts';
import type { Declaration } from '../../declarations/index.ts';
import type { Report } from '../report.ts';
import type { AuditRow, Step } from '../row.ts';
import type { AuditSources } from '../sources.ts';
import { isValid } from './declaration-columns.ts';

const COLUMNS = [
  'declarations',
  'items',
  'machines',
  'parts',
  'exited',
  'arrived',
  'exporters',
  'destinations',
] as const;

/** What the declarations of one exporter, destination or month add up to. */
interface Sum {
  declarations: number;
  items: number;
  machines: number;
  exited: number;
  arrived: number;
  readonly exporters: Set<string>;
  readonly destinations: Set<string>;
  /** The first of them. */
  readonly ids: string[];
}

const MOST_IDS = 20;
const ROWS_A_STEP = 100;

interface By {
  readonly what: string;
  keyOf(declaration: Declaration): string;
  /** What of a row says which exporter, destination or month it is. */
  about(key: string): Pick<AuditRow, 'at' | 'org' | 'destination'>;
}

const WHAT_COUNTS =
  'Declarations that were withdrawn or refused, or have expired, are left out. `exited` and `arrived` count items; an item that was declared several times is counted each time.';

function summary({ what, keyOf, about }: By): Report {
  return {
    name: `summary-by-${what}`,
    title: `Summary by ${what}`,
    description: `What was declared, a row for each ${what}. ${WHAT_COUNTS}`,
    columns: COLUMNS,
    source: 'declarations',
    heeds: [],
    defaults: {},
    run: (sources, _settings, from) =>
      summed(sources, from, keyOf, (key, sum) => ({ ...rowOf(what, key, sum), ...about(key) })),
  };
}

export const summaries: readonly Report[] = [
  summary({ what: 'exporter', keyOf: ({ org }) => org, about: (org) => ({ org }) }),
  summary({
    what: 'destination',
    keyOf: ({ content }) => content.consignment.destination,
    about: (destination) => ({ destination }),
  }),
  summary({
    what: 'month',
    keyOf: ({ filedAt }) => filedAt.slice(0, 7),
    about: (month) => ({ at: `${month}-01T00:00:00.000Z` }),
  }),
];

/** A resumed summary counts again: there is a row only once everything is counted. */
async function* summed(
  { declarations, catalogue }: AuditSources,
  from: string | null,
  keyOf: By['keyOf'],
  toRow: (key: string, sum: Sum) => AuditRow,
): AsyncGenerator<Step, void, void> {
  const sums = new Map<string, Sum>();
  for await (const { records } of declarations(null)) {
    for (const declaration of records.filter(isValid)) add(sums, keyOf(declaration), declaration, catalogue);
    yield { rows: [], position: from ?? '', read: records.length };
  }
  const keys = [...sums.keys()].filter((key) => from === null || key > from).sort();
  for (let at = 0; at < keys.length; at += ROWS_A_STEP) {
    const some = keys.slice(at, at + ROWS_A_STEP);
    const rows = some.flatMap((key) => {
      const sum = sums.get(key);
      return sum === undefined ? [] : [toRow(key, sum)];
    });
    yield { rows, position: some.at(-1) ?? '', read: 0 };
  }
}

function add(
  sums: Map<string, Sum>,
  key: string,
  { id, org, state, content }: Declaration,
  catalogue: Catalogue,
): void {
  const sum = sums.get(key) ?? {
    declarations: 0,
    items: 0,
    machines: 0,
    exited: 0,
    arrived: 0,
    exporters: new Set(),
    destinations: new Set(),
    ids: [],
  };
  const { lines, consignment } = content;
  sums.set(key, sum);
  sum.declarations += 1;
  sum.items += lines.length;
  sum.machines += lines.filter(({ kind }) => catalogue.findKind(kind)?.machine === true).length;
  if (state === 'exited' || state === 'arrived') sum.exited += lines.length;
  if (state === 'arrived') sum.arrived += lines.length;
  if (sum.ids.length < MOST_IDS) sum.ids.push(id);
  sum.exporters.add(org);
  sum.destinations.add(consignment.destination);
}

function rowOf(what: string, key: string, sum: Sum): AuditRow {
  const { declarations, items, machines, exited, arrived, ids } = sum;
  const [exporters, destinations] = [sum.exporters.size, sum.destinations.size];
  return {
    key,
    code: `${what}-summary`,
    because: `${key}: ${counted(items, 'item')} in ${counted(declarations, 'declaration')}; ${exited} exited, ${arrived} arrived.`,
    facts: {
      declarations,
      items,
      machines,
      parts: items - machines,
      exited,
      arrived,
      exporters,
      destinations,
    },
    evidence: {
      declarations: ids,
      ...(declarations > ids.length ? { more: declarations - ids.length } : {}),
    },
  };
}
