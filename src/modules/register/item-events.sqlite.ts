import type { Sqlite } from '../../platform/sqlite/index.ts';
import { LIMIT } from '../../platform/sqlite/index.ts';
import type { EventActor, EventDetail, EventType, ItemEvent } from './item-event.ts';
import type { ItemRow } from './item-row.sqlite.ts';
import type { HistoryQuery } from './register.ports.ts';

/**
 * Events are clustered by item in order of registration, so that filing a thousand new items writes
 * neighbouring pages; an event id is unique within its item, and an item id is part of what it is derived from.
 * What the events of one move have in common - who, when, where, under which declaration - is kept once.
 */
export const ITEM_EVENT_TABLES = [
  `CREATE TABLE event_circumstances (
     no INTEGER PRIMARY KEY,
     recorded_at TEXT NOT NULL,
     facts TEXT NOT NULL,
     UNIQUE (recorded_at, facts)
   ) STRICT`,
  `CREATE TABLE item_events (
     item_no INTEGER NOT NULL REFERENCES items (no),
     seq INTEGER NOT NULL,
     event_id TEXT NOT NULL,
     type TEXT NOT NULL,
     circumstances_no INTEGER NOT NULL REFERENCES event_circumstances (no),
     line INTEGER,
     detail TEXT NOT NULL,
     nonce BLOB NOT NULL,
     digest BLOB NOT NULL,
     PRIMARY KEY (item_no, seq)
   ) STRICT, WITHOUT ROWID`,
  `CREATE UNIQUE INDEX item_events_by_id ON item_events (item_no, event_id)`,
];

interface EventRow {
  seq: number;
  event_id: string;
  type: EventType;
  line: number | null;
  detail: string;
  nonce: Buffer;
  digest: Buffer;
  recorded_at: string;
  facts: string;
}

/** A row of the table alone. */
type NumberedRow = [
  itemNo: number,
  circumstancesNo: number,
  eventId: string,
  seq: number,
  type: EventType,
  line: number | null,
  detail: string,
  nonce: string,
  digest: string,
];

/** The fields that the events of one move share, apart from when they were recorded. */
interface Circumstances {
  readonly occurredAt: string;
  readonly actor: EventActor;
  readonly org?: string;
  readonly declarationId?: string;
  readonly place?: string;
}

/** The circumstances met last in the course of one call: most of its events share them. */
export interface KnownCircumstances {
  event?: ItemEvent;
  no?: number;
}

/** Circumstances that are kept in memory while many events are read: those of a page or two. */
const CIRCUMSTANCES_AT_HAND = 5_000;

const COLUMNS = 'e.seq, e.event_id, e.type, e.line, e.detail, e.nonce, e.digest, c.recorded_at, c.facts';
const SELECT_EVENTS = `
  SELECT ${COLUMNS}
  FROM item_events AS e JOIN event_circumstances AS c ON c.no = e.circumstances_no
  WHERE e.item_no = (SELECT no FROM items WHERE item_id = ?)`;

export type ItemEvents = ReturnType<typeof createItemEvents>;

