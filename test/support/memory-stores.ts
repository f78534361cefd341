import type { Stores } from '../../src/main/stores.ts';
import type { AuditRunRecords, RunPartRecords } from './memory-audit-runs.ts';
import { createMemoryAuditRunParts, createMemoryAuditRunStore } from './memory-audit-runs.ts';
import type { DeclarationRecords } from './memory-declarations.ts';
import { createMemoryDeclarationStore } from './memory-declarations.ts';
import type { ImportRecords, PartRecords } from './memory-imports.ts';
import { createMemoryImportParts, createMemoryImportStore } from './memory-imports.ts';
import type { LogRecords } from './memory-logs.ts';
import { createMemoryLookupLog, createMemoryRefusedFilingStore } from './memory-logs.ts';
import type { ItemRecords } from './memory-register.ts';
import { createMemoryRegisterStore } from './memory-register.ts';

/** What outlives a process: the records, whoever opens stores over them. */
export interface MemoryRecords {
  readonly items: ItemRecords;
  readonly declarations: DeclarationRecords;
  readonly refusedFilings: LogRecords;
  readonly lookups: LogRecords;
  readonly imports: ImportRecords;
  readonly importParts: PartRecords;
  readonly auditRuns: AuditRunRecords;
  readonly auditRunParts: RunPartRecords;
}

export function noRecords(): MemoryRecords {
  return {
    items: new Map(),
    declarations: new Map(),
    refusedFilings: new Map(),
    lookups: new Map(),
    imports: new Map(),
    importParts: new Map(),
    auditRuns: new Map(),
    auditRunParts: new Map(),
  };
}

/**
 * The stores as a double in this process: deterministic, and each call has its whole effect at the moment it is made.
 * It passes the contract suites of all ports as an engine of its own.
 */
export function createMemoryStores(records: MemoryRecords): Stores {
  return {
    register: createMemoryRegisterStore(records.items),
    declarations: createMemoryDeclarationStore(records.declarations),
    refusedFilings: createMemoryRefusedFilingStore(records.refusedFilings),
    lookupLog: createMemoryLookupLog(records.lookups),
    imports: createMemoryImportStore(records.imports),
    importParts: createMemoryImportParts(records.importParts),
    auditRuns: createMemoryAuditRunStore(records.auditRuns),
    auditRunParts: createMemoryAuditRunParts(records.auditRunParts),
    leases: null,
    registerId: 'reg_test',
    probe: async () => undefined,
    close: async () => undefined,
  };
}
