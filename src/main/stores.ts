import type { DeclarationStore, RefusedFilingStore } from '../modules/declarations/index.ts';
import { createSqliteDeclarationStore, DECLARATION_TABLES } from '../modules/declarations/declaration.sqlite.ts';
import { createSqliteRefusedFilingStore, REFUSED_FILING_TABLES } from '../modules/declarations/refused-filing.sqlite.ts';
import type { LookupLog } from '../modules/lookup/index.ts';
import { createSqliteLookupLog, LOOKUP_TABLES } from '../modules/lookup/lookup.sqlite.ts';
import type { RegisterStore } from '../modules/register/index.ts';
import { createSqliteRegisterStore, REGISTER_TABLES } from '../modules/register/register.sqlite.ts';
import { createWriter, openSqlite, prepareTables } from '../platform/sqlite/index.ts';

/** Raise it with every change of the tables. */
export const TABLES_VERSION = 1;

/** Every port that keeps records, on one engine. */
export interface Stores {
  readonly register: RegisterStore;
  readonly declarations: DeclarationStore;
  readonly refusedFilings: RefusedFilingStore;
  readonly lookupLog: LookupLog;
  /** Identifies this register among others, for example to the Redis it uses. */
  readonly registerId: string;
  close(): void;
}

/**
 * Opens the SQLite stores in `file`, or in memory for `:memory:`.
 * @param newRegisterId the id that a register gets when it is made
 * @throws StoreError
 */
export function openSqliteStores(file: string, newRegisterId: string): Stores {
  const db = openSqlite(file);
  try {
    prepareTables(db, TABLES_VERSION, [
      'CREATE TABLE registry (id TEXT PRIMARY KEY) STRICT',
      ...REGISTER_TABLES,
      ...DECLARATION_TABLES,
      ...REFUSED_FILING_TABLES,
      ...LOOKUP_TABLES,
    ]);
    db.prepare('INSERT INTO registry (id) SELECT ? WHERE NOT EXISTS (SELECT 1 FROM registry)').run(newRegisterId);
    const registerId = db.prepare<[], { id: string }>('SELECT id FROM registry').get()?.id ?? newRegisterId;
    const writer = createWriter(db);
    return {
      register: createSqliteRegisterStore(db, writer),
      declarations: createSqliteDeclarationStore(db, writer),
      refusedFilings: createSqliteRefusedFilingStore(db, writer),
      lookupLog: createSqliteLookupLog(db, writer),
      registerId,
      close: () => void db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}
