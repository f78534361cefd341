import type { Model } from 'mongoose';
import type { Mongo } from '../../platform/mongo/index.ts';
import { areAllDuplicates, modelOf, translating, violatedIndex } from '../../platform/mongo/index.ts';
import { EVENT_PAGES } from './item-document.mongo.ts';
import type { EventDocument, EventPageDocument, ItemDocument } from './item-document.mongo.ts';

/** An item keeps its latest events with it, between one and two pages of them; older ones move to pages. */
export const EVENTS_PER_PAGE = 100;

export type EventPages = ReturnType<typeof createEventPages>;

/** The old events of items with long histories. What a page holds follows from its place, so writing it again changes nothing. */
export function createEventPages(connection: Mongo) {
  const pages = modelOf<EventPageDocument>(connection, EVENT_PAGES);

  /** Gives the events after a seq, page by page in order, until `take` says that it has enough; true when it did. */
  async function eachAfter(
    itemId: string,
    afterSeq: number,
    take: (events: readonly EventDocument[]) => boolean,
  ): Promise<boolean> {
    let after = afterSeq;
    for (;;) {
      const page = await translating(() =>
        pages
          .find({ itemId, lastSeq: { $gt: after } })
          .sort({ lastSeq: 1 })
          .limit(1)
          .lean<EventPageDocument[]>()
          .exec(),
      );
      const [found] = page;
      if (found === undefined) return false;
      if (take(found.events)) return true;
      after = found.lastSeq;
    }
  }

  /** Those of these events that lie in pages, whole or just what they are told by. */
  async function known(
    itemId: string,
    eventIds: readonly string[],
    projection: Readonly<Record<string, 1>> = { 'events.eventId': 1, 'events.nonce': 1 },
  ): Promise<EventDocument[]> {
    const found = await translating(() =>
      pages
        .find({ itemId, 'events.eventId': { $in: [...eventIds] } }, projection)
        .lean<EventPageDocument[]>()
        .exec(),
    );
    return found.flatMap(({ events }) => events.filter(({ eventId }) => eventIds.includes(eventId)));
  }

  return {
    eachAfter,
    known,
    async find(itemId: string, eventId: string): Promise<EventDocument | null> {
      return (await known(itemId, [eventId], { events: 1 }))[0] ?? null;
    },

    /** The events of these items that lie in pages, in order. */
    async allOf(itemIds: readonly string[]): Promise<Map<string, EventDocument[]>> {
      const found = new Map<string, EventDocument[]>(itemIds.map((itemId) => [itemId, []]));
      if (itemIds.length === 0) return found;
      const read = await translating(() =>
        pages
          .find({ itemId: { $in: [...itemIds] } })
          .sort({ itemId: 1, lastSeq: 1 })
          .lean<EventPageDocument[]>()
          .exec(),
      );
      for (const { itemId, events } of read) found.get(itemId)?.push(...events);
      return found;
    },

    /**
     * Keeps the old ones of a whole history in pages, as far as they don't lie there yet.
     * @returns up to which seq they do
     */
    async keepOld(itemId: string, events: readonly EventDocument[]): Promise<number> {
      const count = Math.max(0, Math.floor(events.length / EVENTS_PER_PAGE) - 1);
      const documents = Array.from({ length: count }, (_, index) => {
        const some = events.slice(index * EVENTS_PER_PAGE, (index + 1) * EVENTS_PER_PAGE);
        return pageOf(itemId, some);
      });
      try {
        if (count > 0) await pages.collection.insertMany(documents as never, { ordered: false });
      } catch (error) {
        if (!areAllDuplicates(error)) throw error;
      }
      return count * EVENTS_PER_PAGE;
    },

    /**
     * Moves the oldest events of an item to a page, where it keeps two pages of them by now.
     * If the process dies between the two writes, the events are in both places, and readers take each seq once.
     */
    async spill(items: Model<ItemDocument>, itemId: string): Promise<void> {
      const document = await items.findById(itemId, { events: 1, pagedTo: 1 }).lean<ItemDocument>();
      if (document === null || document.events.length < 2 * EVENTS_PER_PAGE) return;
      const { pagedTo } = document;
      const lastSeq = pagedTo + EVENTS_PER_PAGE;
      const events = document.events.filter(({ seq }) => seq > pagedTo && seq <= lastSeq);
      try {
        await pages.collection.insertOne(pageOf(itemId, events) as never);
      } catch (error) {
        if (violatedIndex(error) === null) throw error;
      }
      await items.collection.updateOne(
        { _id: itemId, pagedTo } as never,
        { $pull: { events: { seq: { $lte: lastSeq } } }, $set: { pagedTo: lastSeq } } as never,
      );
    },
  };
}

/** What a page holds follows from its place. @param events without gaps, up to the end of the page */
function pageOf(itemId: string, events: readonly EventDocument[]): EventPageDocument {
  const lastSeq = events.at(-1)?.seq ?? 0;
  return { _id: `${itemId}:${lastSeq}`, itemId, lastSeq, events };
}
