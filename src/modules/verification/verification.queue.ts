import { isFailure } from '../../kernel/failure.ts';
import type { JobQueue, JobWorker, NewJob } from '../../platform/queue/index.ts';
import { createQueue, createWorker } from '../../platform/queue/index.ts';
import type { RedisConnection } from '../../platform/redis/index.ts';
import type { VerificationRequests } from '../declarations/index.ts';
import type { VerificationJob } from './verification.schema.ts';
import { jobShape } from './verification.schema.ts';
import type { VerificationService } from './verification.service.ts';

const NAME = 'verification';
const PREFIX = 'ppr';
/** How often a job is tried before it is set aside. */
export const ATTEMPTS = 5;
/** Doubles from try to try, with jitter. */
const FIRST_RETRY_AFTER_MS = 1_000;
/** So many requests are remembered while the queue is away; beyond it, the relay makes them. */
const MAX_MISSED = 10_000;
/** So many are made at a time once it is back. */
const AT_ONCE = 500;

export type VerificationQueue = VerificationRequests & { readonly jobs: JobQueue<VerificationJob> };

/**
 * Asks for checks through Redis. One attempt of one declaration is one job, so asking again while it waits does
 * nothing, and asking after it was lost makes it anew. What was asked for while the queue was away is asked for again
 * as soon as it shows that it is back; whoever asked is told of the failure all the same, for this process may not live to see it.
 */
export function createVerificationQueue(
  connection: RedisConnection,
  backoffMs = FIRST_RETRY_AFTER_MS,
): VerificationQueue {
  const jobs = createQueue<VerificationJob>({
    connection,
    name: NAME,
    prefix: PREFIX,
    attempts: ATTEMPTS,
    backoffMs,
  });
  const missed = new Map<string, NewJob<VerificationJob>>();
  connection.on('ready', () => void requestMissed());

  async function requestMissed(): Promise<void> {
    const all = [...missed.values()];
    missed.clear();
    for (let from = 0; from < all.length; from += AT_ONCE) {
      // What fails once more is left to the relay.
      await jobs.addBulk(all.slice(from, from + AT_ONCE)).catch(() => undefined);
    }
  }

  return {
    jobs,
    async request(declarationId, attempt) {
      const job = { id: `verify-${declarationId}-${attempt}`, payload: { declarationId } };
      try {
        await jobs.add(job);
        if (missed.size > 0) void requestMissed();
      } catch (error) {
        if (isFailure(error, 'queue-away') && missed.size < MAX_MISSED) missed.set(job.id, job);
        throw error;
      }
    },
  };
}

export interface VerificationWorkerParts {
  readonly connection: RedisConnection;
  readonly verification: VerificationService;
  readonly concurrency: number;
  readonly onTrouble: (error: Error) => void;
}

/** Runs checks. */
export function createVerificationWorker({
  connection,
  verification,
  concurrency,
  onTrouble,
}: VerificationWorkerParts): JobWorker {
  return createWorker<VerificationJob>({
    connection,
    name: NAME,
    prefix: PREFIX,
    concurrency,
    schema: jobShape,
    handle: (job, { attempt }) => handleJob(verification, job, attempt),
    onTrouble,
    onSetAside: (id, error) => onTrouble(new Error(`the job ${id} was set aside`, { cause: error })),
  });
}

function isPassing(error: unknown): boolean {
  return isFailure(error) && (error.kind === 'unavailable' || error.kind === 'storage-full');
}

/**
 * One try of a job. What still fails at the last one is put before a regulator, so that nothing waits unseen; unless it
 * was the store that could not be reached or written, which says nothing about a declaration: the relay asks again.
 */
export async function handleJob(
  verification: VerificationService,
  { declarationId }: VerificationJob,
  attempt: number,
): Promise<void> {
  try {
    await verification.check(declarationId);
  } catch (error) {
    if (attempt >= ATTEMPTS && !isPassing(error)) {
      await verification.setAside(
        declarationId,
        `The checks could not be completed in ${ATTEMPTS} tries; a person has to decide.`,
      );
    }
    throw error;
  }
}
