import type { VerificationRequests } from '../../../src/modules/declarations/index.ts';
import { ATTEMPTS } from '../../../src/modules/verification/verification.queue.ts';
import type { Chance } from './chance.ts';

export interface Job {
  readonly id: string;
  readonly declarationId: string;
  state: 'waiting' | 'active' | 'over';
  /** Tries that are over. */
  tries: number;
  /** Of the run that holds the job; results of others count for nothing. */
  lock: number;
}

export type JobQueue = ReturnType<typeof createJobQueue>;

/**
 * The queue of checks as `platform/queue` promises it: asking for a job that waits or runs changes nothing, asking for
 * one that is over makes it run again, a job without a living holder is given out anew, in any order. It may lose all.
 */
export function createJobQueue(chance: Chance, losesJob: () => boolean) {
  const jobs = new Map<string, Job>();
  let locks = 0;

  const requests: VerificationRequests = {
    async request(declarationId, attempt) {
      const id = `verify-${declarationId}-${attempt}`;
      const known = jobs.get(id);
      if ((known !== undefined && known.state !== 'over') || losesJob()) return;
      jobs.set(id, { id, declarationId, state: 'waiting', tries: 0, lock: 0 });
    },
  };

  const waiting = (): Job[] => [...jobs.values()].filter(({ state }) => state === 'waiting');

  return {
    requests,
    /** Gives out a job that waits. */
    take(): { job: Job; lock: number; attempt: number } | null {
      const ready = waiting();
      if (ready.length === 0) return null;
      const job = chance.pick(ready);
      locks += 1;
      job.state = 'active';
      job.lock = locks;
      return { job, lock: locks, attempt: job.tries + 1 };
    },
    /** The run that holds this lock is over. */
    finish(job: Job, lock: number, failed: boolean): void {
      if (job.lock !== lock || job.state !== 'active') return;
      job.tries += 1;
      job.state = failed && job.tries < ATTEMPTS ? 'waiting' : 'over';
    },
    /** The holder died, or hangs for longer than its lock is good. */
    stall(job: Job, lock: number): void {
      if (job.lock === lock && job.state === 'active') job.state = 'waiting';
    },
    flush: (): void => jobs.clear(),
    hasWaiting: (): boolean => waiting().length > 0,
  };
}
