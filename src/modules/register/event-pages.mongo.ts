import type { Model } from 'mongoose';
import type { Mongo } from '../../platform/mongo/index.ts';
import { modelOf, translating, violatedIndex } from '../../platform/mongo/index.ts';
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
        await pages.collection.insertOne({ _id: `${itemId}:${lastSeq}`, itemId, lastSeq, events } as never);
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
