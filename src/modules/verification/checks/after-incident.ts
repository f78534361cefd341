import type { Finding, FindingLevel } from '../../declarations/index.ts';
import { standing, type EventType } from '../../register/index.ts';
import type { Facts } from '../facts.ts';
import { aboutLine, nameOf } from './check.ts';

const INCIDENTS = [
  { type: 'destroyed', code: 'after-destroyed', level: 'block', words: 'destroyed' },
  { type: 'lost', code: 'after-lost', level: 'block', words: 'lost' },
  { type: 'stolen', code: 'after-stolen', level: 'block', words: 'stolen' },
  { type: 'seized', code: 'after-seized', level: 'warning', words: 'seized' },
] as const satisfies readonly { type: EventType; code: string; level: FindingLevel; words: string }[];

/**
 * `after-destroyed`, `after-lost`, `after-stolen` (block), `after-seized` (warning): the item is recorded so, and no
 * correction says that this was wrong. Later paperwork doesn't lift it.
 */
export function afterIncident(facts: Facts): Finding[] {
  return facts.lines.flatMap(({ line, before }) => {
    const events = standing(before);
    return INCIDENTS.flatMap(({ type, code, level, words }) => {
      const incidents = events.filter((event) => event.type === type);
      if (incidents.length === 0) return [];
      const because = `The ${nameOf(facts, line)} is recorded as ${words}, and no correction of that is recorded.`;
      const evidence = {
        events: incidents.map((event) => event.eventId),
        occurredAt: incidents.map((event) => event.occurredAt),
        recordedBy: [...new Set(incidents.map((event) => event.actor.org))],
      };
      return [aboutLine(line, { code, level, because, evidence })];
    });
  });
}
