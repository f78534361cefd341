import type { Declaration, Finding, Line } from '../../declarations/index.ts';
import { standing, type ItemEvent } from '../../register/index.ts';
import type { Facts } from '../facts.ts';
import { endsClaim } from './check.ts';
import { comesToExporter } from './coming-to-exporter.ts';
import { linesNamed, quoted } from '../../../kernel/wording.ts';

/**
 * `press-of-another` (warning): `partOf` names a registered press that is not in the declaration, of which this exporter
 * has no declaration that stands, and that was neither transferred to it nor recorded as arrived in its country. One
 * finding a press, naming the lines. A press whose history wasn't gathered is left alone.
 */
export function pressOfAnother(facts: Facts): Finding[] {
  const { declaration, pressHistories } = facts;
  return [...linesByPress(facts)].flatMap(([pressId, lines]) => {
    const history = pressHistories.get(pressId);
    const [first] = lines;
    if (history === undefined || first === undefined || isInReach(history, declaration)) return [];
    const numbers = lines.map(({ line }) => line);
    const because =
      `The press ${quoted(first.partOf ?? first.serial)}, named on ${linesNamed(numbers)}, is registered, but this exporter has no ` +
      `declaration of it that stands, and neither a transfer of it to this exporter nor its arrival in ${declaration.country} is recorded.`;
    const evidence = {
      press: pressId,
      lines: numbers,
      orgs: [...new Set(history.flatMap((event) => event.org ?? []))],
    };
    const alone = lines.length === 1 ? { line: first.line, itemId: first.itemId } : {};
    return [{ code: 'press-of-another', level: 'warning', ...alone, because, evidence }];
  });
}

function linesByPress({ lines, presses }: Facts): Map<string, Line[]> {
  const byPress = new Map<string, Line[]>();
  for (const { line } of lines) {
    if (line.pressId === undefined || !presses.has(line.pressId)) continue;
    const others = byPress.get(line.pressId);
    if (others === undefined) byPress.set(line.pressId, [line]);
    else others.push(line);
  }
  return byPress;
}

function isInReach(history: readonly ItemEvent[], declaration: Declaration): boolean {
  const claims = new Set<string>();
  for (const event of standing(history)) {
    if (comesToExporter(event, declaration)) return true;
    if (event.org !== declaration.org) continue;
    const key = event.declarationId ?? event.eventId;
    if (endsClaim(event)) claims.delete(key);
    else if (event.type === 'declared') claims.add(key);
  }
  return claims.size > 0;
}
