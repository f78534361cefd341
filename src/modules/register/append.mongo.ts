import { setTimeout as delay } from 'node:timers/promises';
import type { Model } from 'mongoose';
import { mongo } from 'mongoose';
import { Failure } from '../../kernel/failure.ts';
import { serialFold as foldOf, serialKey as keyOf } from '../../kernel/serial.ts';
import { insertNew, isOutcomeUnknown, translated, translating } from '../../platform/mongo/index.ts';
import type { EventPages } from './event-pages.mongo.ts';
import { EVENTS_PER_PAGE } from './event-pages.mongo.ts';
import { factsOf, hex, toEventDocument } from './item-document.mongo.ts';
import type { EventDocument, ItemDocument } from './item-document.mongo.ts';
import type { ItemEvent } from './item-event.ts';
import type { Item } from './item.ts';
import type { AppendOutcome, Entry } from './register.ports.ts';

/** What is read of an item to find out what became of a write. */
type State = Pick<ItemDocument, '_id' | 'seq' | 'pagedTo' | 'stamp'> & {
  readonly events: readonly EventDocument[];
};

/** The entries of one call about one item, with their positions in the call. */
interface Share {
  readonly itemId: string;
  readonly entries: readonly Entry[];
  readonly positions: readonly number[];
  /** So many of the first entries are tried in one write. */
  tried: number;
  /** The pages whose events are known not to be among those tried. */
  pagedTo: number;
  /** Of the write. */
  stamp: mongo.ObjectId;
}

/** Rivals can write at the same time, and what they wrote may not have reached a majority when it is read back. */
const MAX_TRIES = 20;
const PAUSE_MS = 5;
const STATE = { seq: 1, pagedTo: 1, stamp: 1, 'events.eventId': 1, 'events.nonce': 1 } as const;

/** How items get their events: one write an item, which expects the seq before and none of the event ids. */
export function createAppend(items: Model<ItemDocument>, pages: EventPages) {
  async function append(entries: readonly Entry[]): Promise<AppendOutcome[]> {
    const outcomes = new Array<AppendOutcome>(entries.length);
    let open = sharesOf(entries);
    for (let tries = 0; open.length > 0; tries += 1) {
      if (tries === MAX_TRIES) throw busy();
      if (tries > 1) await delay(tries * PAUSE_MS);
      open = await tryOnce(open, outcomes);
    }
    return outcomes;
  }

  /** Fills in outcomes; answers the shares that have to be tried again, with fewer entries or other pages. */
  async function tryOnce(shares: readonly Share[], outcomes: AppendOutcome[]): Promise<Share[]> {
    let failure: unknown;
    let written = 0;
    try {
      const result = await items.collection.bulkWrite(shares.map(updateOf), { ordered: false });
      written = result.matchedCount;
    } catch (error) {
      if (!isOutcomeUnknown(error)) throw translated(error);
      failure = error;
    }
    // The usual case: everything found its place, and nothing was left out.
    if (failure === undefined && written === shares.length && shares.every(isTriedWhole)) {
      for (const { positions } of shares) for (const position of positions) outcomes[position] = 'appended';
      await spillLong(shares);
      return [];
    }
    const mayBeOurs = failure !== undefined || written > 0;
    return settle(shares, outcomes, { mayBeOurs, failure });
  }

  /** Reads back what became of each entry: an event with our nonce is ours, one with another was there before. */
  async function settle(
    shares: readonly Share[],
    outcomes: AppendOutcome[],
    { mayBeOurs, failure }: { mayBeOurs: boolean; failure: unknown },
  ): Promise<Share[]> {
    const states = await statesOf(shares.map(({ itemId }) => itemId));
    const again: Share[] = [];
    for (const share of shares) {
      const state = states.get(share.itemId);
      const [first] = share.entries;
      if (state === undefined || first === undefined) {
        throw new Error(`event ${first?.event.eventId ?? ''} is about an item that isn't registered`);
      }
      const stored = await storedOf(share, state);
      const isNext = first.event.seq === state.seq + 1 && !stored.has(first.event.eventId);
      if (isNext && failure !== undefined) throw translated(failure);
      if (isNext) {
        const fresh = share.entries.slice(0, share.tried).findIndex(({ event }) => stored.has(event.eventId));
        again.push({ ...share, tried: fresh === -1 ? share.tried : fresh, pagedTo: state.pagedTo });
        continue;
      }
      // A write that the driver sent twice, because the first answer was lost, finds its own events the second time.
      const isOurWrite = mayBeOurs || state.stamp?.equals(share.stamp) === true;
      share.entries.forEach(({ event }, index) => {
        const isOurs = isOurWrite && index < share.tried && stored.get(event.eventId) === event.nonce;
        outcomes[share.positions[index] ?? -1] = isOurs
          ? 'appended'
          : stored.has(event.eventId)
            ? 'known'
            : 'seq-taken';
      });
    }
    await spillLong(shares);
    return again;
  }

  async function statesOf(itemIds: readonly string[]): Promise<Map<string, State>> {
    const found = await translating(() =>
      items
        .find({ _id: { $in: [...itemIds] } }, STATE)
        .lean<State[]>()
        .exec(),
    );
    return new Map(found.map((state) => [state._id, state]));
  }

  /** Nonces by event id, of those events of the share that are stored. */
  async function storedOf(share: Share, state: State): Promise<Map<string, string>> {
    const ids = share.entries.map(({ event }) => event.eventId);
    const paged = state.pagedTo === 0 ? [] : await pages.known(share.itemId, ids);
    return new Map([...paged, ...state.events].map(({ eventId, nonce }) => [eventId, hex(nonce)]));
  }

  /** What was appended is stored already: when moving old ones away fails, the next append does it. */
  async function spillLong(shares: readonly Share[]): Promise<void> {
    for (const { itemId, entries, pagedTo } of shares) {
      if ((entries.at(-1)?.event.seq ?? 0) - pagedTo >= 2 * EVENTS_PER_PAGE) {
        await pages.spill(items, itemId).catch(() => undefined);
      }
    }
  }

  /** An item that is there already, also from this very call whose answer was lost, is left as it is. */
  async function addItems(
    some: readonly Item[],
    first: readonly Entry[],
    toDocument: (item: Item, first: readonly Entry[]) => ItemDocument,
  ): Promise<Set<string>> {
    if (some.length === 0) return new Set();
    const firstOf = new Map(sharesOf(first).map((share) => [share.itemId, share.entries]));
    const unique = [...new Map(some.map((item) => [item.itemId, item])).values()];
    const documents = unique.map((item) => toDocument(item, firstOf.get(item.itemId) ?? []));
    return insertNew(items.collection, documents);
  }

  return { append, addItems };
}

