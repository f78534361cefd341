import type { JobQueue, JobWorker } from '../../platform/queue/index.ts';
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

export type VerificationQueue = VerificationRequests & { readonly jobs: JobQueue<VerificationJob> };

/**
 * Asks for checks through Redis. One attempt of one declaration is one job, so asking again while it waits does
 * nothing, and asking after it was lost makes it anew.
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
  return {
    jobs,
    request: (declarationId, attempt) =>
      jobs.add({ id: `verify-${declarationId}-${attempt}`, payload: { declarationId } }),
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

/** One try of a job. What still fails at the last one is put before a regulator, so that nothing waits unseen. */
export async function handleJob(
  verification: VerificationService,
  { declarationId }: VerificationJob,
  attempt: number,
): Promise<void> {
  try {
    await verification.check(declarationId);
  } catch (error) {
    if (attempt >= ATTEMPTS) {
      await verification.setAside(
        declarationId,
        `The checks could not be completed in ${ATTEMPTS} tries; a person has to decide.`,
      );
    }
    throw error;
  }
}
