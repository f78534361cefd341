import { CronExpressionParser } from 'cron-parser';
import type { Queue } from 'bullmq';
import type { Instant } from '../../kernel/clock.ts';

/** A job that comes again and again. */
export interface Schedule<T> {
  readonly id: string;
  /** Five fields, in UTC. */
  readonly cron: string;
  readonly payload: T;
}

const TIME_ZONE = 'UTC';
const FIELDS = 5;

/**
 * Makes the schedules of a queue those that are wanted. One that is as it should be is left alone, and so is its job
 * that waits; one whose next job is missing is made anew.
 */
export async function keepSchedules<T>(
  bull: Queue<T, void, string, T, void, string>,
  wanted: readonly Schedule<T>[],
): Promise<void> {
  const there = await bull.getJobSchedulers(0, -1, true);
  for (const { key } of there) {
    if (!wanted.some(({ id }) => id === key)) await bull.removeJobScheduler(key);
  }
  for (const { id, cron, payload } of wanted) {
    const found = there.find(({ key }) => key === id);
    const isAsWanted = found?.pattern === cron && found.tz === TIME_ZONE;
    if (isAsWanted && (await bull.getJob(jobId(id, found.next))) !== undefined) continue;
    await bull.upsertJobScheduler(id, { pattern: cron, tz: TIME_ZONE }, { name: bull.name, data: payload });
  }
}

/** BullMQ's own name of the next job of a schedule. */
function jobId(id: string, next: number | undefined): string {
  return `repeat:${id}:${next}`;
}

/** The last instant of a schedule at this time or before. @throws Error when `cron` is no cron expression of five fields */
export function lastInstant(cron: string, now: Instant): Instant {
  if (cron.trim().split(/\s+/).length !== FIELDS) throw new Error('a cron expression has five fields');
  // What comes before the next millisecond may be now.
  const currentDate = new Date(Date.parse(now) + 1);
  return CronExpressionParser.parse(cron, { tz: TIME_ZONE, currentDate }).prev().toDate().toISOString();
}
