import type { Actor } from '../../kernel/actor.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { Instant } from '../../kernel/clock.ts';
import { derivedId } from '../../kernel/derived-id.ts';
import type { AuditSettings } from './report.ts';
import type { AuditRow } from './row.ts';

/** `waiting`: it will be run; `running`; `completed`; `failed`: given up. */
export const RUN_STATUSES = ['waiting', 'running', 'completed', 'failed'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** What a run found, and how that differs from the run before. */
export interface RunFindings {
  /** All rows of the report, kept or not. */
  readonly rows: number;
  /** How many of them, from the first on, are kept. */
  readonly kept: number;
  /** Rows that the run before didn't have; of a first run, all. */
  readonly newRows: number;
  /** Rows that the run before had and this one doesn't. */
  readonly goneRows: number;
  readonly parts: PartsOfRun;
}

/** The parts that hold the rows of a run, each kind numbered from 1. */
export interface PartsOfRun {
  readonly found: number;
  readonly gone: number;
  /** Those of `found` that hold a new row. */
  readonly withNew: readonly number[];
}

/** One run of a report whose rows are kept. The record tells how far it has come; one write of it decides its end. */
export interface AuditRun extends RunFindings {
  readonly id: string;
  readonly report: string;
  /** With what holds where nothing was asked for. */
  readonly settings: AuditSettings;
  /** Report and settings: a run is compared with the one before of its series. */
  readonly series: string;
  /** The instant of the schedule that it is for; not of one that somebody asked for. */
  readonly scheduledFor?: Instant;
  /** Who asked for it. */
  readonly by?: Actor;
  readonly version: number;
  /** Grows by one each time somebody begins it; parts of another attempt than this don't count. */
  readonly attempt: number;
  /** How often it failed for a reason that nobody expected. */
  readonly tries: number;
  readonly status: RunStatus;
  readonly createdAt: Instant;
  readonly startedAt?: Instant;
  readonly finishedAt?: Instant;
  /** The run it is compared with. */
  readonly previous?: PreviousRun;
  /** A sentence for people about what it came to; empty before its end. */
  readonly because: string;
  /** Since when its rows are no longer kept. */
  readonly discardedAt?: Instant;
  /** When it should be looked at; null when nothing is outstanding. */
  readonly dueAt: Instant | null;
}

export interface PreviousRun {
  readonly id: string;
  readonly startedAt: Instant;
  /** True when not all of its rows were kept: a row counts as new then that may have been there. */
  readonly truncated: boolean;
}

/** A row that is kept. */
export interface KeptRow extends AuditRow {
  readonly isNew: boolean;
}

/** So many rows of a run are kept, and compared with those of the next. */
export const MOST_KEPT = 100_000;
/** The longest that nothing is heard of a run before somebody else begins it anew. */
const SILENT_MS = 3 * 60_000;

const NO_FINDINGS: RunFindings = {
  rows: 0,
  kept: 0,
  newRows: 0,
  goneRows: 0,
  parts: { found: 0, gone: 0, withNew: [] },
};

/** What runs have in common that are compared with each other. */
export function seriesOf(report: string, settings: AuditSettings): string {
  return `${report} ${canonicalJson(settings)}`;
}

/** The id of the run for one instant of the schedule: however often it is asked for, it is one run. */
export function scheduledRunId(series: string, scheduledFor: Instant): string {
  return derivedId('aud', series, 'scheduled', scheduledFor);
}

/** The id of the run that somebody asks for after the run of this id, or as the first: two who ask at once get one. */
export function requestedRunId(series: string, latestId: string | undefined): string {
  return derivedId('aud', series, 'requested', latestId ?? '');
}

type New = Pick<AuditRun, 'id' | 'report' | 'settings' | 'series' | 'createdAt'> &
  Partial<Pick<AuditRun, 'scheduledFor' | 'by'>>;

/** A run that waits to be begun. */
export function newRun(facts: New): AuditRun {
  return {
    ...NO_FINDINGS,
    ...facts,
    version: 1,
    attempt: 0,
    tries: 0,
    status: 'waiting',
    because: '',
    dueAt: facts.createdAt,
  };
}

/** The run with these changes, one version further. */
export function changed(
  before: AuditRun,
  changes: Partial<Omit<AuditRun, 'id' | 'series' | 'version' | 'createdAt'>>,
): AuditRun {
  return { ...before, ...changes, version: before.version + 1 };
}

/** The run as somebody begins it, with nothing of what an earlier attempt found. */
export function begun(before: AuditRun, previous: AuditRun | null, now: Instant): AuditRun {
  const { previous: _previous, ...rest } = before;
  return {
    ...changed(rest, { ...NO_FINDINGS, status: 'running', attempt: before.attempt + 1, startedAt: now }),
    ...(previous === null ? {} : { previous: previousOf(previous) }),
    dueAt: stillHeardOf(now),
  };
}

function previousOf({ id, startedAt, createdAt, rows, kept }: AuditRun): PreviousRun {
  return { id, startedAt: startedAt ?? createdAt, truncated: kept < rows };
}

/** When a run that is heard of `now` is next to be looked at. */
export function stillHeardOf(now: Instant): Instant {
  return new Date(Date.parse(now) + SILENT_MS).toISOString();
}

/** The run at its end, due once more so that what it needs no more is taken away. */
export function completed(before: AuditRun, findings: RunFindings, now: Instant): AuditRun {
  const because = summaryOf(before, findings);
  return changed(before, { ...findings, status: 'completed', finishedAt: now, because, dueAt: now });
}

export function failed(before: AuditRun, because: string, now: Instant): AuditRun {
  return changed(before, { ...NO_FINDINGS, status: 'failed', finishedAt: now, because, dueAt: now });
}

/** True when nothing of it is going to change but that its rows are taken away one day. */
export function isOver({ status }: AuditRun): boolean {
  return status === 'completed' || status === 'failed';
}

function summaryOf({ previous }: AuditRun, { rows, kept, newRows, goneRows }: RunFindings): string {
  const cut = kept < rows ? ` Only the first ${kept} of ${rows} rows are kept.` : '';
  if (previous === undefined) return `The first run: ${rows} ${rows === 1 ? 'row' : 'rows'}.${cut}`;
  const { startedAt, truncated } = previous;
  const caution = truncated
    ? ' The run before kept only its first rows, so some that count as new may have been there.'
    : '';
  return `${newRows} new, ${goneRows} gone since ${startedAt}.${cut}${caution}`;
}
