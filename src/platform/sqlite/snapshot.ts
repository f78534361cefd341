import { existsSync } from 'node:fs';
import type { Schema } from './migrate.ts';
import { assertCurrent } from './migrate.ts';
import type { Sqlite } from './open.ts';
import { openSqlite } from './open.ts';

export interface Snapshot {
  readonly db: Sqlite;
  /** True when nobody wrote since the snapshot was opened. Asking moves it on to the present. */
  isUnchanged(): boolean;
}

/**
 * Opens `file` to be read as it is at this moment, until it is closed: what others write meanwhile is not seen. It
 * keeps nobody from reading or writing; but while it is open, the write-ahead log can't be cut short.
 * @throws Error of one sentence when there is no such file, or `assertCurrent` refuses it
 */
export function openSnapshot(file: string, schema: Schema): Snapshot {
  if (!existsSync(file)) throw new Error(`There is no file ${file}.`);
  const db = openSqlite(file, { readonly: true });
  try {
    assertCurrent(db, schema);
    const version = beginReading(db);
    return {
      db,
      isUnchanged() {
        db.exec('COMMIT');
        return beginReading(db) === version;
      },
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** @returns a number that another connection's commit changes. https://www.sqlite.org/pragma.html#pragma_data_version */
function beginReading(db: Sqlite): unknown {
  db.exec('BEGIN');
  // The moment is that of the first read.
  db.prepare('SELECT 1 FROM sqlite_schema').get();
  return db.pragma('data_version', { simple: true });
}