function busy(): Failure {
  const message = 'Too many others are recording facts about one item.';
  return new Failure('unavailable', 'busy', message, { retryAfterSeconds: 1 });
}

function isTriedWhole({ tried, entries }: Share): boolean {
  return tried === entries.length;
}

function sharesOf(entries: readonly Entry[]): Share[] {
  const shares = new Map<string, { entries: Entry[]; positions: number[] }>();
  entries.forEach((entry, position) => {
    const share = shares.get(entry.event.itemId) ?? { entries: [], positions: [] };
    share.entries.push(entry);
    share.positions.push(position);
    shares.set(entry.event.itemId, share);
  });
  return [...shares].map(([itemId, share]) => ({
    itemId,
    ...share,
    tried: inSequence(share.entries),
    pagedTo: 0,
    stamp: new mongo.ObjectId(),
  }));
}

/** How many of the first entries follow each other without a gap or a repeated id. */
function inSequence(entries: readonly Entry[]): number {
  const ids = new Set<string>();
  let count = 0;
  for (const { event } of entries) {
    if (event.seq !== (entries[0]?.event.seq ?? 0) + count || ids.has(event.eventId)) break;
    ids.add(event.eventId);
    count += 1;
  }
  return count;
}

function updateOf({ itemId, entries, tried, pagedTo, stamp }: Share): mongo.AnyBulkWriteOperation {
  const some = entries.slice(0, tried);
  const events: ItemEvent[] = some.map(({ event }) => event);
  const head = some.at(-1)?.head ?? { seq: 0, status: 'declared' };
  const marks = head.marks ?? [];
  const { fittedTo } = head;
  return {
    updateOne: {
      filter: {
        _id: itemId,
        seq: (events[0]?.seq ?? 0) - 1,
        pagedTo,
        'events.eventId': { $nin: events.map(({ eventId }) => eventId) },
      } as never,
      update: {
        $push: { events: { $each: events.map(toEventDocument) } },
        $set: { seq: head.seq, head: factsOf(head), stamp, ...(fittedTo === undefined ? {} : { fittedTo }) },
        ...(fittedTo === undefined ? { $unset: { fittedTo: '' } } : {}),
        ...(marks.length === 0
          ? {}
          : { $addToSet: { keys: { $each: marks.map(keyOf) }, folds: { $each: marks.map(foldOf) } } }),
      } as never,
    },
  };
}
