import { Failure } from '../../kernel/failure.ts';
import type { Random } from '../../kernel/random.ts';
import type { EventDraft, ItemEvent } from './item-event.ts';
import { sealed } from './item-event.ts';
import type { ItemHead } from './item-head.ts';
import { advance, EMPTY_HEAD, headOf, isIncident, standing } from './item-head.ts';
import type { Item } from './item.ts';
import type { Entry, ItemWithHead, RegisterStore } from './register.ports.ts';

/** So many records are written in one go: enough to share a disk sync, few enough that others get their turn. */
const CHUNK = 500;
/** So many new items, which come with about three events each. */
const NEW_ITEMS = 150;
/** In each round somebody's event finds its place: only more rivals for one item than this make a call give up. */
const MAX_ROUNDS = 1_000;
/** So many events of an item are read at a time when its head is worked out anew. */
const EVENTS_PER_READ = 1_000;

export type RegisterService = ReturnType<typeof createRegisterService>;

/** The verbs of the register. Reading goes straight to the store, which this hands out as `store`. */
export function createRegisterService({ store, random }: { store: RegisterStore; random: Random }) {
  /**
   * Registers items that are new and records what happened to them, in the order given.
   * Doing it again with the same event ids changes nothing. Durable on return.
   * A long list is worked off in chunks so that others get their turn.
   * @throws Failure `busy`; what was recorded until then stays, and doing it again completes it
   */
  async function record(items: readonly Item[], drafts: readonly EventDraft[]): Promise<void> {
    const added = await addAll(items, drafts);
    const waiting = added.size === 0 ? drafts : drafts.filter((draft) => !added.has(draft.itemId));
    for (let from = 0; from < waiting.length; from += CHUNK) {
      await appendAll(waiting.slice(from, from + CHUNK));
    }
  }

  /** Registers items that are new, each with what is drafted about it; answers their ids. */
  async function addAll(items: readonly Item[], drafts: readonly EventDraft[]): Promise<Set<string>> {
    const fresh = [...new Map(items.map((item) => [item.itemId, item])).values()];
    const draftsOf = byItem(drafts);
    const added = new Set<string>();
    for (let from = 0; from < fresh.length; from += NEW_ITEMS) {
      const some = fresh.slice(from, from + NEW_ITEMS);
      const first = some.flatMap(({ itemId }) => withoutRepeats(draftsOf.get(itemId) ?? []));
      for (const itemId of await store.addItems(some, await placed(first, new Map()))) added.add(itemId);
    }
    return added;
  }

  async function appendAll(drafts: readonly EventDraft[]): Promise<void> {
    let waiting = drafts;
    for (let round = 0; waiting.length > 0; round += 1) {
      if (round === MAX_ROUNDS) {
        const message = 'Too many others are recording facts about one item.';
        throw new Failure('unavailable', 'busy', message, { retryAfterSeconds: 1 });
      }
      const heads = await store.heads([...new Set(waiting.map((draft) => draft.itemId))]);
      const outcomes = await store.append(await placed(waiting, heads));
      waiting = waiting.filter((_, index) => outcomes[index] === 'seq-taken');
    }
  }

  /** Gives each draft the next place of its item. */
  async function placed(drafts: readonly EventDraft[], heads: Map<string, ItemHead>): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (const draft of drafts) {
      const head = heads.get(draft.itemId) ?? EMPTY_HEAD;
      const event = sealed(draft, head.seq + 1, random.nonce());
      const next = event.type === 'corrected' ? await refolded(event, entries) : advance(head, event);
      heads.set(draft.itemId, next);
      entries.push({ event, head: next });
    }
    return entries;
  }

  /** A correction takes back what an earlier event did, so the head is worked out from the whole history. */
  async function refolded(event: ItemEvent, before: readonly Entry[]): Promise<ItemHead> {
    const stored = await historyAfter(event.itemId, 0);
    const waiting = before.map((entry) => entry.event).filter((other) => other.itemId === event.itemId);
    return headOf([...stored, ...waiting, event]);
  }

  async function historyAfter(itemId: string, seq: number): Promise<ItemEvent[]> {
    const events: ItemEvent[] = [];
    for (;;) {
      const read = await store.history(itemId, {
        afterSeq: events.at(-1)?.seq ?? seq,
        limit: EVENTS_PER_READ,
      });
      events.push(...read);
      if (read.length < EVENTS_PER_READ) return events;
    }
  }

  /**
   * Which of the items may not leave now: recorded as lost, stolen, seized or destroyed, or gone since it was last
   * decided that they may. What came first is told by the items' own sequences: clocks can be apart.
   * @param decided for each item the id of the event that records the decision
   */
  async function held(decided: ReadonlyMap<string, string>): Promise<ItemWithHead[]> {
    const itemIds = [...decided.keys()];
    const found: ItemWithHead[] = [];
    for (let from = 0; from < itemIds.length; from += CHUNK) {
      const items = [...(await store.findItems(itemIds.slice(from, from + CHUNK))).values()];
      const isHeld = await Promise.all(
        items.map(async ({ item, head }) => {
          if (isIncident(head.status)) return true;
          return head.exitedFrom !== undefined && leftSince(item.itemId, decided.get(item.itemId) ?? '');
        }),
      );
      found.push(...items.filter((_, index) => isHeld[index]));
    }
    return found;
  }

  async function leftSince(itemId: string, eventId: string): Promise<boolean> {
    const decision = await store.findEvent(itemId, eventId);
    const later = await historyAfter(itemId, decision?.seq ?? 0);
    return standing(later).some(({ type }) => type === 'exited');
  }

  return { record, held, store };
}

function byItem(drafts: readonly EventDraft[]): Map<string, EventDraft[]> {
  const groups = new Map<string, EventDraft[]>();
  for (const draft of drafts) {
    const group = groups.get(draft.itemId);
    if (group === undefined) groups.set(draft.itemId, [draft]);
    else group.push(draft);
  }
  return groups;
}

/** Two lines of a declaration may be about one item, and register it both. */
function withoutRepeats(drafts: readonly EventDraft[]): EventDraft[] {
  const seen = new Set<string>();
  return drafts.filter(({ eventId }) => !seen.has(eventId) && seen.add(eventId));
}
