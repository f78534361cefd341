import { invalidCursor } from '../../kernel/cursor.ts';
import type { Mongo } from '../../platform/mongo/index.ts';
import { createBatch, modelOf, translating } from '../../platform/mongo/index.ts';
import { createAppend } from './append.mongo.ts';
import { createEventPages } from './event-pages.mongo.ts';
import { EVENT_PAGES, ITEMS, toDocument, toEvent, toHead, toItem } from './item-document.mongo.ts';
import type { EventDocument, ItemDocument } from './item-document.mongo.ts';
import { createItemRecords } from './item-records.mongo.ts';
import type { ItemEvent } from './item-event.ts';
import type { Item } from './item.ts';
import type { Entry, HistoryQuery, ItemWithHead, RegisterStore } from './register.ports.ts';

export const REGISTER_COLLECTIONS = [ITEMS, EVENT_PAGES];

/** Keys that share a round trip. */
const KEYS_PER_BATCH = 64;
/** When so many items answer for the keys of a batch, each key is asked for alone, in order and with its own limit. */
const MAX_PER_BATCH = 512;
/** Folds that are asked for at a time, where many are. */
const FOLDS_PER_READ = 100;
/** Ids that are asked for at a time. */
const IDS_PER_READ = 500;
const WITHOUT_EVENTS = { events: 0 } as const;
const HEAD_ONLY = { seq: 1, head: 1 } as const;
const EVENTS_ONLY = { events: 1, pagedTo: 1 } as const;

type HistoryDocument = Pick<ItemDocument, '_id' | 'events' | 'pagedTo'>;

