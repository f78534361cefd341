import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { AuditRun, RunPart } from '../audit/index.ts';
import type { Declaration, RefusedFiling } from '../declarations/index.ts';
import type { Import, PartKey } from '../imports/index.ts';
import type { LookupLogEntry } from '../lookup/index.ts';
import type { ItemRecord } from '../register/index.ts';

/** What a register holds: a kind of record each. */
export interface Records {
  readonly declarations: Declaration;
  readonly items: ItemRecord;
  readonly refusedFilings: RefusedFiling;
  readonly lookups: LookupLogEntry;
  readonly imports: Import;
  readonly importParts: ImportPartRecord;
  readonly auditRuns: AuditRun;
  readonly auditRunParts: RunPart;
}

/** A part of an import as JSON. */
export interface ImportPartRecord extends PartKey {
  readonly base64: string;
}
export type Kind = keyof Records;

/**
 * In the order in which they are read. Declarations decide and the events of items follow: a copy that is made while
 * the register works may hold an event too many for its declarations, which doing the step again finds known. The
 * other way round it would lack events that nobody records again.
 */
export const KINDS = [
  'declarations',
  'items',
  'refusedFilings',
  'lookups',
  'imports',
  'importParts',
  'auditRuns',
  'auditRunParts',
] as const satisfies readonly Kind[];

/** Records to be copied or compared: of a live store or of an archive. */
export interface RecordSource {
  /** The register whose records these are. */
  readonly registerId: string;
  /** How many there are; may be an estimate. */
  count(kind: Kind): Promise<number>;
  /** All of a kind, in order of their keys; no page is empty, and none larger than memory bears. */
  pages<K extends Kind>(kind: K): AsyncIterable<readonly Records[K][]>;
  /** True when nothing was written to it since it was opened; false also where nobody can tell. */
  isUnchanged(): Promise<boolean>;
}

/** Where records are copied to. */
export interface RecordTarget extends RecordSource {
  /** Keeps records unless as much of them is there; idempotent. Durable on return. */
  adopt<K extends Kind>(kind: K, records: readonly Records[K][]): Promise<void>;
}

const KEYS: { readonly [K in Kind]: (record: Records[K]) => string } = {
  declarations: ({ id }) => id,
  items: ({ item }) => item.itemId,
  refusedFilings: ({ at, id }) => `${at} ${id}`,
  lookups: ({ at, lookupId }) => `${at} ${lookupId}`,
  imports: ({ id }) => id,
  importParts: ({ importId, kind, no }) => `${importId} ${kind} ${String(no).padStart(16, '0')}`,
  auditRuns: ({ id }) => id,
  auditRunParts: ({ runId, attempt, kind, no }) => `${runId} ${padded(attempt)} ${kind} ${padded(no)}`,
};

function padded(no: number): string {
  return String(no).padStart(10, '0');
}

/** What a record is named by, and its place among those of its kind. */
export function keyOf<K extends Kind>(kind: K, record: Records[K]): string {
  return KEYS[kind](record);
}

/** Whether the key `one` comes before `other`. Refused filings are read the latest first. */
export function isBefore(kind: Kind, one: string, other: string): boolean {
  return kind === 'refusedFilings' ? one > other : one < other;
}

/** A record as it is digested and archived: the same text for the same content, whatever keeps it. */
export function textOf<K extends Kind>(kind: K, record: Records[K]): string {
  try {
    return canonicalJson(record);
  } catch (cause) {
    throw new Error(`The record ${keyOf(kind, record)} can not be written as JSON.`, { cause });
  }
}
