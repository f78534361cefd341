import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Serial } from './probe.ts';

const PER_TRANSACTION = 64;

/**
 * How many look-ups a second the bare driver serves: an item by the index that a look-up uses, its events, and a row as
 * the registry logs it, synced to disk every 64 rows. Rows are not parsed and nobody is answered.
 * @param registerFile holds at least one logged look-up
 */
export function bulkLookupFloor(registerFile: string, folder: string, serials: readonly Serial[]): number {
  const register = new Database(registerFile, { readonly: true });
  const file = join(folder, 'floor.sqlite');
  const log = new Database(file);
  try {
    log.pragma('journal_mode = WAL');
    log.pragma('synchronous = FULL');
    const schema =
      "SELECT sql FROM sqlite_schema WHERE tbl_name = 'lookups' AND sql IS NOT NULL ORDER BY rowid";
    for (const sql of register.prepare<[], string>(schema).pluck().all()) log.exec(sql);
    const like = register.prepare<[], Record<string, unknown>>('SELECT * FROM lookups LIMIT 1').get();
    if (like === undefined) throw new Error('nothing was looked up before');
    const names = Object.keys(like);
    const add = log.prepare(
      `INSERT INTO lookups (${names.join()}) VALUES (${names.map((name) => `@${name}`).join()})`,
    );
    const items = register.prepare<[string], { no: number }>(
      'SELECT i.* FROM items AS i WHERE i.serial_fold = (SELECT serial_fold FROM items WHERE serial_key = ?) LIMIT 100',
    );
    const events = register.prepare<[number], unknown>(
      'SELECT e.*, c.* FROM item_events AS e JOIN event_circumstances AS c ON c.no = e.circumstances_no WHERE e.item_no = ? ORDER BY e.seq LIMIT 100',
    );
    let no = 0;
    const some = log.transaction((keys: readonly Serial[]) => {
      for (const { key } of keys) {
        for (const item of items.all(key)) events.all(item.no);
        no += 1;
        add.run({ ...like, no, lookup_id: `lkp_floor_${no}` });
      }
    });
    const begun = performance.now();
    for (let from = 0; from < serials.length; from += PER_TRANSACTION)
      some(serials.slice(from, from + PER_TRANSACTION));
    return serials.length / ((performance.now() - begun) / 1_000);
  } finally {
    log.close();
    register.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  }
}
