import type { Declaration, Finding } from '../../declarations/index.ts';
import { standing, type ItemEvent } from '../../register/index.ts';
import type { Facts } from '../facts.ts';
import { aboutLine, endsClaim, nameOf } from './check.ts';
import { comesToExporter } from './coming-to-exporter.ts';

/**
 * `claimed-by-another` (warning): another organisation declared the item before this one did, that declaration was
 * neither withdrawn nor refused nor did it expire, and neither a transfer to this exporter nor an arrival in its country
 * was recorded since. Second-hand resale is legitimate. Of two claims only the later is warned about: the one with the
 * higher seq among the item's events.
 */
export function claimedByAnother(facts: Facts): Finding[] {
  const { declaration } = facts;
  return facts.lines.flatMap(({ line, before, declaredSeq }) => {
    const claims = openClaims(before, declaration, declaredSeq);
    if (claims.length === 0) return [];
    const because =
      `Another exporter declared the ${nameOf(facts, line)} earlier, and neither a transfer to this exporter ` +
      `nor an arrival in ${declaration.country} was recorded since.`;
    const evidence = {
      events: claims.map((event) => event.eventId),
      orgs: [...new Set(claims.flatMap((event) => event.org ?? []))],
      declarations: claims.flatMap((event) => event.declarationId ?? []),
    };
    return [aboutLine(line, { code: 'claimed-by-another', level: 'warning', because, evidence })];
  });
}

/** `declared` events of others, below `seq`, that still stand; one declaration counts once. */
function openClaims(before: readonly ItemEvent[], declaration: Declaration, seq: number): ItemEvent[] {
  const claims = new Map<string, ItemEvent>();
  for (const event of standing(before)) {
    const key = event.declarationId ?? event.eventId;
    if (endsClaim(event)) claims.delete(key);
    else if (comesToExporter(event, declaration)) claims.clear();
    else if (event.type === 'declared' && event.org !== declaration.org && event.seq < seq) {
      claims.set(key, event);
    }
  }
  return [...claims.values()];
}
