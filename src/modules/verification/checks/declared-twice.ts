import type { Declaration, Finding } from '../../declarations/index.ts';
import { standing, type ItemEvent } from '../../register/index.ts';
import type { Facts } from '../facts.ts';
import { aboutLine, endsClaim, nameOf } from './check.ts';

/**
 * `declared-twice` (warning): the same exporter declared the item before, in another declaration that is still open:
 * not withdrawn, expired or refused, and its goods have not left. Once they have, `exported-not-returned` takes over.
 * Of two declarations only the later is warned about: the one whose claim has the higher seq among the item's events.
 */
export function declaredTwice(facts: Facts): Finding[] {
  const { declaration } = facts;
  return facts.lines.flatMap(({ line, before, declaredSeq }) => {
    const open = openDeclarations(before, declaration, declaredSeq);
    if (open.length === 0) return [];
    const because = `The ${nameOf(facts, line)} stands in another declaration of this exporter, which is still open.`;
    const evidence = {
      events: open.map((event) => event.eventId),
      declarations: open.flatMap((event) => event.declarationId ?? []),
    };
    return [aboutLine(line, { code: 'declared-twice', level: 'warning', because, evidence })];
  });
}

/** The `declared` events of the exporter's other declarations, below `seq`, that nothing later has closed. */
function openDeclarations(before: readonly ItemEvent[], { org }: Declaration, seq: number): ItemEvent[] {
  const open = new Map<string, ItemEvent>();
  for (const event of standing(before)) {
    const { declarationId } = event;
    if (declarationId === undefined || event.org !== org) continue;
    if (closes(event)) open.delete(declarationId);
    else if (event.type === 'declared' && event.seq < seq) open.set(declarationId, event);
  }
  return [...open.values()];
}

function closes(event: ItemEvent): boolean {
  return endsClaim(event) || event.type === 'exited' || event.type === 'not-shipped';
}
