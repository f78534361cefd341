import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportRunParts } from '../modules/imports/index.ts';
import { createXlsxReader, csvRows, jsonRows } from '../modules/imports/index.ts';
import { stagedRows } from '../modules/imports/staging.sqlite.ts';
import { textsAside } from '../modules/imports/texts.sqlite.ts';
import { sortedAside } from '../modules/audit/sorting.sqlite.ts';
import type { AuditParts } from '../modules/audit/index.ts';
import type { Sqlite } from '../platform/sqlite/index.ts';
import { openSqlite } from '../platform/sqlite/index.ts';

export type Scratch = Pick<ImportRunParts, 'readers' | 'openStaging'> & Pick<AuditParts, 'openSorting'>;

/**
 * What imports read files with, and what imports and audits put aside in `folder` meanwhile. What they put there has no
 * name once it is open: its space is free when it is closed, be it by a crash.
 */
export function scratchIn(folder: string, random: { nonce(): string }): Scratch {
  const scratchFile = (): string => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return join(folder, `aside-${random.nonce()}`);
  };
  const aside = <T>(use: (db: Sqlite) => T): T => {
    const file = scratchFile();
    try {
      const db = openSqlite(file);
      // What it holds can be made again: no write waits for a disk, and little of it stays in memory.
      db.pragma('journal_mode = OFF');
      db.pragma('synchronous = OFF');
      db.pragma('cache_size = -8192');
      return use(db);
    } finally {
      rmSync(file, { force: true });
    }
  };
  return {
    readers: {
      ndjson: jsonRows,
      csv: csvRows,
      xlsx: createXlsxReader({ scratchFile, openTexts: () => aside(textsAside) }),
    },
    openStaging: () => aside(stagedRows),
    openSorting: () => aside(sortedAside),
  };
}
