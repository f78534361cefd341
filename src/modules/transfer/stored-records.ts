import type { AuditRunParts, AuditRunStore } from '../audit/index.ts';
import type { DeclarationStore, RefusedFilingStore } from '../declarations/index.ts';
import type { ImportPart, ImportParts, ImportStore } from '../imports/index.ts';
import type { LookupLog } from '../lookup/index.ts';
import { lookupPages } from '../lookup/index.ts';
import type { RegisterStore } from '../register/index.ts';
import type { ImportPartRecord, Kind, Records, RecordTarget } from './records.ts';

/** Every port that keeps records. */
export interface RecordStores {
  readonly registerId: string;
  readonly declarations: DeclarationStore;
  readonly register: RegisterStore;
  readonly refusedFilings: RefusedFilingStore;
  readonly lookupLog: LookupLog;
  readonly imports: ImportStore;
  readonly importParts: ImportParts;
  readonly auditRuns: AuditRunStore;
  readonly auditRunParts: AuditRunParts;
}

interface Shelf<T> {
  count(): Promise<number>;
  pages(): AsyncIterable<readonly T[]>;
  adopt(records: readonly T[]): Promise<void>;
}

/** Records a page; of those that can be large the stores make shorter ones. */
const PAGE = 500;
/** A refused filing can be 64 KiB. */
const PAGE_OF_REFUSED = 50;
/** A part of an import can be a few megabytes, one of a run of a report half of one. */
const PAGE_OF_PARTS = 4;

/**
 * The records of a live register, read and kept through its ports.
 * @param isUnchanged whether nobody wrote since the stores were opened, where that can be told
 */
export function storedRecords(
  stores: RecordStores,
  isUnchanged: () => Promise<boolean> = async () => false,
): RecordTarget {
  const { registerId, declarations, register, refusedFilings, lookupLog, imports, importParts } = stores;
  const { auditRuns, auditRunParts } = stores;
  const shelves: { readonly [K in Kind]: Shelf<Records[K]> } = {
    declarations: {
      count: () => declarations.count(),
      pages: () => allPages((last) => declarations.page(last?.id ?? null, PAGE)),
      adopt: (records) => declarations.adopt(records),
    },
    items: {
      count: () => register.countItems(),
      pages: () => allPages((last) => register.page(last?.item.itemId ?? null, PAGE)),
      adopt: (records) => register.adopt(records),
    },
    refusedFilings: {
      count: () => refusedFilings.count(),
      pages: () =>
        allPages((last) =>
          refusedFilings.list({ ...(last === undefined ? {} : { after: last }), limit: PAGE_OF_REFUSED }),
        ),
      adopt: (records) => each(records, refusedFilings.add),
    },
    lookups: {
      count: () => lookupLog.count(),
      pages: () => lookupPages(lookupLog),
      adopt: (records) => each(records, lookupLog.add),
    },
    imports: {
      count: () => imports.count(),
      pages: () => allPages((last) => imports.page(last?.id ?? null, PAGE)),
      adopt: (records) => imports.adopt(records),
    },
    importParts: {
      count: () => importParts.count(),
      pages: () =>
        allPages(async (last) => (await importParts.page(last ?? null, PAGE_OF_PARTS)).map(toRecord)),
      adopt: (records) => importParts.add(records.map(toPart)),
    },
    auditRuns: {
      count: () => auditRuns.count(),
      pages: () => allPages((last) => auditRuns.page(last?.id ?? null, PAGE)),
      adopt: (records) => auditRuns.adopt(records),
    },
    auditRunParts: {
      count: () => auditRunParts.count(),
      pages: () => allPages((last) => auditRunParts.page(last ?? null, PAGE_OF_PARTS)),
      adopt: (records) => auditRunParts.add(records),
    },
  };
  return {
    registerId,
    isUnchanged,
    count: (kind) => shelves[kind].count(),
    pages: (kind) => ahead(shelves[kind].pages()),
    adopt: (kind, records) => shelves[kind].adopt(records),
  };
}

function toRecord({ content, ...key }: ImportPart): ImportPartRecord {
  return { ...key, base64: content.toString('base64') };
}

function toPart({ base64, ...key }: ImportPartRecord): ImportPart {
  return { ...key, content: Buffer.from(base64, 'base64') };
}

/** Given at the same time, they share disk syncs and round trips. */
async function each<T>(records: readonly T[], add: (record: T) => Promise<void>): Promise<void> {
  await Promise.all(records.map(add));
}

/** Page after page, each of what comes after the last record of the one before, until one is empty. */
async function* allPages<T>(
  page: (last: T | undefined) => Promise<readonly T[]>,
): AsyncGenerator<readonly T[], void, void> {
  for (let found = await page(undefined); found.length > 0; found = await page(found.at(-1))) yield found;
}

/** The same pages; while one is looked at, the next is being read. */
async function* ahead<T>(pages: AsyncIterable<T>): AsyncGenerator<T, void, void> {
  const iterator = pages[Symbol.asyncIterator]();
  try {
    let coming = iterator.next();
    for (;;) {
      const found = await coming;
      if (found.done === true) return;
      coming = iterator.next();
      coming.catch(() => undefined); // thrown when it is awaited, if it ever is
      yield found.value;
    }
  } finally {
    await iterator.return?.();
  }
}
