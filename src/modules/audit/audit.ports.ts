import type { Instant } from '../../kernel/clock.ts';
import type { AuditRun } from './audit-run.ts';

export type RunReplaceOutcome =
  | 'replaced'
  /** Someone else was first; nothing changed. */
  | 'overtaken';

/** Runs as records: each method reads or writes one of them at a time, atomically. When one fails its outcome is unknown. */
export interface AuditRunStore {
  /** Keeps a new one; one that is there under its id stays as it is. Durable on return. */
  insert(run: AuditRun): Promise<void>;
  /** Replaces `previous` by `next` when the stored version is still `previous.version`. Durable on return. */
  replace(previous: AuditRun, next: AuditRun): Promise<RunReplaceOutcome>;
  find(id: string): Promise<AuditRun | null>;
  /** Latest first. */
  list(query: {
    readonly report?: string;
    readonly after?: { readonly createdAt: Instant; readonly id: string };
    readonly limit: number;
  }): Promise<AuditRun[]>;
  /** The latest of a series; with `completed`, the latest that was completed. */
  latest(series: string, status?: 'completed'): Promise<AuditRun | null>;
  /** Ids of runs due at `now` or before, the longest due first. */
  due(now: Instant, limit: number): Promise<string[]>;
  /** How many there are; may be an estimate. */
  count(): Promise<number>;
  /** Those after the one of this id, in order of id. */
  page(afterId: string | null, limit: number): Promise<AuditRun[]>;
  /** Keeps records of a copy of this register as they are; one that is there gives way to a later version. */
  adopt(runs: readonly AuditRun[]): Promise<void>;
}

/** `found`: rows of the report, in its order. `gone`: rows of the run before that are there no more. */
export type RunPartKind = 'found' | 'gone';

export interface RunPartKey {
  readonly runId: string;
  /** Which attempt wrote it, so that two that run at once don't mix. */
  readonly attempt: number;
  readonly kind: RunPartKind;
  /** From 1 on. */
  readonly no: number;
}

/** Some rows of a run, as JSON; about a megabyte at most. */
export interface RunPart extends RunPartKey {
  readonly content: string;
}

/** The rows of runs, in parts. */
export interface AuditRunParts {
  /** Keeps parts; one that is there stays as it is. Durable on return. */
  add(parts: readonly RunPart[]): Promise<void>;
  find(key: RunPartKey): Promise<RunPart | null>;
  /** Takes away the parts of a run that attempts before this one wrote. */
  drop(runId: string, beforeAttempt: number): Promise<void>;
  /** How many there are; may be an estimate. */
  count(): Promise<number>;
  /** Those after the one of this key, in order of run, attempt, kind and number. */
  page(after: RunPartKey | null, limit: number): Promise<RunPart[]>;
}
