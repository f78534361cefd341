import { setTimeout as delay } from 'node:timers/promises';
import type { RawClient } from './raw-client.ts';

/** What came back of a load, latencies in milliseconds and ascending. */
export interface Outcome {
  readonly seconds: number;
  /** Answered 200; latency from when each was sent, or due. */
  readonly good: readonly number[];
  /** Answered 429 or 503. */
  readonly refused: readonly number[];
  /** Answered otherwise, or not at all. */
  readonly failed: number;
  /** Not sent, because every connection was busy. */
  readonly unsent: number;
}

const ascending = (values: number[]) => values.sort((a, b) => a - b);

/** Each connection sends its next request when the last is answered. */
export async function closedLoop(
  client: RawClient,
  atOnce: number,
  seconds: number,
  next: () => Buffer,
): Promise<Outcome> {
  const tally = createTally();
  const until = performance.now() + seconds * 1_000;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (performance.now() < until) {
        const sentAt = performance.now();
        const status = await new Promise<number>((resolve) => {
          if (!client.send(next(), resolve)) setTimeout(() => resolve(-1), 1);
        });
        tally.note(status, performance.now() - sentAt);
      }
    }),
  );
  return tally.outcome(seconds);
}

/** Requests are due at a fixed rate (Poisson), whether or not earlier ones have been answered. */
export async function openLoopRaw(
  client: RawClient,
  perSecond: number,
  seconds: number,
  next: () => Buffer,
): Promise<Outcome> {
  const tally = createTally();
  const begunAt = performance.now();
  const endsAt = begunAt + seconds * 1_000;
  let dueAt = begunAt;
  let open = 0;
  for (;;) {
    const now = performance.now();
    for (; dueAt <= now && dueAt < endsAt; dueAt += (-Math.log(1 - Math.random()) / perSecond) * 1_000) {
      const sentAt = dueAt;
      open += 1;
      const isSent = client.send(next(), (status) => {
        open -= 1;
        tally.note(status, performance.now() - sentAt);
      });
      if (isSent) continue;
      open -= 1;
      tally.note(-1, 0);
    }
    if (dueAt >= endsAt) break;
    await delay(1);
  }
  for (let waited = 0; open > 0 && waited < 5_000; waited += 10) await delay(10);
  return tally.outcome(seconds);
}

function createTally() {
  const good: number[] = [];
  const refused: number[] = [];
  let failed = 0;
  let unsent = 0;
  return {
    note(status: number, ms: number): void {
      if (status === 200) good.push(ms);
      else if (status === 429 || status === 503) refused.push(ms);
      else if (status === -1) unsent += 1;
      else failed += 1;
    },
    outcome: (seconds: number): Outcome => ({
      seconds,
      good: ascending(good),
      refused: ascending(refused),
      failed,
      unsent,
    }),
  };
}
