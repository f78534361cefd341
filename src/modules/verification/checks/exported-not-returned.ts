import type { Declaration, Finding } from '../../declarations/index.ts';
import { standing, type ItemEvent } from '../../register/index.ts';
import type { Facts } from '../facts.ts';
import { aboutLine, nameOf } from './check.ts';
import { comesToExporter } from './coming-to-exporter.ts';

/**
 * `exported-not-returned` (warning): the item left under another declaration, and since then nothing says that it
 * wasn't shipped, arrived in this exporter's country or was transferred to this exporter.
 */
export function exportedNotReturned(facts: Facts): Finding[] {
  const { declaration } = facts;
  return facts.lines.flatMap(({ line, before }) => {
    const exits = openExits(before, declaration);
    if (exits.length === 0) return [];
    const because =
      `The ${nameOf(facts, line)} is recorded as exported, and nothing recorded since says that it wasn't shipped, ` +
      `came to ${declaration.country} or was transferred to this exporter.`;
    const evidence = {
      events: exits.map((event) => event.eventId),
      orgs: [...new Set(exits.flatMap((event) => event.org ?? []))],
      declarations: exits.flatMap((event) => event.declarationId ?? []),
    };
    return [aboutLine(line, { code: 'exported-not-returned', level: 'warning', because, evidence })];
  });
}

function openExits(before: readonly ItemEvent[], declaration: Declaration): ItemEvent[] {
  const exits = new Map<string, ItemEvent>();
  for (const event of standing(before)) {
    const key = event.declarationId ?? event.eventId;
    if (event.type === 'exited') exits.set(key, event);
    else if (event.type === 'not-shipped') exits.delete(key);
    else if (comesToExporter(event, declaration)) exits.clear();
  }
  return [...exits.values()];
}
