import type { Finding } from '../../declarations/index.ts';
import { isIncident } from '../../register/index.ts';
import type { Facts } from '../facts.ts';
import { aboutLine, nameOf } from './check.ts';

/**
 * `same-serial-incident` (warning): another item of the very same serial, whatever its maker and kind, is recorded as
 * lost, stolen, seized or destroyed. The same serial under two makers is normal, and so is a wrong maker on the right
 * serial (domain: a wrong make doesn't rule a match out): a person has to compare. Which item it is, only the evidence
 * says.
 */
export function sameSerialIncident(facts: Facts): Finding[] {
  return facts.lines.flatMap(({ line, sameSerial }) => {
    const gone = sameSerial.filter(({ head }) => isIncident(head.status));
    if (gone.length === 0) return [];
    const because =
      `Another item, of the same serial as the ${nameOf(facts, line)} but of another maker or kind, is recorded as ` +
      'lost, stolen, seized or destroyed.';
    const evidence = {
      items: gone.map(({ item }) => item.itemId),
      makers: gone.map(({ item }) => item.maker),
      kinds: gone.map(({ item }) => item.kind),
      statuses: gone.map(({ head }) => head.status),
    };
    return [aboutLine(line, { code: 'same-serial-incident', level: 'warning', because, evidence })];
  });
}
