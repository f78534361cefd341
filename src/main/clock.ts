import { randomFillSync } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import type { Random } from '../kernel/random.ts';

/** The system's clock, which never goes back within this process: recorded instants stay in order. */
export function systemClock(): Clock {
  let last = 0;
  let text = new Date(last).toISOString();
  return {
    now() {
      const present = Date.now();
      // Asked several times in a millisecond, it writes the instant once.
      if (present > last) {
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
