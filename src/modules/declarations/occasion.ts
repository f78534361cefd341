import type { Instant } from '../../kernel/clock.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Declaration } from './declaration.ts';

/** What customs tell of an exit or an arrival. `place` is a UN/LOCODE. */
export interface Occasion {
  readonly occurredAt?: Instant;
  readonly place?: string;
  readonly reason?: string;
}

/** `2026-12-15T08:30:00`: people give instants in whole seconds, so these are compared. */
const TO_THE_SECOND = 19;

/** @throws Failure `before-filing` when goods are said to have moved before they were declared */
export function refuseBeforeFiling({ filedAt }: Declaration, { occurredAt }: Occasion): void {
  if (occurredAt === undefined) return;
  if (occurredAt.slice(0, TO_THE_SECOND) >= filedAt.slice(0, TO_THE_SECOND)) return;
  const message = `lies before the filing at ${filedAt}.`;
  throw new Failure('invalid', 'before-filing', 'Goods can not have moved before they were declared.', {
    faults: [{ field: 'occurredAt', code: 'before-filing', message }],
  });
}
