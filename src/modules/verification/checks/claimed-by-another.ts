import type { Instant } from '../../../kernel/clock.ts';
import type { Declaration, Finding } from '../../declarations/index.ts';
import { standing, type ItemEvent } from '../../register/index.ts';
import type { Facts } from '../facts.ts';
import { aboutLine, addedAt, nameOf } from './check.ts';
import { comesToExporter } from './coming-to-exporter.ts';

/**
 * `claimed-by-another` (warning): another organisation declared the item before this one did, hasn't withdrawn it,
 * and neither a transfer to this exporter nor an arrival in its country was recorded since. Second-hand resale is
 * legitimate. Of two claims only the later is warned about; of two at the same instant, both.
 */
export function claimedByAnother(facts: Facts): Finding[] {
  const { declaration } = facts;
  const added = addedAt(declaration);
  return facts.lines.flatMap(({ line, before }) => {
    const claims = openClaims(before, declaration, added(line));
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

/** `declared` events of others up to `until` that still stand; one declaration counts once. */
function openClaims(before: readonly ItemEvent[], declaration: Declaration, until: Instant): ItemEvent[] {
  const claims = new Map<string, ItemEvent>();
  for (const event of standing(before)) {
    const key = event.declarationId ?? event.eventId;
    if (event.type === 'withdrawn') claims.delete(key);
    else if (comesToExporter(event, declaration)) claims.clear();
    else if (event.type === 'declared' && event.org !== declaration.org && event.recordedAt <= until) {
      claims.set(key, event);
    }
  }
  return [...claims.values()];
}
