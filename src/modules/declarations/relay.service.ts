import type { Clock, Instant } from '../../kernel/clock.ts';
import { shifted } from '../../kernel/clock.ts';
import { isFailure } from '../../kernel/failure.ts';
import type { DeclarationStore, VerificationRequests } from './declaration.ports.ts';
import type { Declaration } from './declaration.ts';
import { CHECK_AGAIN_AFTER_MS } from './declaration.ts';
import type { DeclarationService } from './declaration.service.ts';

const BATCH = 200;
/** So many are worked on side by side: enough to hide waiting, few enough that requests get their turn. */
const AT_ONCE = 8;
/** After a failure a declaration is left alone this long. */
const TRY_AGAIN_AFTER_MS = 30_000;
/** The same while queue or store are out of reach or full, which says nothing about the declaration. */
const ASK_AGAIN_WHEN_AWAY_MS = 5_000;

export interface RelayParts {
  readonly store: DeclarationStore;
  readonly declarations: DeclarationService;
  readonly verification: VerificationRequests;
  readonly clock: Clock;
}

/** One run: what was done, what went wrong, and whether there is any use in asking for checks. */
interface Round {
  handled: number;
  readonly errors: unknown[];
  queueAway: boolean;
}

/** Rolls forward what a crash, a full disk or an absent queue left undone, and lets unused numbers expire. */
export function createRelay({ store, declarations, verification, clock }: RelayParts) {
  /**
   * Works through what is due until `stopped()` or nothing is left.
   * One that fails doesn't keep the others; its error is returned, once all have had their turn. When the queue turns
   * out to be away, no more checks are asked for in this run.
   */
  async function run(stopped: () => boolean): Promise<{ handled: number; errors: unknown[] }> {
    const round: Round = { handled: 0, errors: [], queueAway: false };
    for (;;) {
      const ids = await store.due(clock.now(), BATCH);
      const waiting = [...ids];
      const work = async (): Promise<void> => {
        for (let id = waiting.shift(); id !== undefined && !stopped(); id = waiting.shift()) {
          await rollForward(id, round).catch((error: unknown) => round.errors.push(error));
          round.handled += 1;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      const { handled, errors } = round;
      // A round that was not full was all there is; what is due again at once waits for the next run.
      if (ids.length < BATCH || errors.length > 0 || stopped()) return { handled, errors };
    }
  }

  async function rollForward(id: string, round: Round): Promise<void> {
    const found = await store.find(id);
    if (found === null) return;
    const now = clock.now();
    try {
      if (found.pending.length > 0) {
        await declarations.follow(found);
      } else if (found.state === 'filed') {
        await askAgain(found, now, round);
      } else if (found.state === 'verified' && (found.expiresAt ?? '9999') <= now) {
        await expire(id, now);
      } else {
        await store.postpone(
          found,
          found.state === 'verified' && found.expiresAt !== undefined ? found.expiresAt : null,
        );
      }
    } catch (error) {
      const isAway = isFailure(error) && (error.kind === 'unavailable' || error.kind === 'storage-full');
      await store.postpone(found, shifted(now, isAway ? ASK_AGAIN_WHEN_AWAY_MS : TRY_AGAIN_AFTER_MS));
      throw error;
    }
  }

  async function askAgain(filed: Declaration, now: Instant, round: Round): Promise<void> {
    if (round.queueAway) return store.postpone(filed, shifted(now, ASK_AGAIN_WHEN_AWAY_MS));
    try {
      await verification.request(filed.id, filed.verification.attempt);
    } catch (error) {
      round.queueAway ||= isFailure(error, 'queue-away');
      throw error;
    }
    await store.postpone(filed, shifted(now, CHECK_AGAIN_AFTER_MS));
  }

  /** Unless at the last moment it left, was withdrawn, or was amended and verified anew. */
  async function expire(id: string, now: Instant): Promise<void> {
    try {
      await declarations.step(null, id, 'expired', null, ({ expiresAt }) => {
        if ((expiresAt ?? '9999') > now) throw new VerifiedAnew();
        return { move: { state: 'expired' } };
      });
    } catch (error) {
      if (!(error instanceof VerifiedAnew) && !isFailure(error, 'illegal-transition')) throw error;
    }
  }

  return { run };
}

/** It has a later expiry by now. */
class VerifiedAnew extends Error {}
