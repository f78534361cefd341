import { invalidCursor } from '../../src/kernel/cursor.ts';
import { serialFold, serialKey } from '../../src/kernel/serial.ts';
import type {
  AppendOutcome,
  Entry,
  HistoryQuery,
  Item,
  ItemEvent,
  ItemHead,
  ItemWithHead,
  RegisterStore,
} from '../../src/modules/register/index.ts';
import { EMPTY_HEAD, stampedMarks } from '../../src/modules/register/item-head.ts';

/** An item as it is kept: texts, so that nobody shares an object with the store. */
export interface ItemRecord {
  readonly itemId: string;
  readonly serialKey: string;
  readonly serialFold: string;
  readonly item: string;
  head: string;
  seq: number;
  fittedTo: string | undefined;
  readonly marks: { readonly key: string; readonly fold: string }[];
  readonly eventIds: Set<string>;
  readonly events: { readonly eventId: string; readonly recordedAt: string; readonly text: string }[];
}

/** Records a page at most, however many are asked for: one can be long. */
const PAGE = 2;

/** By item id. */
export type ItemRecords = Map<string, ItemRecord>;

/** The register as a double that keeps its records in this process. Each call is done when it returns its promise. */
export function createMemoryRegisterStore(records: ItemRecords): RegisterStore {
  /** False when it was there already. */
  function add(item: Item): boolean {
    if (records.has(item.itemId)) return false;
    records.set(item.itemId, {
      itemId: item.itemId,
      serialKey: item.serialKey,
      serialFold: item.serialFold,
      item: JSON.stringify(item),
      head: JSON.stringify(EMPTY_HEAD),
      seq: 0,
      fittedTo: undefined,
      marks: [],
      eventIds: new Set(),
      events: [],
    });
    return true;
  }

  function appendAll(entries: readonly Entry[]): AppendOutcome[] {
    for (const { event } of entries) recordOf(event);
    /** Items of which an entry found no place: the heads of the entries that follow build on it. */
    const broken = new Set<string>();
    return entries.map((entry) => appendOne(recordOf(entry.event), entry, broken));
  }

  function recordOf(event: ItemEvent): ItemRecord {
    const record = records.get(event.itemId);
    if (record === undefined)
      throw new Error(`event ${event.eventId} is about an item that isn't registered`);
    return record;
  }

  function appendOne(record: ItemRecord, { event, head }: Entry, broken: Set<string>): AppendOutcome {
    const isKnown = record.eventIds.has(event.eventId);
    if (!isKnown && !broken.has(record.itemId) && event.seq === record.seq + 1) {
      keep(record, event);
      moveHead(record, head);
      return 'appended';
    }
    broken.add(record.itemId);
    return isKnown ? 'known' : 'seq-taken';
  }

  const inOrder = (wanted: (record: ItemRecord) => boolean): ItemRecord[] =>
    [...records.values()].filter(wanted).sort((a, b) => (a.itemId < b.itemId ? -1 : 1));
  const found = (wanted: (record: ItemRecord) => boolean, limit: number): ItemWithHead[] =>
    inOrder(wanted).slice(0, limit).map(toItem);

  return {
    async addItems(items, first = []) {
      const added = new Set(items.filter(add).map(({ itemId }) => itemId));
      appendAll(first.filter(({ event }) => added.has(event.itemId)));
      return added;
    },
    async append(entries) {
      return appendAll(entries);
    },
    async heads(itemIds) {
      return new Map(
        itemIds.flatMap((itemId) => {
          const record = records.get(itemId);
          return record === undefined ? [] : [[itemId, headOf(record)]];
        }),
      );
    },
    async findItems(itemIds) {
      return new Map(
        itemIds.flatMap((itemId) => {
          const record = records.get(itemId);
          return record === undefined ? [] : [[itemId, toItem(record)]];
        }),
      );
    },
    async bySerialKey(key, limit) {
      return found((one) => one.serialKey === key || one.marks.some((mark) => mark.key === key), limit);
    },
    async bySerialFold(fold, limit) {
      return found((one) => one.serialFold === fold || one.marks.some((mark) => mark.fold === fold), limit);
    },
    async bySerialFolds(folds, limitEach) {
      return new Map(folds.map((fold) => [fold, found((one) => one.serialFold === fold, limitEach)]));
    },
    async findEvent(itemId, eventId) {
      const event = records.get(itemId)?.events.find((one) => one.eventId === eventId);
      return event === undefined ? null : (JSON.parse(event.text) as ItemEvent);
    },
    async history(itemId, query) {
      return eventsOf(records.get(itemId), query);
    },
    async histories(itemIds, limitEach) {
      return new Map(itemIds.map((itemId) => [itemId, eventsOf(records.get(itemId), { limit: limitEach })]));
    },
    async fittedTo(pressId, after, limit) {
      return found((one) => one.fittedTo === pressId && one.itemId > (after ?? ''), limit);
    },
    async countItems() {
      return records.size;
    },
    async page(afterItemId, limit) {
      const after = inOrder((one) => afterItemId === null || one.itemId > afterItemId);
      return after
        .slice(0, Math.min(limit, PAGE))
        .map((one) => ({ ...toItem(one), events: eventsOf(one, { limit: one.seq }) }));
    },
    async scan(position, limit) {
      const all = [...records.values()];
      const from = position === null ? 0 : all.findIndex((one) => one.itemId === position) + 1;
      if (position !== null && from === 0) throw invalidCursor();
      const some = all.slice(from, from + Math.min(limit, PAGE));
      return {
        records: some.map((one) => ({ ...toItem(one), events: eventsOf(one, { limit: one.seq }) })),
        next: some.at(-1)?.itemId ?? null,
      };
    },
    async adopt(given) {
      for (const { item, head, events } of given) {
        add(item);
        const record = records.get(item.itemId);
        const last = record?.events.at(-1)?.text;
        if (record === undefined || record.seq >= head.seq) continue;
        if (last !== undefined && last !== JSON.stringify(events[record.seq - 1])) continue;
        for (const event of events.slice(record.seq)) keep(record, event);
        moveHead(record, head);
        stampedMarks(events).forEach((mark) => addMark(record, mark));
      }
    },
  };
}

function keep(record: ItemRecord, event: ItemEvent): void {
  const { eventId, recordedAt } = event;
  record.eventIds.add(eventId);
  record.events.push({ eventId, recordedAt, text: JSON.stringify(event) });
}

function moveHead(record: ItemRecord, head: ItemHead): void {
  record.head = JSON.stringify(head);
  record.seq = head.seq;
  record.fittedTo = head.fittedTo;
  // What was once stamped on an item finds it for good.
  (head.marks ?? []).forEach((mark) => addMark(record, mark));
}

function addMark(record: ItemRecord, mark: string): void {
  const key = serialKey(mark);
  if (!record.marks.some((one) => one.key === key)) record.marks.push({ key, fold: serialFold(mark) });
}

function headOf(record: ItemRecord): ItemHead {
  return JSON.parse(record.head) as ItemHead;
}

function toItem(record: ItemRecord): ItemWithHead {
  return { item: JSON.parse(record.item) as Item, head: headOf(record) };
}

function eventsOf(
  record: ItemRecord | undefined,
  { afterSeq = 0, asOf = '9999', limit }: HistoryQuery,
): ItemEvent[] {
  // Seqs have no gaps: the event of seq n is the nth.
  const known = (record?.events ?? []).slice(afterSeq).filter((event) => event.recordedAt <= asOf);
  return known.slice(0, limit).map((event) => JSON.parse(event.text) as ItemEvent);
}
