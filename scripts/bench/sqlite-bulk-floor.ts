import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

const PER_TRANSACTION = 1_000;
const EVENTS_EACH = 2;
const TABLES = ['items', 'item_events', 'event_circumstances'];

/**
 * How many items a second the bare driver inserts in bulk: rows as the registry keeps them, each item with the two events
 * of its declaration, into empty tables with the same indexes, a thousand items to a transaction that is synced to disk.
 * @param registerFile holds at least one such item
 */
export function bulkInsertFloor(registerFile: string, folder: string, items: number): number {
  const register = new Database(registerFile, { readonly: true });
  const file = join(folder, 'floor.sqlite');
  const db = new Database(file);
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    for (const sql of register
      .prepare<string[], string>(
        `SELECT sql FROM sqlite_schema WHERE tbl_name IN (${TABLES.map(() => '?').join()}) AND sql IS NOT NULL ORDER BY rowid`,
      )
      .pluck()
      .all(...TABLES)) {
      db.exec(sql);
    }
    const item = register.prepare<[], Row>('SELECT * FROM items ORDER BY no DESC LIMIT 1').get();
    const event = register.prepare<[], Row>('SELECT * FROM item_events ORDER BY item_no DESC LIMIT 1').get();
    const shared = register
      .prepare<[], Row>('SELECT * FROM event_circumstances ORDER BY no DESC LIMIT 1')
      .get();
    if (item === undefined || event === undefined || shared === undefined)
      throw new Error('an empty register');
    insertInto(db, 'event_circumstances', shared).run(shared);
    const addItem = insertInto(db, 'items', item);
    const addEvent = insertInto(db, 'item_events', event);
    const some = db.transaction((from: number) => {
      for (let no = from; no < from + PER_TRANSACTION; no += 1) {
        addItem.run({
          ...item,
          no,
          item_id: `itm_floor_${no}`,
          serial_key: `FLOOR${no}`,
          serial_fold: `F100R${no}`,
        });
        for (let seq = 1; seq <= EVENTS_EACH; seq += 1) {
          addEvent.run({ ...event, item_no: no, seq, event_id: `evt_floor_${no}_${seq}` });
        }
      }
    });
    const begun = performance.now();
    for (let from = 1; from <= items; from += PER_TRANSACTION) some(from);
    return items / ((performance.now() - begun) / 1_000);
  } finally {
    db.close();
    register.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  }
}

type Row = Record<string, unknown>;

function insertInto(db: Database.Database, table: string, row: Row): Database.Statement {
  const names = Object.keys(row);
  return db.prepare(
    `INSERT INTO ${table} (${names.join()}) VALUES (${names.map((name) => `@${name}`).join()})`,
  );
}
