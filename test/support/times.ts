import { createHash } from 'node:crypto';
import type { Clock, Instant } from '../../src/kernel/clock.ts';
import { shifted } from '../../src/kernel/clock.ts';
import type { Random } from '../../src/kernel/random.ts';

/** When most tests begin. */
export const START: Instant = '2026-11-02T09:00:00.000Z';

/** The instant `ms` milliseconds after `START`. */
export function at(ms: number): Instant {
  return shifted(START, ms);
}

/** A clock that stands still until it is set. */
export interface TestClock extends Clock {
  set(instant: Instant): void;
  pass(ms: number): void;
}

export function createTestClock(start: Instant = START): TestClock {
  let present = start;
  return {
    now: () => present,
    set: (instant) => void (present = instant),
    pass: (ms) => void (present = shifted(present, ms)),
  };
}

/** Random in form, the same for every run with one `seed`. */
export function createSeededRandom(seed = 'seed'): Random {
  let count = 0;
  return {
    nonce() {
      count += 1;
      return createHash('sha256').update(`${seed} ${count}`).digest('hex').slice(0, 32);
    },
  };
}
