import type { Instant } from '../../kernel/clock.ts';
import type { Verdict } from './lookup.ts';

/** One look-up, as it is logged before it is answered. */
export interface LookupLogEntry {
  readonly lookupId: string;
  readonly at: Instant;
  readonly sub: string;
  readonly org: string;
  readonly role: string;
  readonly country: string;
  readonly serial: string;
  readonly maker?: string;
  readonly kind?: string;
  readonly case?: string;
  readonly verdict: Verdict;
  /** The items that were shown, best first. */
  readonly itemIds: readonly string[];
}

export interface LookupLogQuery {
  readonly org?: string;
  readonly case?: string;
  readonly since?: Instant;
  /** Looked up at this instant or earlier. */
  readonly until?: Instant;
  readonly after?: { readonly at: Instant; readonly lookupId: string };
  readonly limit: number;
}

/** The look-up log: append-only. */
export interface LookupLog {
  /**
   * Durable on return; an entry that is there already stays as it is, so that a write whose outcome is unknown can be
   * repeated. Entries given at the same time may share one disk sync.
   */
  add(entry: LookupLogEntry): Promise<void>;
  /** In order of time, then id. */
  list(query: LookupLogQuery): Promise<LookupLogEntry[]>;
  count(): Promise<number>;
}
