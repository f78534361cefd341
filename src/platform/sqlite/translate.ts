import Database from 'better-sqlite3';
import { Failure } from '../../kernel/failure.ts';

/** What SQLite answers when the disk takes no more. https://www.sqlite.org/rescode.html */
const DISK_CODES = new Set([
  'SQLITE_FULL',
  'SQLITE_IOERR_WRITE',
  'SQLITE_IOERR_FSYNC',
  'SQLITE_IOERR_TRUNCATE',
  'SQLITE_IOERR_SHMSIZE',
]);

/**
 * The failure that callers are meant to see for an error of SQLite: `storage-full` when the disk is full or
 * refuses to write, `store-busy` when another process holds the store. Anything else as it is.
 */
export function translated(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (DISK_CODES.has(error.code)) {
    const message = 'The disk of the store is full or cannot be written; nothing was stored.';
    return new Failure('storage-full', 'storage-full', message, { cause: error, retryAfterSeconds: 30 });
  }
  if (/^SQLITE_(BUSY|LOCKED)/.test(error.code)) {
    const message = 'The store is busy; try again.';
    return new Failure('unavailable', 'store-busy', message, { cause: error, retryAfterSeconds: 1 });
  }
  return error;
}

/** Runs `work` with the errors of SQLite translated. */
export function translating<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translated(error);
  }
}
