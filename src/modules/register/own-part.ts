import type { ItemEvent } from './item-event.ts';
import { headOf } from './item-head.ts';
import type { Item } from './item.ts';
import type { ItemRecord } from './register.ports.ts';

/**
 * An item as the exporter `org` knows it: its own part of the history, and what that adds up to; null where it has
 * none.
 */
export function ownPart(item: Item, history: readonly ItemEvent[], org: string): ItemRecord | null {
  const events = history.filter((event) => event.org === org);
  return events.length === 0 ? null : { item: asDeclared(item, events), head: headOf(events), events };
}

/** The item without what another exporter registered about it. */
function asDeclared(item: Item, own: readonly ItemEvent[]): Item {
  if (own.some((event) => event.type === 'registered')) return item;
  const { model: _model, stations: _stations, year: _year, ...open } = item;
  return { ...open, registeredAt: own[0]?.recordedAt ?? item.registeredAt };
}
