import type { Instant } from '../../kernel/clock.ts';
import type { Declaration, DeclarationState } from './declaration.ts';

export type InsertOutcome =
  | { readonly outcome: 'inserted' }
  /** Another declaration of this organisation holds the idempotency key or the reference. */
  | { readonly outcome: 'key-taken' | 'reference-taken'; readonly holder: Declaration };

export interface DeclarationQuery {
  /** Only this organisation's. */
  readonly org?: string;
  readonly state?: DeclarationState;
  /** Only the one that holds this number. */
  readonly number?: string;
  /** Filed at this instant or later. */
  readonly since?: Instant;
  /** The last one of the page before: its filedAt and id. */
  readonly after?: { readonly filedAt: Instant; readonly id: string };
  readonly limit: number;
}

/** A declaration in a list: without its lines, which can be thousands. */
export interface DeclarationSummary extends Pick<
  Declaration,
  'id' | 'org' | 'reference' | 'state' | 'filedAt' | 'number'
> {
  readonly itemCount: number;
}

/** What an organisation declared on one day (UTC), by kind; `loose` counts parts that belong to no declared press. */
export interface DayVolume {
  readonly day: string;
  readonly items: number;
  readonly looseByKind: Readonly<Record<string, number>>;
}

/**
 * Declarations as deciding records: each method reads or writes one of them at a time, atomically. When one fails its
 * outcome is unknown. An engine that repeats a write by itself may lose to its own first try: whoever is told that
 * another was first looks whether that other is itself.
 */
export interface DeclarationStore {
  /** Decides a filing. Unique: (org, idempotency key) and (org, reference). Durable on return. */
  insert(declaration: Declaration): Promise<InsertOutcome>;
  /**
   * Replaces `previous` by `next` when the stored version is still `previous.version`.
   * False, with nothing changed, when someone else was first. Durable on return.
   */
  replace(previous: Declaration, next: Declaration): Promise<boolean>;
  /** Sets when the relay looks again, if the stored version is still this one; the version stays. */
  postpone(declaration: Declaration, dueAt: Instant | null): Promise<void>;
  find(id: string): Promise<Declaration | null>;
  /** The one that this organisation filed under this idempotency key. */
  findByKey(org: string, idempotencyKey: string): Promise<Declaration | null>;
  /** In order of filing, then id. */
  list(query: DeclarationQuery): Promise<DeclarationSummary[]>;
  /** Ids of declarations due at `now` or before, the longest due first. */
  due(now: Instant, limit: number): Promise<string[]>;
  /**
   * What `org` declared since then, a day each, over its latest `limit` declarations in that time, apart from
   * `exceptId` and from what was withdrawn or refused.
   */
  volumes(query: { org: string; since: Instant; exceptId: string; limit: number }): Promise<DayVolume[]>;
  /** How many wait to be checked, and since when the oldest of them. */
  backlog(): Promise<{ readonly filed: number; readonly oldestFiledAt: Instant | null }>;
  /** How many there are; may be an estimate on a large register. */
  count(): Promise<number>;
  /**
   * Whole records after the one of this id, in order of id. Large ones make a page shorter than `limit`; only at the
   * end it is empty.
   */
  page(afterId: string | null, limit: number): Promise<Declaration[]>;
  /**
   * Keeps records of a copy of this register as they are. One that is there gives way to a later version, and takes
   * from the same version when the relay looks again; an earlier one changes nothing, nor does one whose reference or
   * key another declaration holds. Durable on return.
   */
  adopt(declarations: readonly Declaration[]): Promise<void>;
}

/** A filing that was turned away, kept so that both sides can find out why. */
export interface RefusedFiling {
  readonly id: string;
  readonly org: string;
  readonly sub: string;
  readonly at: Instant;
  readonly reference: string | null;
  readonly code: string;
  readonly faults: readonly { readonly field: string; readonly code: string; readonly message: string }[];
  /** The body as sent, JSON, cut at 64 KiB. */
  readonly body: string;
}

export interface RefusedFilingStore {
  /** Keeps it, once; of each organisation the latest 1,000 are kept. Durable on return. */
  add(refused: RefusedFiling): Promise<void>;
  /** Latest first. */
  list(query: { org?: string; after?: { at: Instant; id: string }; limit: number }): Promise<RefusedFiling[]>;
  /** How many there are; may be an estimate on a large register. */
  count(): Promise<number>;
}

/** Plugged in by `main`: asks for a declaration to be checked. May fail or be lost; the relay asks again. */
export interface VerificationRequests {
  request(declarationId: string, attempt: number): Promise<void>;
}
