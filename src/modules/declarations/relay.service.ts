import type { Clock, Instant } from '../../kernel/clock.ts';
import { shifted } from '../../kernel/clock.ts';
import { isFailure } from '../../kernel/failure.ts';
import type { DeclarationStore, VerificationRequests } from './declaration.ports.ts';
import { CHECK_AGAIN_AFTER_MS } from './declaration.ts';
import type { DeclarationService } from './declaration.service.ts';

const BATCH = 200;
/** After a failure a declaration is left alone this long. */
const TRY_AGAIN_AFTER_MS = 30_000;

export interface RelayParts {
  readonly store: DeclarationStore;
  readonly declarations: DeclarationService;
  readonly verification: VerificationRequests;
  readonly clock: Clock;
}

/** Rolls forward what a crash, a full disk or an absent queue left undone, and lets unused numbers expire. */
export function createRelay({ store, declarations, verification, clock }: RelayParts) {
  /**
   * Works through what is due, one declaration after the other, until `stopped()` or nothing is left.
   * One that fails doesn't keep the others; its error is returned, once all have had their turn.
   */
  async function run(stopped: () => boolean): Promise<{ handled: number; errors: unknown[] }> {
    let handled = 0;
    const errors: unknown[] = [];
    for (;;) {
      const ids = await store.due(clock.now(), BATCH);
      for (const id of ids) {
        if (stopped()) return { handled, errors };
        await rollForward(id).catch((error: unknown) => errors.push(error));
        handled += 1;
      }
      // A round that was not full was all there is; what is due again at once waits for the next run.
      if (ids.length < BATCH || errors.length > 0) return { handled, errors };
    }
  }

  async function rollForward(id: string): Promise<void> {
    const found = await store.find(id);
    if (found === null) return;
    const now = clock.now();
    try {
      if (found.pending.length > 0) {
        await declarations.follow(found);
      } else if (found.state === 'filed') {
        await verification.request(id, found.verification.attempt);
        await store.postpone(found, shifted(now, CHECK_AGAIN_AFTER_MS));
      } else if (found.state === 'verified' && (found.expiresAt ?? '9999') <= now) {
        await expire(id, now);
      } else {
        await store.postpone(
          found,
          found.state === 'verified' && found.expiresAt !== undefined ? found.expiresAt : null,
        );
      }
    } catch (error) {
      await store.postpone(found, shifted(now, TRY_AGAIN_AFTER_MS));
      throw error;
    }
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
