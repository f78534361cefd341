import { UnrecoverableError, Worker } from 'bullmq';
import type { Job } from 'bullmq';
import type { ObjectSchema } from 'joi';
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
  handle(payload: T, run: { readonly id: string; readonly attempt: number }): Promise<void>;
  /** A job was set aside: it is not tried again. */
  onSetAside?(id: string, error: Error): void;
  /** A try failed, another follows; or the connection has trouble. */
  onTrouble?(error: Error): void;
}

export interface JobWorker {
  /** Takes no more jobs and resolves when those under way are done; after `withinMs` it gives them up. */
  close(withinMs?: number): Promise<void>;
}

const LOCK_MS = 30_000;
/** Each stall means that a process died or hung with the job; only a job that keeps killing is set aside. */
const MAX_STALLED = 20;

export function createWorker<T extends object>(options: WorkerOptions<T>): JobWorker {
  const { name, connection, prefix, concurrency, onSetAside, onTrouble } = options;
  const worker = new Worker<T, void>(name, (job) => run(job, options), {
    connection,
    prefix,
    concurrency,
    lockDuration: LOCK_MS,
    maxStalledCount: MAX_STALLED,
  });
  worker.on('error', (error) => onTrouble?.(error));
  worker.on('failed', (job, error) => {
    if (job === undefined || job.finishedOn !== undefined) onSetAside?.(job?.id ?? 'unknown', error);
    else onTrouble?.(error);
  });
  return { close: (withinMs) => closeWithin(worker, withinMs) };
}

async function run<T extends object>(job: Job<T, void>, { schema, handle }: WorkerOptions<T>): Promise<void> {
  const { error, value } = schema.validate(job.data, { convert: false, allowUnknown: false });
  if (error !== undefined) throw new UnrecoverableError(`The payload is not usable: ${error.message}`);
  await handle(value, { id: job.id ?? 'unknown', attempt: job.attemptsMade + 1 });
}

async function closeWithin(worker: Worker, withinMs: number | undefined): Promise<void> {
  const drained = worker.close();
  if (withinMs === undefined) return drained;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), withinMs);
  });
  const outcome = await Promise.race([drained, late]);
  clearTimeout(timer);
  if (outcome === 'late') await worker.disconnect().catch(() => undefined);
}
