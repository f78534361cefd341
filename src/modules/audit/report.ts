import type { Instant } from '../../kernel/clock.ts';
import type { AuditSources } from './sources.ts';

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

/** What an audit can be told; each report says which of it it heeds. */
export interface AuditSettings {
  /** After how many days something counts as overdue, or how far back to look. */
  readonly days?: number;
  /** Code of the regime to hold declarations against. */
  readonly regime?: string;
}

/** A piece of a report. */
export interface Step {
  readonly rows: readonly AuditRow[];
  /** Where to go on after these rows. */
  readonly position: string;
  /** How many records this step read. */
  readonly read: number;
}

/** What a report goes through. */
export type Source = 'items' | 'declarations' | 'lookups';

/** A report over the whole register: reads at constant memory, and finds the same in the same register. */
export interface Report {
  readonly name: string;
  readonly title: string;
  /** Which rows it has and why somebody should look at them. */
  readonly description: string;
  /** Its own columns, in order. */
  readonly columns: readonly string[];
  readonly source: Source;
  /** The settings that it heeds. */
  readonly heeds: readonly (keyof AuditSettings)[];
  /** What holds for those that are left out. */
  readonly defaults: AuditSettings;
  /**
   * From a position that a step gave, or from the beginning. Whatever was found before that position is not found
   * again; the rest is.
   */
  run(sources: AuditSources, settings: AuditSettings, from: string | null): AsyncGenerator<Step, void, void>;
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
