import type { EventDraft, EventType, Item, ItemHead, ItemEvent } from '../../src/modules/register/index.ts';
import { createItem } from '../../src/modules/register/index.ts';
import { sealed } from '../../src/modules/register/item-event.ts';
import { advance, EMPTY_HEAD } from '../../src/modules/register/item-head.ts';
import type { Entry } from '../../src/modules/register/register.ports.ts';
import { createSeededRandom, START } from './times.ts';

const random = createSeededRandom('items');

export const CUSTOMS = { sub: 'officer-1', org: 'au-border', role: 'customs', country: 'AU' } as const;

export function itemWith(facts: Partial<Omit<Item, 'itemId' | 'serialKey' | 'serialFold'>> = {}): Item {
  return createItem({
    maker: 'ptk',
    makerName: 'PTK',
    kind: 'press',
    serial: 'ZP33-2025-00417',
    assignedMark: false,
    registeredAt: START,
    ...facts,
  });
}

let drafts = 0;

/** A draft of its own event id, unless `facts` give one. */
export function draftWith(itemId: string, type: EventType, facts: Partial<EventDraft> = {}): EventDraft {
  drafts += 1;
  return {
    eventId: `evt_${String(drafts)}`,
    itemId,
    type,
    occurredAt: START,
    recordedAt: START,
    actor: CUSTOMS,
    detail: {},
    ...facts,
  };
}

/** The draft in its place after `head`. */
export function entryAfter(head: ItemHead, draft: EventDraft): Entry {
  const event = sealed(draft, head.seq + 1, random.nonce());
  return { event, head: advance(head, event) };
}

/** Entries that follow one another, from an item's beginning. */
export function chain(drafts: readonly EventDraft[], after: ItemHead = EMPTY_HEAD): Entry[] {
  let head = after;
  return drafts.map((draft) => {
    const entry = entryAfter(head, draft);
    head = entry.head;
    return entry;
  });
}

/** Events in their places, without a store. */
export function historyOf(drafts: readonly EventDraft[]): ItemEvent[] {
  return chain(drafts).map((entry) => entry.event);
}
