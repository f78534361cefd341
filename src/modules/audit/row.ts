import type { Instant } from '../../kernel/clock.ts';

export type Fact = string | number | boolean;

/** Ids of the records that show what a row says; of each kind at most 100, `more` counts those left out. */
export interface Evidence {
  readonly items?: readonly string[];
  readonly events?: readonly string[];
  readonly declarations?: readonly string[];
  readonly lookups?: readonly string[];
  readonly more?: number;
}

/** One thing that a report found. */
export interface AuditRow {
  /** Names what was found: the same whenever the same is found again, and of no other row of the report. */
  readonly key: string;
  readonly code: string;
  /** A sentence for people. */
  readonly because: string;
  /** When it came about. */
  readonly at?: Instant;
  /** The organisation it is about. */
  readonly org?: string;
  /** ISO 3166-1 alpha-2 of the country that the goods are or were bound for. */
  readonly destination?: string;
  /** What the report's own columns hold. */
  readonly facts: Readonly<Record<string, Fact | undefined>>;
  readonly evidence: Evidence;
}

/** A piece of a report. */
export interface Step {
  readonly rows: readonly AuditRow[];
  /** Where to go on after these rows. */
  readonly position: string;
  /** How many records this step read. */
  readonly read: number;
}

const MOST_IDS = 100;

/** Evidence with each list cut to 100 ids. */
export function evidenceOf(lists: Omit<Evidence, 'more'>): Evidence {
  let more = 0;
  const cut = Object.entries(lists).flatMap(([kind, ids]: [string, readonly string[]]) => {
    const each = [...new Set(ids)];
    more += Math.max(0, each.length - MOST_IDS);
    return each.length === 0 ? [] : [[kind, each.slice(0, MOST_IDS)] as const];
  });
  return { ...Object.fromEntries(cut), ...(more === 0 ? {} : { more }) };
}
