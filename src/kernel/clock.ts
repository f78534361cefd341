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

/** A valid ISO 8601 instant in UTC, of any precision, in the one form that is stored. */
export function normalisedInstant(text: string): Instant {
  return new Date(text).toISOString();
}
