import { junkReason } from '../../../kernel/junk-serial.ts';
import type { Finding } from '../../declarations/index.ts';
import type { Facts } from '../facts.ts';
import { aboutLine, nameOf } from './check.ts';

/**
 * `junk-serial` (block): a serial that can't be one, such as `0000` or `N/A`. Marks that the registry issued are
 * left alone.
 */
export function junkSerial(facts: Facts): Finding[] {
  return facts.lines.flatMap(({ line }) => {
    const reason = line.assignedMark ? null : junkReason(line.serial);
    if (reason === null) return [];
    const because = `The serial of the ${nameOf(facts, line)} can't be a serial number: ${reason}.`;
    return [aboutLine(line, { code: 'junk-serial', level: 'block', because, evidence: { reason } })];
  });
}
