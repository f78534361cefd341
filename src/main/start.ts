import type { Config } from '../config/config.ts';
import type { RunningApi } from './api.ts';
import { startApi } from './api.ts';
import { auditScheduleOf } from './audits.ts';
import { createClosers } from './closers.ts';
import { openFoundation } from './foundation.ts';
import { startWorker } from './worker.ts';

/** What a process does: serve requests, run checks, or both. The relay runs in whichever has its lease. */
export const ROLES = ['all', 'api', 'worker'] as const;
export type ProcessRole = (typeof ROLES)[number];

const DRAIN_MS = 10_000;
/** Where other processes can take over, those in front of them get the time to notice; alone, there is nobody to turn to. */
const GRACE_MS: Readonly<Record<ProcessRole, number>> = { all: 0, api: 2_000, worker: 0 };

/** A registry, or the part of one, that is at work. */
export interface Running {
  /** Null where nothing is served. */
  readonly api: RunningApi | null;
  /** Stops within about ten seconds after the grace: takes nothing new, finishes what is under way. */
  close(): Promise<void>;
}

export interface StartOptions {
  /** By default `all`. */
  readonly role?: ProcessRole;
  /** Check every answer against its description: for tests. */
  readonly verifyAnswers?: boolean;
  /** A file descriptor or file for the log; standard output when left out. */
  readonly logTo?: number | string;
}

/**
 * Opens everything and starts what the role asks for.
 * @throws Error of one sentence when something can't be used; what was opened by then is closed again
 */
export async function startRegistry(config: Config, options: StartOptions = {}): Promise<Running> {
  const { role = 'all', verifyAnswers = false, logTo } = options;
  refuseAlone(role, config);
  auditScheduleOf(config);
  const closers = createClosers();
  try {
    const foundation = await openFoundation(config, logTo, closers);
    if (role !== 'api' && !config.readOnly) startWorker(foundation, config, DRAIN_MS, closers);
    const graceMs = config.shutdownGraceMs ?? GRACE_MS[role];
    const api =
      role === 'worker'
        ? null
        : await startApi(foundation, config, { graceMs, drainMs: DRAIN_MS, verifyAnswers }, closers);
    return { api, close: () => closers.closeAll() };
  } catch (error) {
    await closers.closeAll().catch(() => undefined);
    throw error;
  }
}

/** Processes that share the work must share store and queue. */
function refuseAlone(role: ProcessRole, { databaseUrl, redisUrl, readOnly }: Config): void {
  if (role === 'worker' && readOnly) {
    throw new Error('A worker has nothing to do while READ_ONLY is true.');
  }
  if (role === 'all' || (databaseUrl !== undefined && redisUrl !== undefined)) return;
  throw new Error(
    `"${role}" shares its work with other processes: set DATABASE_URL to a MongoDB and REDIS_URL to a Redis that all of them use, or run everything in one process with "npm start".`,
  );
}
