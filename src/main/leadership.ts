import { setTimeout as delay } from 'node:timers/promises';
import type { Lease, LeaseStore } from '../kernel/lease.ts';

/** Whether this process may do what only one may do. */
export interface Leadership {
  /** False from the moment on at which another process might have taken over. */
  holds(): boolean;
  /** Gives the lease back. */
  close(): Promise<void>;
}

export interface LeadershipParts {
  readonly leases: LeaseStore;
  readonly name: string;
  /** Another one for each process. */
  readonly holder: string;
  readonly onError: (error: unknown) => void;
  /** How often a holder shows that it lives, and others look. */
  readonly beatMs?: number;
  /** A lease that hasn't beaten for this long is taken over. */
  readonly silenceMs?: number;
  /** A clock that only goes forward, in milliseconds. */
  readonly monotonic?: () => number;
}

const BEAT_MS = 1_000;
const SILENCE_MS = 5_000;

/** Of processes where only one can be, this one. */
export const ALONE: Leadership = { holds: () => true, close: () => Promise.resolve() };

/**
 * Competes for a lease for as long as it is open. A holder counts its time from before it sent its last beat, a rival
 * from after it saw it, so two never hold the lease at once, however far their clocks are apart. A process that was
 * stopped in between and wakes up finds that its time is over; what it then still has under way is refused by the
 * version that each write of a record expects.
 */
export function competeForLease(parts: LeadershipParts): Leadership {
  const { leases, name, holder, onError, beatMs = BEAT_MS, silenceMs = SILENCE_MS } = parts;
  const monotonic = parts.monotonic ?? (() => performance.now());
  const stop = new AbortController();
  let held: Lease | null = null;
  let heldUntil = 0;
  let seen: Lease | null = null;
  let seenAt = -Infinity;

  const done = (async () => {
    while (!stop.signal.aborted) {
      const sentAt = monotonic();
      try {
        held = held === null ? await tryToTake() : await leases.renew(held);
        if (held !== null) heldUntil = sentAt + silenceMs - beatMs;
      } catch (error) {
        // Whether the beat was written is unknown: as somebody else's it is waited for like any other.
        held = null;
        onError(error);
      }
      await delay(beatMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })();

  async function tryToTake(): Promise<Lease | null> {
    const found = await leases.read(name);
    const isFree = found === null || found.holder === '';
    if (!isFree && !isAlike(found, seen)) {
      seen = found;
      seenAt = monotonic();
      return null;
    }
    return isFree || monotonic() - seenAt >= silenceMs ? leases.take(name, holder, found) : null;
  }

  return {
    holds: () => held !== null && monotonic() < heldUntil,
    async close() {
      stop.abort();
      await done;
      // Once the store has it back a rival may hold it, before the answer comes.
      const last = held;
      held = null;
      if (last !== null) await leases.release(last).catch(onError);
    },
  };
}

function isAlike(one: Lease, other: Lease | null): boolean {
  return other !== null && one.token === other.token && one.beat === other.beat;
}
