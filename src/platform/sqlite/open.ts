import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';

export type Sqlite = Database.Database;

/** Marks the file as this registry's (SQLite's application_id). */
const APPLICATION_ID = 0x50505231;
const CACHE_KIB = 64 * 1024;
const BUSY_TIMEOUT_MS = 2_000;

/** A store that can't be opened; the message is one sentence for the operator. */
export class StoreError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StoreError';
  }
}

/**
 * Opens a database whose every acknowledged write survives a crash and a power cut: WAL with a sync at each commit.
 * `:memory:` gives one that lives as long as the connection.
 * @throws StoreError when the file can't be opened or is no database
 */
export function openSqlite(file: string): Sqlite {
  try {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const db = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('wal_autocheckpoint = 10000');
    db.pragma('foreign_keys = ON');
    db.pragma(`cache_size = -${CACHE_KIB}`);
    db.pragma('temp_store = MEMORY');
    return db;
  } catch (error) {
    throw new StoreError(`The store ${file} can't be opened: ${reasonOf(error)}.`, error);
  }
}

/**
 * Brings an empty database to the present tables, and leaves one that has them alone.
 * @param version of the tables; a change of theirs raises it and adds a step here
 * @throws StoreError when the database belongs to another program or another version
 */
export function prepareTables(db: Sqlite, version: number, statements: readonly string[]): void {
  const application = db.pragma('application_id', { simple: true }) as number;
  const present = db.pragma('user_version', { simple: true }) as number;
  const tables = db.prepare<[], { n: number }>('SELECT COUNT(*) AS n FROM sqlite_schema').get()?.n ?? 0;
  if (tables === 0 && application === 0) {
    db.transaction(() => {
      for (const statement of statements) db.exec(statement);
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${version}`);
    })();
    return;
  }
  if (application !== APPLICATION_ID) throw new StoreError(`The store ${db.name} belongs to another program.`);
  if (present !== version) {
    throw new StoreError(`The store ${db.name} is of version ${present}, this program of version ${version}: they don't fit.`);
  }
}

/**
 * Makes sure that one process at a time uses a data folder. The operating system lets go of it when the process
 * ends, however it ends.
 * @throws StoreError when another process has it
 */
export function lockDataFolder(dataDir: string): { release(): void } {
  const file = join(dataDir, 'lock.sqlite');
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const db = new Database(file, { timeout: 0 });
    db.pragma('journal_mode = DELETE');
    db.exec('BEGIN EXCLUSIVE');
    return {
      release() {
        db.exec('ROLLBACK');
        db.close();
      },
    };
  } catch (error) {
    const busy = error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
    const reason = busy ? 'is in use by another process of the registry' : `can't be used: ${reasonOf(error)}`;
    throw new StoreError(`The data folder ${dataDir} ${reason}.`, error);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
