import type { Finding } from '../../declarations/index.ts';
import type { Facts } from '../facts.ts';
import { aboutLine, nameOf } from './check.ts';

/** `duplicate-line` (block): the same item - maker, kind and serial - on a second line of the declaration. */
export function duplicateLine(facts: Facts): Finding[] {
  const firstLines = new Map<string, number>();
  return facts.lines.flatMap(({ line }) => {
    const first = firstLines.get(line.itemId);
    if (first === undefined) {
      firstLines.set(line.itemId, line.line);
      return [];
    }
    const because = `The ${nameOf(facts, line)} of this maker is on line ${first} already.`;
    return [
      aboutLine(line, { code: 'duplicate-line', level: 'block', because, evidence: { firstLine: first } }),
    ];
  });
}
