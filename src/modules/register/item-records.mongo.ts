import type { Model } from 'mongoose';
import { serialFold as foldOf, serialKey as keyOf } from '../../kernel/serial.ts';
import { areAllDuplicates, createReadInOrder, translated, translating } from '../../platform/mongo/index.ts';
import type { EventPages } from './event-pages.mongo.ts';
import { EVENTS_PER_PAGE } from './event-pages.mongo.ts';
import type { EventDocument, ItemDocument } from './item-document.mongo.ts';
import { hex, toDocument, toEvent, toItem } from './item-document.mongo.ts';
import type { ItemEvent } from './item-event.ts';
import { stampedMarks } from './item-head.ts';
import type { ItemRecord } from './register.ports.ts';

/** With this many events a page is full: a few megabytes. */
const EVENTS_A_PAGE = 5_000;
const STATE = { seq: 1, pagedTo: 1, 'events.seq': 1, 'events.digest': 1 } as const;

/** What is read of an item to find out whether a record goes on where it ends. */
type State = Pick<ItemDocument, '_id' | 'seq' | 'pagedTo'> & {
  readonly events: readonly Pick<EventDocument, 'seq' | 'digest'>[];
};

/** Whole records, as copies of the register need them. */
export function createItemRecords(items: Model<ItemDocument>, pages: EventPages) {
  const readInOrder = createReadInOrder<ItemDocument>(items.collection, 'itm_');

  async function page(afterItemId: string, limit: number): Promise<ItemRecord[]> {
    const documents = await documentsAfter(afterItemId, limit);
    const long = documents.filter(({ pagedTo }) => pagedTo > 0);
    const old = await pages.allOf(long.map(({ _id }) => _id));
    return documents.map((document) => toRecord(document, old.get(document._id) ?? []));
  }

  async function documentsAfter(afterItemId: string, limit: number): Promise<ItemDocument[]> {
    const found: ItemDocument[] = [];
    let count = 0;
    for await (const document of readInOrder(afterItemId, limit)) {
      count += document.seq;
      if (found.length > 0 && count > EVENTS_A_PAGE) break;
      found.push(document);
      if (found.length === limit) break;
    }
    return found;
  }

  async function adopt(records: readonly ItemRecord[]): Promise<void> {
    const documents = await translating(() => Promise.all(records.map(documentOf)));
    if (documents.length === 0) return;
    // If the process dies before here, pages are there that no item has: they are found again, and are the same.
    try {
      await items.collection.insertMany(documents as never, { ordered: false });
    } catch (error) {
      if (!areAllDuplicates(error)) throw translated(error);
      await extend(documents, new Map(records.map((record) => [record.item.itemId, record])));
    }
  }

  /** The document of a whole record, whose old events are in pages by then. */
  async function documentOf({ item, head, events }: ItemRecord): Promise<ItemDocument> {
    const document = withMarks(
      toDocument(
        item,
        events.map((event) => ({ event, head })),
      ),
      stampedMarks(events),
    );
    if (events.length < 2 * EVENTS_PER_PAGE) return document;
    const pagedTo = await pages.keepOld(item.itemId, document.events);
    return { ...document, pagedTo, events: document.events.slice(pagedTo) };
  }

  /** Puts the longer history in the place of its beginning; one write an item, which expects what was read of it. */
  async function extend(
    documents: readonly ItemDocument[],
    records: ReadonlyMap<string, ItemRecord>,
  ): Promise<void> {
    const ids = documents.map(({ _id }) => _id);
    const read = await translating(() =>
      items
        .find({ _id: { $in: ids } }, STATE)
        .lean<State[]>()
        .exec(),
    );
    const states = new Map(read.map((state) => [state._id, state]));
    const replacements = documents.flatMap((document) => {
      const { _id } = document;
      const state = states.get(_id);
      const events = records.get(_id)?.events ?? [];
      if (state === undefined || state.seq >= document.seq || !continues(state, events)) return [];
      const filter = { _id, seq: state.seq, pagedTo: state.pagedTo };
      return [{ replaceOne: { filter: filter as never, replacement: document as never } }];
    });
    if (replacements.length === 0) return;
    await translating(() => items.collection.bulkWrite(replacements, { ordered: false }));
  }

  return { page, adopt };
}

function withMarks(document: ItemDocument, marks: readonly string[]): ItemDocument {
  if (marks.length === 0) return document;
  const keys = [...new Set([...document.keys, ...marks.map(keyOf)])];
  const folds = [...new Set([...document.folds, ...marks.map(foldOf)])];
  return { ...document, keys, folds };
}

/** Whether the history that is there is the beginning of this one. */
function continues({ seq, events }: State, longer: readonly ItemEvent[]): boolean {
  const last = events.find((event) => event.seq === seq);
  return seq === 0 || (last !== undefined && hex(last.digest) === longer[seq - 1]?.digest);
}

/** Events whose move to a page was cut short lie in both places. */
function toRecord(document: ItemDocument, old: readonly EventDocument[]): ItemRecord {
  const { _id: itemId, events } = document;
  const paged = old.filter(({ seq }) => seq < (events[0]?.seq ?? Infinity));
  return { ...toItem(document), events: [...paged, ...events].map((event) => toEvent(itemId, event)) };
}
