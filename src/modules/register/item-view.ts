import type { Actor } from '../../kernel/actor.ts';
import type { ItemEvent } from './item-event.ts';
import type { ItemWithHead } from './register.ports.ts';

/** An item as the API shows it. */
export function itemView({ item, head }: ItemWithHead) {
  const { itemId, maker, makerName, kind, serial, serialKey, serialFold: _fold, ...rest } = item;
  const { seq: _seq, lastAt: _lastAt, claimedBy: _claimedBy, ...known } = head;
  return { itemId, maker, makerName, kind, serial, serialKey, ...rest, ...known };
}

/**
 * An event as `viewer` may see it. Customs and regulators get it whole, so that they can work out its digest
 * themselves; exporters aren't told which person of another organisation acted.
 */
export function eventView(event: ItemEvent, viewer: Actor): Omit<ItemEvent, 'actor'> & { actor: object } {
  if (viewer.role !== 'exporter' || event.actor.org === viewer.org) return event;
  const { sub: _sub, ...organisation } = event.actor;
  return { ...event, actor: organisation };
}
