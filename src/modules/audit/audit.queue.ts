import type { Instant } from '../../kernel/clock.ts';
import type { JobQueue, JobWorker } from '../../platform/queue/index.ts';
import { createQueue, createWorker } from '../../platform/queue/index.ts';
import type { RedisConnection } from '../../platform/redis/index.ts';
import type { AuditRun } from './audit-run.ts';
import type { AuditJob } from './audit-run.schema.ts';
import { auditJobShape } from './audit-run.schema.ts';

const NAME = 'audits';
const PREFIX = 'ppr';
const ATTEMPTS = 5;
/** Doubles from try to try, with jitter: a run is long, and what stands in its way passes in minutes. */
const FIRST_RETRY_AFTER_MS = 30_000;
/** Each is a pass over the whole register. */
const AT_ONCE = 1;

export interface AuditQueue {
  readonly jobs: JobQueue<AuditJob>;
  /** Asks for a job that works on this attempt of a run. @throws Failure `queue-away` */
  request(run: Pick<AuditRun, 'id' | 'attempt'>): Promise<void>;
  /** Makes the schedule what it should be, for these reports and no others. @throws Failure `queue-away` */
  keepSchedule(schedule: AuditSchedule): Promise<void>;
}

export interface AuditSchedule {
  /** Cron expression in UTC; null: nothing is scheduled. */
  readonly cron: string | null;
  readonly reports: readonly string[];
}

/** Asks for runs through Redis, at once or by a schedule that it keeps. Whatever it forgets is in the store. */
export function createAuditQueue(connection: RedisConnection, backoffMs = FIRST_RETRY_AFTER_MS): AuditQueue {
  const jobs = createQueue<AuditJob>({
    connection,
    name: NAME,
    prefix: PREFIX,
    attempts: ATTEMPTS,
    backoffMs,
  });
  return {
    jobs,
    request: ({ id, attempt }) => jobs.add({ id: `audit-${id}-${attempt}`, payload: { runId: id } }),
    keepSchedule: ({ cron, reports }) =>
      jobs.keepSchedules(
        cron === null ? [] : reports.map((report) => ({ id: `audit-${report}`, cron, payload: { report } })),
      ),
  };
}

export interface AuditWorkerParts {
  readonly connection: RedisConnection;
  /** The run of a report for this instant of the schedule; null when there is none. */
  readonly scheduled: (report: string, instant: Instant) => Promise<string | null>;
  readonly work: (runId: string) => Promise<void>;
  readonly onTrouble: (error: Error) => void;
}

/** Works on runs, one at a time. */
export function createAuditWorker({ connection, scheduled, work, onTrouble }: AuditWorkerParts): JobWorker {
  return createWorker<AuditJob>({
    connection,
    name: NAME,
    prefix: PREFIX,
    concurrency: AT_ONCE,
    schema: auditJobShape,
    async handle(job, { scheduledFor }) {
      if ('runId' in job) return work(job.runId);
      // A job without an instant is none of the schedule's: somebody made it by hand.
      const id = scheduledFor === undefined ? null : await scheduled(job.report, scheduledFor);
      if (id !== null) await work(id);
    },
    onTrouble,
    onSetAside: (id, error) => onTrouble(new Error(`the job ${id} was set aside`, { cause: error })),
  });
}
