import { invalidCursor } from '../../kernel/cursor.ts';
import type { Sqlite } from '../../platform/sqlite/index.ts';
import { LIMIT } from '../../platform/sqlite/index.ts';
import type { ItemEvents, KnownCircumstances } from './item-events.sqlite.ts';
import type { ItemHead } from './item-head.ts';
import { stampedMarks } from './item-head.ts';
import type { ItemRow } from './item-row.sqlite.ts';
import { toItem } from './item-row.sqlite.ts';
import type { Item } from './item.ts';
import type { ItemRecord, ScannedItems } from './register.ports.ts';

/** With this many events a page is full: a few megabytes. */
const EVENTS_A_PAGE = 5_000;

export interface ItemRecordParts {
  readonly events: ItemEvents;
  /** Keeps an item, with an empty head, unless it is there. */
  readonly add: (item: Item) => void;
  readonly setHead: (itemNo: number, head: ItemHead) => void;
  readonly addMark: (itemNo: number, mark: string) => void;
}

/**
 * Items lie in the order in which they were registered; a copy of the register has an order of its own. So a position
 * is the number of the last item and its id.
 */
const POSITION = /^([1-9]\d{0,14})-(\w+)$/;

/** Whole records, to be used within the transactions and reads of the register's store. */
export function createItemRecords(db: Sqlite, { events, add, setHead, addMark }: ItemRecordParts) {
  const sql = {
    after: db.prepare<[string, number], ItemRow>(
      `SELECT * FROM items WHERE item_id > ? ORDER BY item_id ${LIMIT}`,
    ),
    from: db.prepare<[number, number], ItemRow>(`SELECT * FROM items WHERE no > ? ORDER BY no ${LIMIT}`),
    idAt: db.prepare<[number], Pick<ItemRow, 'item_id'>>('SELECT item_id FROM items WHERE no = ?'),
    place: db.prepare<[string], Pick<ItemRow, 'no' | 'seq'>>('SELECT no, seq FROM items WHERE item_id = ?'),
  };

  /** So many of the rows as make a page. */
  function pageOf(found: Iterable<ItemRow>): ItemRow[] {
    const rows: ItemRow[] = [];
    let count = 0;
    for (const row of found) {
      count += row.seq;
      if (rows.length > 0 && count > EVENTS_A_PAGE) break;
      rows.push(row);
    }
    return rows;
  }

  const page = db.transaction((afterItemId: string, limit: number): ItemRecord[] => {
    const rows = pageOf(sql.after.iterate(afterItemId, limit));
    const [first, last] = [rows[0], rows.at(-1)];
    if (first === undefined || last === undefined) return [];
    const histories = events.ofRange(first.item_id, last.item_id);
    return rows.map((row) => ({ ...toItem(row), events: histories.get(row.item_id) ?? [] }));
  });

  function numberOf(position: string | null): number {
    if (position === null) return 0;
    const [, no, itemId] = POSITION.exec(position) ?? [];
    if (itemId === undefined || sql.idAt.get(Number(no))?.item_id !== itemId) throw invalidCursor();
    return Number(no);
  }

  const scan = db.transaction((position: string | null, limit: number): ScannedItems => {
    const rows = pageOf(sql.from.iterate(numberOf(position), limit));
    const histories = events.ofRows(rows);
    const last = rows.at(-1);
    return {
      records: rows.map((row, index) => ({ ...toItem(row), events: histories[index] ?? [] })),
      next: last === undefined ? null : `${last.no}-${last.item_id}`,
    };
  });

  function adopt(record: ItemRecord, known: KnownCircumstances): void {
    const { item, head } = record;
    add(item);
    const place = sql.place.get(item.itemId);
    if (place === undefined) throw new Error(`item ${item.itemId} could not be kept`);
    if (place.seq >= head.seq || !continues(place, record)) return;
    for (const event of record.events) if (event.seq > place.seq) events.add(place.no, event, known);
    setHead(place.no, head);
    for (const mark of stampedMarks(record.events)) addMark(place.no, mark);
  }

  /** Whether the history that is there is the beginning of the record's. */
  function continues(place: Pick<ItemRow, 'no' | 'seq'>, record: ItemRecord): boolean {
    if (place.seq === 0) return true;
    const last = record.events[place.seq - 1];
    return last !== undefined && events.isAt(place.no, last);
  }

  return {
    page,
    scan,
    adoptAll(records: readonly ItemRecord[]): void {
      const known: KnownCircumstances = {};
      for (const record of records) adopt(record, known);
    },
  };
}
