import type { Actor } from '../../kernel/actor.ts';
import type { Clock, Instant } from '../../kernel/clock.ts';
import { DAY_MS, shifted } from '../../kernel/clock.ts';
import { isFailure } from '../../kernel/failure.ts';
import type {
  Declaration,
  DeclarationService,
  Finding,
  RequestIdentity,
  Step,
} from '../declarations/index.ts';
import { declarationNumber, outcomeOf } from '../declarations/index.ts';
import { RULE_SET_VERSION, runChecks } from './checks.ts';
import type { FactSources } from './fact-gathering.ts';
import { gatherFacts } from './fact-gathering.ts';

/** While a check runs the relay leaves the declaration alone this long; a hundred times what was measured. */
const CHECK_TAKES_MS = 15_000;
const LINE_TAKES_MS = 10;
const MAX_TRIES = 20;

/** What became of a check: it decided, or found nothing left to decide. */
export type CheckOutcome = 'verified' | 'needs-review' | 'refused' | 'stale';

export type VerificationService = ReturnType<typeof createVerificationService>;

export interface VerificationParts {
  readonly sources: FactSources;
  readonly declarations: DeclarationService;
  readonly clock: Clock;
  /** How long a number is good for, in days. */
  readonly expiryDays: number;
}

/** Checks filed declarations and lets regulators decide what the checks can't. */
export function createVerificationService({ sources, declarations, clock, expiryDays }: VerificationParts) {
  const ruleSet = `${RULE_SET_VERSION}+${sources.catalogue.version}`;

  /**
   * Checks one declaration and decides on it. May run twice, or at once in two places: each run takes an attempt
   * number, and only the latest attempt's result counts; the others end as `stale`.
   */
  async function check(id: string): Promise<CheckOutcome> {
    const begun = await begin(id);
    if (begun === null) return 'stale';
    // If the process ends here, the relay asks for another check.
    const findings = runChecks(await gatherFacts(sources, begun));
    return settle(id, begun.verification.attempt, findings);
  }

  async function begin(id: string): Promise<Declaration | null> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const found = await declarations.store.find(id);
      if (found === null) return null;
      const declaration = await declarations.follow(found);
      if (declaration.state !== 'filed') return null;
      const { verification, version } = declaration;
      const next = {
        ...declaration,
        version: version + 1,
        verification: { ...verification, attempt: verification.attempt + 1 },
        dueAt: shifted(clock.now(), CHECK_TAKES_MS + declaration.content.lines.length * LINE_TAKES_MS),
      };
      if (await declarations.store.replace(declaration, next)) return next;
    }
    return null;
  }

  async function settle(id: string, attempt: number, findings: readonly Finding[]): Promise<CheckOutcome> {
    const state = outcomeOf(findings);
    try {
      await declarations.step(null, id, 'checked', null, (declaration) => {
        if (declaration.verification.attempt !== attempt) throw new StaleAttempt();
        const now = clock.now();
        return {
          move: { state },
          changes: {
            verification: { attempt, findings, ruleSet, checkedAt: now },
            ...(state === 'verified' ? certified(declaration, now) : {}),
          },
        };
      });
      return state;
    } catch (error) {
      if (error instanceof StaleAttempt || isFailure(error, 'illegal-transition')) return 'stale';
      throw error;
    }
  }

  /**
   * Puts a declaration that can't be checked before a regulator, so that it is seen and doesn't wait for ever.
   * @param because what went wrong, in words that may be shown
   */
  async function setAside(id: string, because: string): Promise<CheckOutcome> {
    const found = await declarations.store.find(id);
    if (found === null || found.state !== 'filed') return 'stale';
    return settle(id, found.verification.attempt, [{ code: 'check-failed', level: 'warning', because }]);
  }

  /** A regulator's word on a declaration that needs review. @throws Failure `not-found`, `illegal-transition` */
  function decide(
    actor: Actor,
    id: string,
    decision: 'verified' | 'refused',
    reason: string,
    request: RequestIdentity,
  ): Promise<Step> {
    return declarations.step(actor, id, 'reviewed', request, (declaration) => ({
      move: { state: decision, reason },
      changes: decision === 'verified' ? certified(declaration, clock.now()) : {},
    }));
  }

  function certified(declaration: Declaration, now: Instant): { number: string; expiresAt: Instant } {
    const { country, id, moves } = declaration;
    const amendments = moves.filter((move) => move.type === 'amended').length;
    const number = declarationNumber(country, now.slice(0, 4), id, amendments);
    return { number, expiresAt: shifted(now, expiryDays * DAY_MS) };
  }

  return { check, setAside, decide };
}

/** A newer attempt has taken over. */
class StaleAttempt extends Error {}