export function createMongoRegisterStore(connection: Mongo): RegisterStore {
  const items = modelOf<ItemDocument>(connection, ITEMS);
  const pages = createEventPages(connection);
  const { append, addItems } = createAppend(items, pages);
  const records = createItemRecords(items, pages);

  /** What carries these marks, as far as all of it together isn't too much; null for the marks of a batch that are. */
  async function readManyMarked(
    field: 'keys' | 'folds',
    marks: readonly string[],
  ): Promise<(ItemDocument[] | null)[]> {
    const found = await items
      .find({ [field]: { $in: [...new Set(marks)] } }, WITHOUT_EVENTS)
      .limit(MAX_PER_BATCH)
      .lean<ItemDocument[]>();
    if (found.length === MAX_PER_BATCH) return marks.map(() => null);
    found.sort((a, b) => (a._id < b._id ? -1 : 1));
    const byMark = new Map<string, ItemDocument[]>(marks.map((mark) => [mark, []]));
    for (const document of found) for (const mark of document[field]) byMark.get(mark)?.push(document);
    return marks.map((mark) => byMark.get(mark) ?? null);
  }

  const batchOf = (field: 'keys' | 'folds') =>
    createBatch<string, ItemDocument[] | null>({
      run: (marks) => readManyMarked(field, marks),
      maxKeys: KEYS_PER_BATCH,
    });
  const batched = { keys: batchOf('keys'), folds: batchOf('folds') };

  /** What carries one mark, in order of item id; as registered alone, if asked. */
  function readMarked(
    field: 'keys' | 'folds',
    mark: string,
    limit: number,
    registered: Readonly<{ serialFold?: string }> = {},
  ): Promise<ItemDocument[]> {
    return translating(() =>
      items
        .find({ [field]: mark, ...registered }, WITHOUT_EVENTS)
        .sort({ _id: 1 })
        .limit(limit)
        .lean<ItemDocument[]>()
        .exec(),
    );
  }

  async function marked(field: 'keys' | 'folds', mark: string, limit: number): Promise<ItemWithHead[]> {
    const found = (await batched[field](mark)) ?? (await readMarked(field, mark, limit));
    return found.slice(0, limit).map(toItem);
  }

  const batchedHistory = createBatch<string, HistoryDocument | null>({
    async run(itemIds) {
      const found = await byIds<HistoryDocument>(itemIds, EVENTS_ONLY);
      return itemIds.map((itemId) => found.get(itemId) ?? null);
    },
    maxKeys: KEYS_PER_BATCH,
  });

  async function byIds<T extends { readonly _id: string }>(
    itemIds: readonly string[],
    projection: Readonly<Record<string, 0 | 1>>,
  ): Promise<Map<string, T>> {
    const found = new Map<string, T>();
    const ids = [...new Set(itemIds)];
    for (let from = 0; from < ids.length; from += IDS_PER_READ) {
      const some = ids.slice(from, from + IDS_PER_READ);
      const documents = await translating(() =>
        items
          .find({ _id: { $in: some } }, projection)
          .lean<T[]>()
          .exec(),
      );
      for (const document of documents) found.set(document._id, document);
    }
    return found;
  }

  async function eventsOf(document: HistoryDocument | null, query: HistoryQuery): Promise<ItemEvent[]> {
    if (document === null) return [];
    const { afterSeq = 0, asOf = '9999', limit } = query;
    const { _id: itemId, events, pagedTo } = document;
    const wanted: EventDocument[] = [];
    const take = (some: readonly EventDocument[]): boolean => {
      for (const event of some) {
        if (wanted.length === limit) break;
        if (event.seq > (wanted.at(-1)?.seq ?? afterSeq) && event.recordedAt <= asOf) wanted.push(event);
      }
      return wanted.length === limit;
    };
    if (afterSeq >= pagedTo || !(await pages.eachAfter(itemId, afterSeq, take))) take(events);
    return wanted.map((event) => toEvent(itemId, event));
  }

  return {
    addItems: (some: readonly Item[], first: readonly Entry[] = []) => addItems(some, first, toDocument),
    append,
    async heads(itemIds) {
      const found = await byIds<Pick<ItemDocument, '_id' | 'seq' | 'head'>>(itemIds, HEAD_ONLY);
      return new Map([...found].map(([itemId, document]) => [itemId, toHead(document)]));
    },
    async findItems(itemIds) {
      const found = await byIds<ItemDocument>(itemIds, WITHOUT_EVENTS);
      return new Map(
        itemIds.flatMap((itemId) => {
          const document = found.get(itemId);
          return document === undefined ? [] : [[itemId, toItem(document)] as const];
        }),
      );
    },
    bySerialKey: (serialKey, limit) => marked('keys', serialKey, limit),
    bySerialFold: (serialFold, limit) => marked('folds', serialFold, limit),
    async bySerialFolds(serialFolds, limitEach) {
      const folds = [...new Set(serialFolds)];
      const found = new Map<string, ItemWithHead[]>();
      for (let from = 0; from < folds.length; from += FOLDS_PER_READ) {
        const some = folds.slice(from, from + FOLDS_PER_READ);
        const read = await translating(() => readManyMarked('folds', some));
        for (const [index, serialFold] of some.entries()) {
          const all = read[index] ?? (await readMarked('folds', serialFold, limitEach, { serialFold }));
          const registered = all.filter((document) => document.serialFold === serialFold);
          found.set(serialFold, registered.slice(0, limitEach).map(toItem));
        }
      }
      return found;
    },
    async findEvent(itemId, eventId) {
      const document = await batchedHistory(itemId);
      const event = document?.events.find((each) => each.eventId === eventId);
      if (event !== undefined) return toEvent(itemId, event);
      const paged = document === null || document.pagedTo === 0 ? null : await pages.find(itemId, eventId);
      return paged === null ? null : toEvent(itemId, paged);
    },
    history: async (itemId, query) => eventsOf(await batchedHistory(itemId), query),
    async histories(itemIds, limitEach) {
      const found = await byIds<HistoryDocument>(itemIds, EVENTS_ONLY);
      const histories = new Map<string, ItemEvent[]>();
      for (const itemId of itemIds) {
        histories.set(itemId, await eventsOf(found.get(itemId) ?? null, { limit: limitEach }));
      }
      return histories;
    },
    async fittedTo(pressId, afterItemId, limit) {
      const after = afterItemId === null ? {} : { _id: { $gt: afterItemId } };
      const found = await translating(() =>
        items
          .find({ fittedTo: pressId, ...after }, WITHOUT_EVENTS)
          .sort({ _id: 1 })
          .limit(limit)
          .lean<ItemDocument[]>()
          .exec(),
      );
      return found.map(toItem);
    },
    page: (afterItemId, limit) => records.page(afterItemId ?? '', limit),
    async scan(position, limit) {
      if (position !== null && !/^itm_\w+$/.test(position)) throw invalidCursor();
      const found = await records.page(position ?? '', limit);
      return { records: found, next: found.at(-1)?.item.itemId ?? null };
    },
    adopt: records.adopt,
    countItems: () => translating(() => items.estimatedDocumentCount().exec()),
  };
}
