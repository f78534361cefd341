import type { Finding } from '../../declarations/index.ts';
import type { Facts } from '../facts.ts';
import { aboutLine, nameOf } from './check.ts';
import { quoted } from './wording.ts';

/** `press-unknown` (warning): the serial in `partOf` names no machine of the declaration or the register, or several. */
export function pressUnknown(facts: Facts): Finding[] {
  return facts.lines.flatMap(({ line }) => {
    if (line.partOf === undefined || line.pressId !== undefined) return [];
    const because = `The press ${quoted(line.partOf)} that the ${nameOf(facts, line)} is said to belong to isn't known, or isn't the only one of that serial.`;
    const evidence = { partOf: line.partOf };
    return [aboutLine(line, { code: 'press-unknown', level: 'warning', because, evidence })];
  });
}
