import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenStaging } from '../modules/imports/index.ts';
import { stagedRows } from '../modules/imports/staging.sqlite.ts';
import { openSqlite } from '../platform/sqlite/index.ts';

/** Places in `folder` where rows are put aside. Each is a file without a name: its space is free once it is closed, even by a crash. */
export function openStagingIn(folder: string, random: { nonce(): string }): OpenStaging {
  return () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, `staging-${random.nonce()}.sqlite`);
    const db = openSqlite(file);
    try {
      return stagedRows(db);
    } finally {
      rmSync(file, { force: true });
    }
  };
}
