import type { Response } from 'express';
import { MemoryStore } from 'express-rate-limit';
import { Failure } from '../../kernel/failure.ts';

const WINDOW_MS = 60_000;

export interface RateLimiter {
  /**
   * Counts one request of `key` and says so in the answer's headers.
   * @throws Failure `rate-limited`
   */
  count(key: string, response: Response): Promise<void>;
}

/**
 * Requests a minute for each key, counted in this process.
 * Headers as in draft-ietf-httpapi-ratelimit-headers-08.
 * @param perMinute 0: no limit
 */
export function createRateLimiter(name: string, perMinute: number): RateLimiter {
  if (perMinute === 0) return { count: () => Promise.resolve() };
  const store = new MemoryStore();
  // The store reads nothing but the window; its timer keeps no process alive.
  store.init({ windowMs: WINDOW_MS } as Parameters<MemoryStore['init']>[0]);
  const policy = `"${name}";q=${perMinute};w=${WINDOW_MS / 1000}`;
  return {
    async count(key, response) {
      const { totalHits, resetTime } = await store.increment(key);
      const leftMs = resetTime === undefined ? WINDOW_MS : resetTime.getTime() - Date.now();
      const seconds = Math.max(0, Math.ceil(leftMs / 1000));
      response.setHeader('RateLimit-Policy', policy);
      response.setHeader('RateLimit', `"${name}";r=${Math.max(0, perMinute - totalHits)};t=${seconds}`);
      if (totalHits <= perMinute) return;
      const message = `More than ${perMinute} requests in a minute.`;
      throw new Failure('too-many', 'rate-limited', message, { retryAfterSeconds: seconds });
    },
  };
}
