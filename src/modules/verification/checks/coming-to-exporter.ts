import type { Declaration } from '../../declarations/index.ts';
import type { ItemEvent } from '../../register/index.ts';
import { countryOf } from '../../register/index.ts';

/**
 * True when the event puts the item into this exporter's hands or reach: a transfer to its organisation, or an
 * arrival in its country, after which a resale is as good as any. An arrival without a place was where the officer is.
 */
export function comesToExporter(
  event: ItemEvent,
  { org, country }: Pick<Declaration, 'org' | 'country'>,
): boolean {
  if (event.type === 'transferred') return event.detail['toOrg'] === org;
  return event.type === 'arrived' && countryOf(event) === country;
}