/** The events' part of the register, to be used within the transactions and reads of its store. */
export function createItemEvents(db: Sqlite) {
  const sql = {
    has: db.prepare<[number, string], unknown>(
      'SELECT 1 FROM item_events WHERE item_no = ? AND event_id = ?',
    ),
    add: db.prepare(
      `INSERT INTO item_events (item_no, seq, event_id, type, circumstances_no, line, detail, nonce, digest)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    ),
    addCircumstances: db.prepare(
      'INSERT INTO event_circumstances (recorded_at, facts) VALUES (?, ?) ON CONFLICT DO NOTHING',
    ),
    circumstances: db.prepare<[string, string], { no: number }>(
      'SELECT no FROM event_circumstances WHERE recorded_at = ? AND facts = ?',
    ),
    digest: db.prepare<[number, number], Pick<EventRow, 'digest'>>(
      'SELECT digest FROM item_events WHERE item_no = ? AND seq = ?',
    ),
    of: db.prepare<[string, number, string, number], EventRow>(
      `${SELECT_EVENTS} AND e.seq > ? AND c.recorded_at <= ? ORDER BY e.seq ${LIMIT}`,
    ),
    one: db.prepare<[string, string], EventRow>(`${SELECT_EVENTS} AND e.event_id = ?`),
    ofRange: db.prepare<[string, string], EventRow & { item_id: string }>(
      `SELECT i.item_id, ${COLUMNS}
       FROM items AS i CROSS JOIN item_events AS e ON e.item_no = i.no
         JOIN event_circumstances AS c ON c.no = e.circumstances_no
       WHERE i.item_id BETWEEN ? AND ? ORDER BY i.item_id, e.seq`,
    ),
    // As arrays, and bytes as text: in the driver an object or a Buffer costs more than all the rest of a row.
    ofNumbers: db
      .prepare<[number, number], NumberedRow>(
        `SELECT item_no, circumstances_no, event_id, seq, type, line, detail, lower(hex(nonce)), lower(hex(digest))
         FROM item_events WHERE item_no BETWEEN ? AND ? ORDER BY item_no, seq`,
      )
      .raw(),
    circumstancesOf: db.prepare<[number], Pick<EventRow, 'recorded_at' | 'facts'>>(
      'SELECT recorded_at, facts FROM event_circumstances WHERE no = ?',
    ),
  };

  function circumstancesNo(event: ItemEvent, known: KnownCircumstances): number {
    if (known.no !== undefined && known.event !== undefined && isAlike(event, known.event)) return known.no;
    const { occurredAt, recordedAt, actor, org, declarationId, place } = event;
    const facts = JSON.stringify({ occurredAt, actor, org, declarationId, place });
    sql.addCircumstances.run(recordedAt, facts);
    const no = sql.circumstances.get(recordedAt, facts)?.no;
    if (no === undefined) throw new Error('the circumstances of an event were not kept');
    Object.assign(known, { event, no });
    return no;
  }

  const atHand = new Map<number, Circumstances & Pick<ItemEvent, 'recordedAt'>>();

  function circumstancesOf(no: number): Circumstances & Pick<ItemEvent, 'recordedAt'> {
    const known = atHand.get(no);
    if (known !== undefined) return known;
    const row = sql.circumstancesOf.get(no);
    if (row === undefined) throw new Error(`the circumstances ${no} of an event are gone`);
    if (atHand.size >= CIRCUMSTANCES_AT_HAND) atHand.clear();
    const { occurredAt, actor, ...rest } = JSON.parse(row.facts) as Circumstances;
    const circumstances = { occurredAt, actor, ...rest, recordedAt: row.recorded_at };
    atHand.set(no, circumstances);
    return circumstances;
  }

  return {
    /** False when an event with this seq or this id is there already. */
    add(itemNo: number, event: ItemEvent, known: KnownCircumstances): boolean {
      const added = sql.add.run(
        itemNo,
        event.seq,
        event.eventId,
        event.type,
        circumstancesNo(event, known),
        event.line ?? null,
        JSON.stringify(event.detail),
        Buffer.from(event.nonce, 'hex'),
        Buffer.from(event.digest, 'hex'),
      );
      return added.changes === 1;
    },
    has: (itemNo: number, eventId: string): boolean => sql.has.get(itemNo, eventId) !== undefined,
    /** Whether this very event has its place there. */
    isAt: (itemNo: number, { seq, digest }: ItemEvent): boolean =>
      sql.digest.get(itemNo, seq)?.digest.toString('hex') === digest,
    find(itemId: string, eventId: string): ItemEvent | null {
      const row = sql.one.get(itemId, eventId);
      return row === undefined ? null : toEvent(itemId, row);
    },
    of(itemId: string, { afterSeq = 0, asOf = '9999', limit }: HistoryQuery): ItemEvent[] {
      return sql.of.all(itemId, afterSeq, asOf, limit).map((row) => toEvent(itemId, row));
    },
    /** All events of the items from the first id to the last. */
    ofRange(firstItemId: string, lastItemId: string): Map<string, ItemEvent[]> {
      const found = new Map<string, ItemEvent[]>();
      for (const row of sql.ofRange.all(firstItemId, lastItemId)) {
        const event = toEvent(row.item_id, row);
        const before = found.get(row.item_id);
        if (before === undefined) found.set(row.item_id, [event]);
        else before.push(event);
      }
      return found;
    },
    /** All events of items that are given in order of number, with no other between them. */
    ofRows(items: readonly Pick<ItemRow, 'no' | 'item_id'>[]): ItemEvent[][] {
      const found: ItemEvent[][] = items.map(() => []);
      let at = 0;
      for (const row of sql.ofNumbers.all(items[0]?.no ?? 0, items.at(-1)?.no ?? -1)) {
        const [itemNo, circumstancesNo, eventId, seq, type, line, detail, nonce, digest] = row;
        while ((items[at]?.no ?? itemNo) < itemNo) at += 1;
        const event = Object.assign({}, circumstancesOf(circumstancesNo), {
          eventId,
          itemId: items[at]?.item_id ?? '',
          seq,
          type,
          detail: detail === '{}' ? {} : (JSON.parse(detail) as EventDetail),
          nonce,
          digest,
        });
        found[at]?.push(line === null ? event : Object.assign(event, { line }));
      }
      return found;
    },
  };
}

function isAlike(one: ItemEvent, other: ItemEvent): boolean {
  return (
    one.actor === other.actor &&
    one.recordedAt === other.recordedAt &&
    one.occurredAt === other.occurredAt &&
    one.declarationId === other.declarationId &&
    one.org === other.org &&
    one.place === other.place
  );
}

function toEvent(itemId: string, row: EventRow): ItemEvent {
  // What was parsed becomes the record itself: copying it by spread takes several times as long as parsing it.
  return Object.assign(JSON.parse(row.facts) as Circumstances, {
    eventId: row.event_id,
    itemId,
    seq: row.seq,
    type: row.type,
    recordedAt: row.recorded_at,
    ...(row.line === null ? null : { line: row.line }),
    detail: JSON.parse(row.detail) as EventDetail,
    nonce: row.nonce.toString('hex'),
    digest: row.digest.toString('hex'),
  });
}
