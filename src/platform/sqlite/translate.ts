import Database from 'better-sqlite3';
import { Failure } from '../../kernel/failure.ts';

const FULL = new Set(['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_FSYNC', 'SQLITE_IOERR_SHMSIZE', 'SQLITE_IOERR_SHMOPEN']);

/** A driver's error as a failure that callers understand; anything else stays what it is. */
export function translated(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (FULL.has(error.code)) {
    const message = 'The disk is full: nothing was stored. Try again once there is room.';
    return new Failure('storage-full', 'storage-full', message, { cause: error, retryAfterSeconds: 30 });
  }
  if (error.code.startsWith('SQLITE_BUSY') || error.code.startsWith('SQLITE_LOCKED')) {
    return new Failure('unavailable', 'store-busy', 'The store is busy.', { cause: error, retryAfterSeconds: 1 });
  }
  return error;
}
