import { UnrecoverableError, Worker } from 'bullmq';
import type { Job } from 'bullmq';
import type { ObjectSchema } from 'joi';
import type { Instant } from '../../kernel/clock.ts';
import { withoutCommand } from '../redis/index.ts';
import type { RedisConnection } from '../redis/index.ts';

export interface WorkerOptions<T extends object> {
  /** Made with `connectRedis(url, 'worker')`; the caller closes it. */
  readonly connection: RedisConnection;
  readonly name: string;
  readonly prefix: string;
  /** Jobs at a time. */
  readonly concurrency: number;
  /** What a payload must be; a job with another one is set aside at once. */
  readonly schema: ObjectSchema<T>;
  /**
   * Does the work. It may run twice for one job, even at the same time, when a process hangs for longer than
   * its lock. When it throws, the job is tried again later, until its tries are used up.
   */
  handle(payload: T, run: JobRun): Promise<void>;
  /** A job was set aside: it is not tried again. */
  onSetAside?(id: string, error: Error): void;
  /** A try failed, another follows; or the connection has trouble. */
  onTrouble?(error: Error): void;
}

/** One try of a job. */
export interface JobRun {
  readonly id: string;
  readonly attempt: number;
  /** The instant of the schedule that it is for, where a schedule made it. */
  readonly scheduledFor?: Instant;
}

export interface JobWorker {
  /**
   * Takes no more jobs and resolves when those under way are done, and that is noted in Redis; after `withinMs`
   * (default 10,000) it gives them up. Without Redis it can't be noted, and they run once more later.
   */
  close(withinMs?: number): Promise<void>;
}

/** Renewed at half of it. What a dead process had in hand waits for its end and up to two looks for stalled jobs. */
const LOCK_MS = 10_000;
/** Each stall means that a process died or hung with the job; only a job that keeps killing is set aside. */
const MAX_STALLED = 20;
/** How often jobs are looked for whose lock ran out. */
const STALLED_EVERY_MS = 5000;
const RETRY_MS = 1000;
/** How long an idle worker waits for a job at a time; a second later it gives a connection up that died meanwhile. */
const WAIT_SECONDS = 2;
const CLOSE_WITHIN_MS = 10_000;

export function createWorker<T extends object>(options: WorkerOptions<T>): JobWorker {
  const { name, connection, prefix, concurrency, onSetAside, onTrouble } = options;
  const underWay = new Set<Promise<void>>();
  const tracked = async (job: Job<T, void>): Promise<void> => {
    const work = run(job, options);
    underWay.add(work);
    await work.finally(() => underWay.delete(work));
  };
  const worker = new Worker<T, void>(name, tracked, {
    connection,
    prefix,
    concurrency,
    lockDuration: LOCK_MS,
    maxStalledCount: MAX_STALLED,
    stalledInterval: STALLED_EVERY_MS,
    runRetryDelay: RETRY_MS,
    drainDelay: WAIT_SECONDS,
  });
  worker.on('error', (error) => onTrouble?.(withoutCommand(error)));
  worker.on('failed', (job, error) => {
    if (job === undefined || job.finishedOn !== undefined) onSetAside?.(job?.id ?? 'unknown', error);
    else onTrouble?.(error);
  });
  return {
    async close(withinMs = CLOSE_WITHIN_MS) {
      // Asked to drain, BullMQ waits for a Redis that is away, however long that takes.
      const away = connection.status !== 'ready';
      const drained = away ? worker.close(true).then(() => Promise.allSettled(underWay)) : worker.close();
      if (!(await endsWithin(drained, withinMs))) await worker.getBackend().close(true);
    },
  };
}

async function run<T extends object>(job: Job<T, void>, { schema, handle }: WorkerOptions<T>): Promise<void> {
  const checked = schema.validate(job.data, { convert: false, allowUnknown: false });
  if (checked.error !== undefined) {
    throw new UnrecoverableError(`The payload is not usable: ${checked.error.message}`);
  }
  const { repeatJobKey, opts } = job;
  const instant = repeatJobKey === undefined ? undefined : opts.prevMillis;
  await handle(checked.value, {
    id: job.id ?? 'unknown',
    attempt: job.attemptsMade + 1,
    ...(instant === undefined ? {} : { scheduledFor: new Date(instant).toISOString() }),
  });
}

async function endsWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
