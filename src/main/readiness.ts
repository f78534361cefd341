import type { Clock, Instant } from '../kernel/clock.ts';
import { shifted } from '../kernel/clock.ts';
import type { Readiness } from '../platform/http/index.ts';

export interface ReadinessParts {
  /** Writes something small and durable; rejects when nothing can be written. */
  readonly probe: () => Promise<void>;
  readonly isQueueReady: () => boolean;
  readonly clock: Clock;
  /** The registry only answers. */
  readonly readOnly?: boolean;
}

/** Anyone may ask, however often: the store is written to this often at most. */
const PROBE_EVERY_MS = 1_000;

/** Answers whether requests can be served. Without a store that can be written they can't; without a queue, checks wait. */
export function createReadiness({
  probe,
  isQueueReady,
  clock,
  readOnly = false,
}: ReadinessParts): () => Promise<Readiness> {
  let latest: { readonly at: Instant; readonly writable: Promise<boolean> } | undefined;

  return async () => {
    const now = clock.now();
    // After a clock was set back, what was found lies ahead.
    if (latest === undefined || shifted(latest.at, PROBE_EVERY_MS) <= now || latest.at > now) {
      const writable = probe().then(
        () => true,
        () => false,
      );
      latest = { at: now, writable };
    }
    const ready = await latest.writable;
    const queueReady = isQueueReady();
    return {
      ready,
      degraded: !queueReady || readOnly,
      checks: {
        store: ready ? 'ready' : 'cannot be written',
        queue: queueReady ? 'ready' : 'away: checks wait',
        ...(readOnly ? { filing: 'refused: the registry only answers' } : {}),
      },
    };
  };
}
