import type { Finding } from '../../declarations/index.ts';
import type { Facts } from '../facts.ts';
import { aboutLine, nameOf } from './check.ts';
import { joined } from '../../../kernel/wording.ts';

/**
 * `hs-unlike-kind` (info): an HS code that begins with none of those the catalogue suggests for the kind. No code is
 * specific to presses, so this is never more than a hint.
 */
export function hsUnlikeKind(facts: Facts): Finding[] {
  return facts.lines.flatMap(({ line }) => {
    const suggested = facts.catalogue.suggestHs(line.kind);
    if (line.hs === undefined || suggested.length === 0) return [];
    const digits = line.hs.replaceAll(/\D/g, '');
    if (suggested.some((code) => digits.startsWith(code))) return [];
    const because = `The HS code ${line.hs} is unusual for the ${nameOf(facts, line)}, where ${joined(suggested)} would be expected.`;
    const evidence = { hs: digits, suggested };
    return [aboutLine(line, { code: 'hs-unlike-kind', level: 'info', because, evidence })];
  });
}
