import type { Finding } from '../../declarations/index.ts';
import { standing, type ItemEvent } from '../../register/index.ts';
import type { Facts } from '../facts.ts';
import { aboutLine, nameOf } from './check.ts';

/**
 * `fitted-to-two-presses` (warning): declared as part of one press while recorded as fitted to another, with no
 * removal since. What a withdrawn declaration said about it doesn't count.
 */
export function fittedToTwoPresses(facts: Facts): Finding[] {
  return facts.lines.flatMap(({ line, before, otherPress }) => {
    const fitted = line.pressId === undefined ? undefined : fittedLast(before);
    const pressId = fitted?.detail['pressId'];
    if (fitted === undefined || typeof pressId !== 'string' || pressId === line.pressId) return [];
    const because = `The ${nameOf(facts, line)} is recorded as fitted to another press, and no removal from it is recorded.`;
    const evidence = {
      events: [fitted.eventId],
      press: pressId,
      orgs: [fitted.org ?? fitted.actor.org],
      ...(otherPress?.itemId === pressId ? { pressSerial: otherPress.serial } : {}),
    };
    return [aboutLine(line, { code: 'fitted-to-two-presses', level: 'warning', because, evidence })];
  });
}

function fittedLast(before: readonly ItemEvent[]): ItemEvent | undefined {
  let fittings: ItemEvent[] = [];
  for (const event of standing(before)) {
    if (event.type === 'fitted') fittings.push(event);
    else if (event.type === 'removed') fittings = [];
    else if (event.type === 'withdrawn' && event.declarationId !== undefined) {
      fittings = fittings.filter((fitting) => fitting.declarationId !== event.declarationId);
    }
  }
  return fittings.at(-1);
}
