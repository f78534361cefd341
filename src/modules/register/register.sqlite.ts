import { setImmediate as turn } from 'node:timers/promises';
import { serialFold as foldOf, serialKey as keyOf } from '../../kernel/serial.ts';
import type { Sqlite, Writer } from '../../platform/sqlite/index.ts';
import { LIMIT } from '../../platform/sqlite/index.ts';
import type { ItemEvent } from './item-event.ts';
import type { KnownCircumstances } from './item-events.sqlite.ts';
import { createItemEvents, ITEM_EVENT_TABLES } from './item-events.sqlite.ts';
import type { ItemHead } from './item-head.ts';
import { createItemRecords } from './item-records.sqlite.ts';
import type { HeadFacts, ItemFacts, ItemRow } from './item-row.sqlite.ts';
import { toHead, toItem } from './item-row.sqlite.ts';
import type { Item } from './item.ts';
import type { AppendOutcome, Entry, ItemWithHead, RegisterStore } from './register.ports.ts';

export const REGISTER_TABLES = [
  `CREATE TABLE items (
     no INTEGER PRIMARY KEY,
     item_id TEXT NOT NULL UNIQUE,
     maker TEXT NOT NULL,
     kind TEXT NOT NULL,
     serial_key TEXT NOT NULL,
     serial_fold TEXT NOT NULL,
     facts TEXT NOT NULL,
     seq INTEGER NOT NULL,
     head TEXT NOT NULL,
     fitted_to TEXT
   ) STRICT`,
  `CREATE UNIQUE INDEX items_by_serial ON items (serial_key, maker, kind)`,
  `CREATE INDEX items_by_fold ON items (serial_fold)`,
  `CREATE INDEX items_by_press ON items (fitted_to, item_id) WHERE fitted_to IS NOT NULL`,
  ...ITEM_EVENT_TABLES,
  `CREATE TABLE item_marks (
     serial_key TEXT NOT NULL,
     serial_fold TEXT NOT NULL,
     item_no INTEGER NOT NULL REFERENCES items (no),
     PRIMARY KEY (serial_fold, serial_key, item_no)
   ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX item_marks_by_key ON item_marks (serial_key, item_no)`,
];

/** Where an item's next event goes, in the course of one call. */
interface Place {
  readonly itemNo: number;
  /** Of the item's last event. */
  seq: number;
  /** What the events of this call lead to; null while none is appended. */
  head: ItemHead | null;
  /** True once an entry of the call was not appended: the heads of those that follow build on it. */
  broken: boolean;
}

/** SQLite answers at once, on this very thread: before reading this many records, others get their turn. */
const MANY = 20;

