import type { Clock } from '../../src/kernel/clock.ts';
import { DAY_MS, shifted } from '../../src/kernel/clock.ts';
import type { DeclarationService } from '../../src/modules/declarations/index.ts';
import { declarationNumber } from '../../src/modules/declarations/index.ts';

export interface CleanCheckParts {
  readonly declarations: DeclarationService;
  readonly clock: Clock;
  readonly expiryDays: number;
  /** As real checks name it. */
  readonly ruleSet: string;
}

/**
 * Settles a declaration as a check that finds nothing does - attempt begun, verified, number given - without running
 * the checks. Only for declarations that are known to be clean; a test runs the real checks over a sample of them.
 */
export function createCleanCheck({ declarations, clock, expiryDays, ruleSet }: CleanCheckParts) {
  return async (id: string): Promise<void> => {
    const filed = await declarations.store.find(id);
    if (filed === null) throw new Error(`declaration ${id} was not filed`);
    const attempt = filed.verification.attempt + 1;
    const begun = { ...filed, version: filed.version + 1, verification: { ...filed.verification, attempt } };
    if (!(await declarations.store.replace(filed, begun)))
      throw new Error(`declaration ${id} changed meanwhile`);
    const now = clock.now();
    await declarations.step(null, id, 'checked', null, () => ({
      move: { state: 'verified' },
      changes: {
        verification: { attempt, findings: [], ruleSet, checkedAt: now },
        number: declarationNumber(filed.country, now.slice(0, 4), id),
        expiresAt: shifted(now, expiryDays * DAY_MS),
      },
    }));
  };
}
