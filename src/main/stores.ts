import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LeaseStore } from '../kernel/lease.ts';
import type { DeclarationStore, RefusedFilingStore } from '../modules/declarations/index.ts';
import {
  createSqliteDeclarationStore,
  DECLARATION_TABLES,
} from '../modules/declarations/declaration.sqlite.ts';
import {
  createSqliteRefusedFilingStore,
  REFUSED_FILING_TABLES,
} from '../modules/declarations/refused-filing.sqlite.ts';
import type { ImportParts, ImportStore } from '../modules/imports/index.ts';
import {
  createSqliteImportParts,
  createSqliteImportStore,
  IMPORT_TABLES,
} from '../modules/imports/import.sqlite.ts';
import type { AuditRunParts, AuditRunStore } from '../modules/audit/index.ts';
import {
  AUDIT_RUN_TABLES,
  createSqliteAuditRunParts,
  createSqliteAuditRunStore,
} from '../modules/audit/audit-run.sqlite.ts';
import type { LookupLog } from '../modules/lookup/index.ts';
import {
  createSqliteLookupLog,
  LOOKUP_TABLES,
  LOOKUPS_LOGGED_ONCE,
} from '../modules/lookup/lookup.sqlite.ts';
import type { RegisterStore } from '../modules/register/index.ts';
import { createSqliteRegisterStore, REGISTER_TABLES } from '../modules/register/register.sqlite.ts';
import type { Schema, Sqlite } from '../platform/sqlite/index.ts';
import { createWriter, migrate, openSqlite } from '../platform/sqlite/index.ts';
import { beginServing } from './sqlite-stage.ts';

/** A change of the tables is a new step at the end. */
export const SCHEMA: Schema = {
  application: 'pill-press-registry',
  migrations: [
    {
      version: 1,
      statements: [
        'CREATE TABLE registry (id TEXT PRIMARY KEY) STRICT',
        ...REGISTER_TABLES,
        ...DECLARATION_TABLES,
        ...REFUSED_FILING_TABLES,
        ...LOOKUP_TABLES,
      ],
    },
    { version: 2, statements: LOOKUPS_LOGGED_ONCE },
    { version: 3, statements: ["ALTER TABLE registry ADD COLUMN stage TEXT NOT NULL DEFAULT 'serving'"] },
    { version: 4, statements: IMPORT_TABLES },
    { version: 5, statements: AUDIT_RUN_TABLES },
  ],
};

/** Every port that keeps records, on one engine. */
export interface Stores {
  readonly register: RegisterStore;
  readonly declarations: DeclarationStore;
  readonly refusedFilings: RefusedFilingStore;
  readonly lookupLog: LookupLog;
  readonly imports: ImportStore;
  readonly importParts: ImportParts;
  readonly auditRuns: AuditRunStore;
  readonly auditRunParts: AuditRunParts;
  /** Null where only one process can have the store open at a time. */
  readonly leases: LeaseStore | null;
  /** Tells this register from others, for example to the Redis it uses. */
  readonly registerId: string;
  /** Writes one row anew. Durable on return. @throws Failure `storage-full`, or whatever keeps the store from writing */
  probe(): Promise<void>;
  close(): Promise<void>;
}

/** Told which register the stores hold, or will hold, before anything is written; throws where it must not be. */
export type Admit = (registerId: string) => void;

/**
 * Opens the SQLite stores in `file`, or in memory for `:memory:`, to be served.
 * @param newRegisterId the id that a register gets when it is made
 * @throws Error of one sentence when the file belongs to another program or a newer version, or a copy into it was
 * not completed; whatever `admit` throws
 */
export function openSqliteStores(
  file: string,
  newRegisterId: string,
  admit: Admit = () => undefined,
): Stores {
  if (!existsSync(file)) admit(newRegisterId);
  const db = openMigrated(file);
  try {
    const registerId = beginServing(db, newRegisterId, admit);
    return sqliteStores(db, registerId);
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens `file`, which is made where it is missing, and brings its tables up to date. */
export function openMigrated(file: string): Sqlite {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const db = openSqlite(file);
  try {
    migrate(db, SCHEMA);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** The stores over a database that has all tables. */
export function sqliteStores(db: Sqlite, registerId: string): Stores {
  const writer = createWriter(db);
  const touch = db.prepare('UPDATE registry SET id = id');
  return {
    register: createSqliteRegisterStore(db, writer),
    declarations: createSqliteDeclarationStore(db, writer),
    refusedFilings: createSqliteRefusedFilingStore(db, writer),
    lookupLog: createSqliteLookupLog(db, writer),
    imports: createSqliteImportStore(db, writer),
    importParts: createSqliteImportParts(db, writer),
    auditRuns: createSqliteAuditRunStore(db, writer),
    auditRunParts: createSqliteAuditRunParts(db, writer),
    leases: null,
    registerId,
    probe: () => writer.run(() => void touch.run()),
    close: async () => void db.close(),
  };
}
