import type { Finding } from '../../declarations/index.ts';
import type { Facts } from '../facts.ts';
import { aboutLine, mistypedIn, nameOf } from './check.ts';

/**
 * `similar-maker`: another registered item has the same serial and kind under a maker that may be this one, otherwise
 * spelt. A warning, but an info where that item is a line that this declaration registered and then dropped. What the
 * other item is, only the evidence says.
 */
export function similarMaker(facts: Facts): Finding[] {
  const isMistyped = mistypedIn(facts.declaration);
  return facts.lines.flatMap(({ line, sameSerial }) => {
    const others = sameSerial.filter(
      ({ item }) =>
        item.kind === line.kind &&
        item.maker !== line.makerKey &&
        facts.catalogue.makersAlike(item.maker, line.makerKey),
    );
    if (others.length === 0) return [];
    const because = `Another ${nameOf(facts, line)} is registered under a maker whose name is much like this one's.`;
    const evidence = {
      items: others.map(({ item }) => item.itemId),
      makers: others.map(({ item }) => item.maker),
    };
    const level = others.every(isMistyped) ? 'info' : 'warning';
    return [aboutLine(line, { code: 'similar-maker', level, because, evidence })];
  });
}
