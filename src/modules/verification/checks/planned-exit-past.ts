import { DAY_MS, shifted } from '../../../kernel/clock.ts';
import type { Finding } from '../../declarations/index.ts';
import type { Facts } from '../facts.ts';

/** `planned-exit-past` (info): the planned exit was over, anywhere on earth, when the declaration was filed or last amended. */
export function plannedExitPast({ declaration }: Facts): Finding[] {
  const { plannedExit } = declaration.content.consignment;
  const amended = declaration.moves.findLast((move) => move.type === 'amended');
  // Where the day ends last, clocks are 12 hours behind UTC.
  const today = shifted(amended?.recordedAt ?? declaration.filedAt, -DAY_MS / 2).slice(0, 10);
  if (plannedExit >= today) return [];
  const because = `The planned exit, ${plannedExit}, was over when the declaration was ${amended === undefined ? 'filed' : 'last amended'}.`;
  return [{ code: 'planned-exit-past', level: 'info', because, evidence: { plannedExit } }];
}
