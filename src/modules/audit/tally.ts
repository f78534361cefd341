import type { AuditRow } from './row.ts';

/** How much there is of something. */
export interface Amount {
  readonly findings: number;
  /** In the tally's unit. */
  readonly value: number;
}

export interface Slice extends Amount {
  readonly name: string;
}

/** How the rows part by one thing that they say. */
export interface Parting {
  /** Largest first. */
  readonly slices: readonly Slice[];
  /** Of names beyond the most that are told apart. */
  readonly others: Amount;
  /** Of rows that don't say. */
  readonly unsaid: Amount;
}

export interface Tallied {
  readonly unit: 'findings' | 'items';
  readonly all: Amount;
  readonly codes: Parting;
  readonly destinations: Parting;
  readonly orgs: Parting;
  /** Named by ISO 8601 dates. */
  readonly days: Parting;
  /** Named like `2026-12`. */
  readonly months: Parting;
}

export type TalliedRow = Pick<AuditRow, 'code' | 'at' | 'org' | 'destination' | 'facts'>;
type Weigh = (row: TalliedRow) => number | undefined;

const MOST_NAMES = 10_000;
const DAY_LENGTH = '2026-12-15'.length;
const MONTH_LENGTH = '2026-12'.length;

export interface Tally {
  add(row: TalliedRow): void;
  result(): Tallied;
}

/**
 * Counts rows at bounded memory.
 * @param weigh how many items a row stands for; once a row has no weight, or when all weights are 0, findings are
 * counted instead
 * @param mostNames of each thing; those that come after them are counted together
 */
export function createTally(weigh: Weigh = itemsOf, mostNames = MOST_NAMES): Tally {
  const counters = THINGS.map((thing) => [thing, createCounter(mostNames)] as const);
  const all = nothing();
  let weighed = true;
  return {
    add(row) {
      const weight = weigh(row);
      weighed &&= weight !== undefined;
      count(all, weight ?? 0);
      for (const [thing, counter] of counters) counter.add(by[thing](row), weight ?? 0);
    },
    result() {
      const inItems = weighed && all.weight > 0;
      const amountOf = ({ findings, weight }: Sum): Amount => ({
        findings,
        value: inItems ? weight : findings,
      });
      const partings = counters.map(([thing, counter]) => [thing, counter.result(amountOf)] as const);
      return {
        unit: inItems ? 'items' : 'findings',
        all: amountOf(all),
        ...(Object.fromEntries(partings) as Record<keyof typeof by, Parting>),
      };
    },
  };
}

const by = {
  codes: ({ code }) => code,
  destinations: ({ destination }) => destination,
  orgs: ({ org }) => org,
  days: ({ at }) => at?.slice(0, DAY_LENGTH),
  months: ({ at }) => at?.slice(0, MONTH_LENGTH),
} as const satisfies Record<string, (row: TalliedRow) => string | undefined>;
const THINGS = Object.keys(by) as (keyof typeof by)[];

/** How many items a row of a summary stands for: its fact of that name. */
function itemsOf({ facts: { items } }: TalliedRow): number | undefined {
  return typeof items === 'number' && Number.isFinite(items) && items >= 0 ? items : undefined;
}

interface Sum {
  findings: number;
  weight: number;
}

const nothing = (): Sum => ({ findings: 0, weight: 0 });

function count(sum: Sum, weight: number): void {
  sum.findings += 1;
  sum.weight += weight;
}

function createCounter(mostNames: number) {
  const sums = new Map<string, Sum>();
  const others = nothing();
  const unsaid = nothing();

  function sumOf(name: string | undefined): Sum {
    if (name === undefined) return unsaid;
    const known = sums.get(name);
    if (known !== undefined) return known;
    if (sums.size >= mostNames) return others;
    const sum = nothing();
    sums.set(name, sum);
    return sum;
  }

  return {
    add: (name: string | undefined, weight: number): void => count(sumOf(name), weight),
    result: (amountOf: (sum: Sum) => Amount): Parting => ({
      slices: [...sums].map(([name, sum]) => ({ name, ...amountOf(sum) })).sort(largestFirst),
      others: amountOf(others),
      unsaid: amountOf(unsaid),
    }),
  };
}

function largestFirst(one: Slice, other: Slice): number {
  return other.value - one.value || other.findings - one.findings || (one.name < other.name ? -1 : 1);
}

/** The largest of a parting, and everything else with a name together. */
export interface Foremost {
  readonly slices: readonly Slice[];
  /** How many names there are besides; at least so many. */
  readonly otherNames: number;
  readonly others: Amount;
}

export function foremost({ slices, others }: Parting, most: number): Foremost {
  const rest = slices.slice(most);
  return {
    slices: slices.slice(0, most),
    otherNames: rest.length + (others.findings > 0 ? 1 : 0),
    others: [...rest, others].reduce(plus),
  };
}

function plus(one: Amount, other: Amount): Amount {
  return { findings: one.findings + other.findings, value: one.value + other.value };
}
