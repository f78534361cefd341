import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

export interface DirectoryLock {
  release(): void;
}

/**
 * Makes `dataDir` this process's own until `release` or its end, however it ends: an exclusive transaction
 * on a file in it, which the operating system gives up with the process. Creates the folder where missing.
 * @throws Error of one sentence when another holder has it, or it cannot be written
 */
export function lockDataDirectory(dataDir: string): DirectoryLock {
  const db = openLockFile(dataDir);
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    db.close();
    const busy = cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY');
    const sentence = busy
      ? `The data folder ${dataDir} is in use by another process.`
      : `The data folder ${dataDir} cannot be locked: ${messageOf(cause)}.`;
    throw new Error(sentence, { cause });
  }
  return { release: () => void db.close() };
}

function openLockFile(dataDir: string): Database.Database {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return new Database(join(dataDir, 'lock.sqlite'), { timeout: 0 });
  } catch (cause) {
    throw new Error(`The data folder ${dataDir} cannot be used: ${messageOf(cause)}.`, { cause });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
