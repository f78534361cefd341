import { serialKey } from '../../../kernel/serial.ts';
import type { Finding, Line } from '../../declarations/index.ts';
import type { Facts } from '../facts.ts';
import { aboutLine, nameOf } from './check.ts';
import { quoted } from '../../../kernel/wording.ts';

/** `press-unknown` (warning): the serial in `partOf` names no machine of the declaration or the register, or several. */
export function pressUnknown(facts: Facts): Finding[] {
  return facts.lines.flatMap(({ line }) => {
    if (line.partOf === undefined || line.pressId !== undefined) return [];
    const machines = facts.machinesNamed.get(serialKey(line.partOf)) ?? 0;
    const because = `The ${nameOf(facts, line)} is said to belong to the press ${quoted(line.partOf)}, ${fault(facts, line, line.partOf, machines)}.`;
    const evidence = { partOf: line.partOf, machines };
    return [aboutLine(line, { code: 'press-unknown', level: 'warning', because, evidence })];
  });
}

function fault({ catalogue }: Facts, line: Line, partOf: string, machines: number): string {
  if (machines === 0) return 'but no machine of that serial is declared here or registered';
  if (machines > 1)
    return 'but several machines carry that serial, and the maker does not tell which is meant';
  const isItself = catalogue.machineKinds.includes(line.kind) && serialKey(line.serial) === serialKey(partOf);
  return isItself ? 'which is itself' : 'which was registered only afterwards';
}
