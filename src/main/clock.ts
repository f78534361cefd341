import { randomFillSync } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import type { Random } from '../kernel/random.ts';

/** A clock set back by less than this stands still until time has caught up; beyond it, the new time is taken. */
const SMALL_STEP_MS = 60_000;

/**
 * The system's clock. Small steps back, as time servers make them, don't show, so that instants stay in order; after
 * a large one the old time was wrong, and nothing depends on the order of instants.
 */
export function systemClock(wall: () => number = Date.now): Clock {
  let last = 0;
  let text = new Date(last).toISOString();
  return {
    now() {
      const present = wall();
      // Asked several times in a millisecond, it writes the instant once.
      if (present > last || present < last - SMALL_STEP_MS) {
        last = present;
        text = new Date(last).toISOString();
      }
      return text;
    },
  };
}

const NONCE_BYTES = 16;

/** The system's randomness, drawn a few thousand bytes at a time. */
export function systemRandom(): Random {
  const pool = Buffer.alloc(256 * NONCE_BYTES);
  let used = pool.length;
  return {
    nonce() {
      if (used === pool.length) {
        randomFillSync(pool);
        used = 0;
      }
      used += NONCE_BYTES;
      return pool.toString('hex', used - NONCE_BYTES, used);
    },
  };
}
