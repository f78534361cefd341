import { Queue } from 'bullmq';
import type { JobsOptions } from 'bullmq';
import { Failure } from '../../kernel/failure.ts';
import type { RedisConnection } from '../redis/index.ts';
import type { Schedule } from './schedules.ts';
import { keepSchedules } from './schedules.ts';

export interface QueueOptions {
  /** Made with `connectRedis(url, 'producer')`; the caller closes it. */
  readonly connection: RedisConnection;
  readonly name: string;
  /** In front of every key in Redis. */
  readonly prefix: string;
  /** How often a job is tried before it is set aside. */
  readonly attempts?: number;
  /** Before the second try; doubles from there, with jitter. */
  readonly backoffMs?: number;
}

/** `id` holds no ":" and is not all digits. */
export interface NewJob<T> {
  readonly id: string;
  readonly payload: T;
}

export interface JobCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  /** Set aside after the last try, or at once when their payload is bad. */
  readonly failed: number;
}

type BullQueue<T> = Queue<T, void, string, T, void, string>;

export interface JobQueue<T extends object> {
  /**
   * Asks for a job. One that waits or runs under this id stays as it is; one that is done or was set aside, and is
   * still kept, runs again: whoever asks knows that its effect is missing.
   * @throws Failure `queue-away` within half a second; the job may or may not be there then
   */
  add(job: NewJob<T>): Promise<void>;
  /** All or, when it fails, any of them. @throws as `add`; may take a millisecond longer for each job */
  addBulk(jobs: readonly NewJob<T>[]): Promise<void>;
  /**
   * Makes the schedules of this queue those that are wanted, and no others; Redis may have lost them. Each adds a job
   * when it is time. @throws Failure `queue-away`
   */
  keepSchedules(wanted: readonly Schedule<T>[]): Promise<void>;
  /** @throws Failure `queue-away` */
  counts(): Promise<JobCounts>;
  close(): Promise<void>;
  /** For tools that show queues. */
  readonly bull: BullQueue<T>;
}

const AWAY_AFTER_MS = 450;
/** A bulk of many jobs takes Redis a while: ten times what was measured, so that work is not mistaken for absence. */
const MS_A_JOB = 1;
/** A few round trips each. */
const MS_A_SCHEDULE = 50;
/** What is kept of finished jobs: enough to look into, bounded whatever the load. */
const KEPT: JobsOptions = { removeOnComplete: { age: 3600, count: 1000 }, removeOnFail: { count: 10_000 } };

export function createQueue<T extends object>(options: QueueOptions): JobQueue<T> {
  const { connection, name, prefix, attempts = 5, backoffMs = 1000 } = options;
  const defaultJobOptions = {
    ...KEPT,
    attempts,
    backoff: { type: 'exponential', delay: backoffMs, jitter: 0.5 },
  };
  // The version check asks Redis once, and when that answer is lost the queue never works again.
  const bull: BullQueue<T> = new Queue(name, {
    connection,
    prefix,
    defaultJobOptions,
    skipVersionCheck: true,
  });
  bull.on('error', () => undefined);
  return {
    bull,
    add: async ({ id, payload }) =>
      present(connection, async () => {
        const state = await bull.getJobState(checkedId(id));
        const isOver = state === 'failed' || state === 'completed';
        if (isOver && (await ranAgain(bull, id, state))) return;
        await bull.add(name, payload, { jobId: id });
      }),
    addBulk: async (jobs) => {
      const all = jobs.map(({ id, payload }) => ({ name, data: payload, opts: { jobId: checkedId(id) } }));
      return present(connection, () => bull.addBulk(all), jobs.length * MS_A_JOB);
    },
    keepSchedules: (wanted) =>
      present(connection, () => keepSchedules(bull, wanted), wanted.length * MS_A_SCHEDULE),
    counts: () => countsOf(bull, connection),
    close: () => bull.close(),
  };
}

/** False when the job is gone, or no longer in that state: somebody else asked for it just now. */
async function ranAgain<T>(bull: BullQueue<T>, id: string, state: 'failed' | 'completed'): Promise<boolean> {
  const job = await bull.getJob(id);
  if (job === undefined) return false;
  try {
    await job.retry(state, { resetAttemptsMade: true });
    return true;
  } catch (error) {
    if ((await bull.getJobState(id)) === state) throw error;
    return false;
  }
}

async function countsOf<T>(bull: BullQueue<T>, connection: RedisConnection): Promise<JobCounts> {
  let found: Record<string, number> = {};
  await present(connection, async () => {
    found = await bull.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed');
  });
  const count = (...states: string[]): number => states.reduce((sum, state) => sum + (found[state] ?? 0), 0);
  return {
    waiting: count('waiting', 'prioritized'),
    active: count('active'),
    delayed: count('delayed'),
    failed: count('failed'),
  };
}

/** Runs `work`, but waits for no Redis that is away or hangs. */
async function present(
  connection: RedisConnection,
  work: () => Promise<unknown>,
  extraMs = 0,
): Promise<void> {
  if (connection.status !== 'ready') throw away();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(away()), AWAY_AFTER_MS + extraMs);
  });
  try {
    await Promise.race([work(), timeout]);
  } catch (error) {
    if (error instanceof Failure || error instanceof RangeError) throw error;
    throw away(error);
  } finally {
    clearTimeout(timer);
  }
}

function away(cause?: unknown): Failure {
  const message = 'The queue of background work is out of reach.';
  return new Failure('unavailable', 'queue-away', message, { cause, retryAfterSeconds: 1 });
}

function checkedId(id: string): string {
  if (id === '' || id.includes(':') || /^\d+$/.test(id))
    throw new RangeError(`a job cannot have the id "${id}"`);
  return id;
}