export function createSqliteRegisterStore(db: Sqlite, writer: Writer): RegisterStore {
  const events = createItemEvents(db);
  const records = createItemRecords(db, { events, add, setHead, addMark });
  const sql = {
    add: db.prepare(
      `INSERT INTO items (item_id, maker, kind, serial_key, serial_fold, facts, seq, head)
       VALUES (?, ?, ?, ?, ?, ?, 0, '{"status":"declared"}') ON CONFLICT DO NOTHING`,
    ),
    head: db.prepare<[string], Pick<ItemRow, 'no' | 'seq' | 'head'>>(
      'SELECT no, seq, head FROM items WHERE item_id = ?',
    ),
    item: db.prepare<[string], ItemRow>('SELECT * FROM items WHERE item_id = ?'),
    byKey: db.prepare<[string, number], ItemRow>(
      `SELECT * FROM items WHERE serial_key = ? ORDER BY item_id ${LIMIT}`,
    ),
    byFold: db.prepare<[string, number], ItemRow>(
      `SELECT * FROM items WHERE serial_fold = ? ORDER BY item_id ${LIMIT}`,
    ),
    markedKey: db.prepare<[string, number], ItemRow>(
      `SELECT items.* FROM item_marks AS m JOIN items ON items.no = m.item_no WHERE m.serial_key = ? ORDER BY item_id ${LIMIT}`,
    ),
    markedFold: db.prepare<[string, number], ItemRow>(
      `SELECT items.* FROM item_marks AS m JOIN items ON items.no = m.item_no WHERE m.serial_fold = ? ORDER BY item_id ${LIMIT}`,
    ),
    byPress: db.prepare<[string, string, number], ItemRow>(
      `SELECT * FROM items WHERE fitted_to = ? AND item_id > ? ORDER BY item_id ${LIMIT}`,
    ),
    addMark: db.prepare(
      'INSERT INTO item_marks (serial_key, serial_fold, item_no) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    setHead: db.prepare('UPDATE items SET seq = ?, head = ?, fitted_to = ? WHERE no = ?'),
    count: db.prepare<[], { n: number }>('SELECT COALESCE(MAX(no), 0) AS n FROM items'),
  };

  function addAll(items: readonly Item[], first: readonly Entry[]): Set<string> {
    const added = new Set(items.filter(add).map(({ itemId }) => itemId));
    appendAll(first.filter(({ event }) => added.has(event.itemId)));
    return added;
  }

  /** False when it was there already. */
  function add(item: Item): boolean {
    const { itemId, maker, kind, serialKey, serialFold, ...facts } = item;
    const text = JSON.stringify(facts satisfies ItemFacts);
    return sql.add.run(itemId, maker, kind, serialKey, serialFold, text).changes === 1;
  }

  /** Every entry in order; the head of an item is written once, after its last entry. */
  function appendAll(entries: readonly Entry[]): AppendOutcome[] {
    const places = new Map<string, Place>();
    const known: KnownCircumstances = {};
    const outcomes = entries.map((entry) => appendOne(entry, placeOf(entry.event, places), known));
    for (const { itemNo, head } of places.values()) if (head !== null) setHead(itemNo, head);
    return outcomes;
  }

  function setHead(itemNo: number, head: ItemHead): void {
    const { seq, ...facts } = head;
    sql.setHead.run(seq, JSON.stringify(facts satisfies HeadFacts), head.fittedTo ?? null, itemNo);
    for (const mark of head.marks ?? []) addMark(itemNo, mark);
  }

  function addMark(itemNo: number, mark: string): void {
    sql.addMark.run(keyOf(mark), foldOf(mark), itemNo);
  }

  function appendOne({ event, head }: Entry, place: Place, known: KnownCircumstances): AppendOutcome {
    // Where the seq is free, only an event of this id can be in the way.
    if (!place.broken && event.seq === place.seq + 1 && events.add(place.itemNo, event, known)) {
      place.seq = event.seq;
      place.head = head;
      return 'appended';
    }
    place.broken = true;
    return events.has(place.itemNo, event.eventId) ? 'known' : 'seq-taken';
  }

  function placeOf(event: ItemEvent, places: Map<string, Place>): Place {
    const known = places.get(event.itemId);
    if (known !== undefined) return known;
    const row = sql.head.get(event.itemId);
    if (row === undefined) throw new Error(`event ${event.eventId} is about an item that isn't registered`);
    const place: Place = { itemNo: row.no, seq: row.seq, head: null, broken: false };
    places.set(event.itemId, place);
    return place;
  }

  function byFold(fold: string, limit: number): ItemWithHead[] {
    return alsoMarked(sql.byFold.all(fold, limit), sql.markedFold.all(fold, limit), limit);
  }

  return {
    addItems: (items, first = []) => writer.run(() => addAll(items, first)),
    append: (entries) => writer.run(() => appendAll(entries)),
    async heads(itemIds) {
      await turn();
      const found = new Map<string, ItemHead>();
      for (const itemId of itemIds) {
        const row = sql.head.get(itemId);
        if (row !== undefined) found.set(itemId, toHead(row));
      }
      return found;
    },
    async findItems(itemIds) {
      if (itemIds.length > MANY) await turn();
      const found = new Map<string, ItemWithHead>();
      for (const itemId of itemIds) {
        const row = sql.item.get(itemId);
        if (row !== undefined) found.set(itemId, toItem(row));
      }
      return found;
    },
    async bySerialKey(serialKey, limit) {
      return alsoMarked(sql.byKey.all(serialKey, limit), sql.markedKey.all(serialKey, limit), limit);
    },
    async bySerialFold(serialFold, limit) {
      return byFold(serialFold, limit);
    },
    async findEvent(itemId, eventId) {
      return events.find(itemId, eventId);
    },
    async history(itemId, query) {
      return events.of(itemId, query);
    },
    async bySerialFolds(serialFolds, limitEach) {
      await turn();
      return new Map(serialFolds.map((fold) => [fold, sql.byFold.all(fold, limitEach).map(toItem)]));
    },
    async histories(itemIds, limitEach) {
      if (itemIds.length > MANY) await turn();
      return new Map(itemIds.map((itemId) => [itemId, events.of(itemId, { limit: limitEach })]));
    },
    async fittedTo(pressId, afterItemId, limit) {
      return sql.byPress.all(pressId, afterItemId ?? '', limit).map(toItem);
    },
    async countItems() {
      return sql.count.get()?.n ?? 0;
    },
    async page(afterItemId, limit) {
      await turn();
      return records.page(afterItemId ?? '', limit);
    },
    async scan(position, limit) {
      await turn();
      return records.scan(position, limit);
    },
    adopt: (given) => writer.run(() => records.adoptAll(given)),
  };
}

/** Items registered under a serial and items re-stamped with it, each once. */
function alsoMarked(
  registered: readonly ItemRow[],
  marked: readonly ItemRow[],
  limit: number,
): ItemWithHead[] {
  if (marked.length === 0) return registered.map(toItem);
  const rows = new Map([...registered, ...marked].map((row) => [row.item_id, row]));
  const sorted = [...rows.values()].sort((a, b) => (a.item_id < b.item_id ? -1 : 1));
  return sorted.slice(0, limit).map(toItem);
}
