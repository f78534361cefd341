import { Failure } from './failure.ts';

/** An ISO 8601 instant in UTC with milliseconds, so that text order is time order. */
export type Instant = string;

/** The only way to learn the time inside modules. */
export interface Clock {
  now(): Instant;
}

export const DAY_MS = 86_400_000;

/** `instant` moved by `ms` milliseconds (negative: earlier). */
export function shifted(instant: Instant, ms: number): Instant {
  return new Date(Date.parse(instant) + ms).toISOString();
}

const INSTANT_LENGTH = '2026-12-15T08:30:00.000Z'.length;
const TIMES_OF_DAY = { start: 'T00:00:00.000Z', end: 'T23:59:59.999Z' };

/**
 * An ISO 8601 instant with `Z` or an offset, of any precision, in the one form that is stored: UTC, milliseconds.
 * @param field for the failure's sake
 * @param ofDay which instant of it a date alone stands for, in UTC; without this a date alone is refused
 * @throws Failure `invalid` for a day that no calendar has, such as 31 February
 */
export function normalisedInstant(text: string, field: string, ofDay?: 'start' | 'end'): Instant {
  const isDate = text.length === '2026-12-15'.length;
  const whole = isDate && ofDay !== undefined ? text + TIMES_OF_DAY[ofDay] : text;
  const date = new Date(whole);
  if ((!isDate || ofDay !== undefined) && isDay(text.slice(0, 10)) && !Number.isNaN(date.getTime())) {
    const instant = date.toISOString();
    // An offset can lead out of the years of four digits, whose text order is time order.
    if (instant.length === INSTANT_LENGTH) return instant;
  }
  const faults = [{ field, code: 'no-such-day', message: 'is a day that no calendar has.' }];
  throw new Failure('invalid', 'invalid', 'One field is wrong.', { faults });
}

/** True for an ISO 8601 date that the calendar has. */
export function isDay(date: string): boolean {
  const midnight = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date);
}

/** Clocks of different machines may be apart by this much. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** @throws Failure `invalid` when something is said to have happened that lies ahead */
export function refuseFuture(occurredAt: Instant, now: Instant): void {
  if (occurredAt <= shifted(now, CLOCK_TOLERANCE_MS)) return;
  const faults = [{ field: 'occurredAt', code: 'in-the-future', message: 'lies in the future.' }];
  throw new Failure('invalid', 'in-the-future', 'What has not happened yet can not be recorded.', { faults });
}
