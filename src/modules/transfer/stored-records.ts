import type { DeclarationStore, RefusedFilingStore } from '../declarations/index.ts';
import type { LookupLog } from '../lookup/index.ts';
import type { RegisterStore } from '../register/index.ts';
import type { Kind, Records, RecordTarget } from './records.ts';

/** Every port that keeps records. */
export interface RecordStores {
  readonly registerId: string;
  readonly declarations: DeclarationStore;
  readonly register: RegisterStore;
  readonly refusedFilings: RefusedFilingStore;
  readonly lookupLog: LookupLog;
}

interface Shelf<T> {
  count(): Promise<number>;
  /** What comes after this record; nothing at the end. */
  page(last: T | undefined): Promise<readonly T[]>;
  adopt(records: readonly T[]): Promise<void>;
}

/** Records a page; of those that can be large the stores make shorter ones. */
const PAGE = 500;
/** A refused filing can be 64 KiB. */
const PAGE_OF_REFUSED = 50;

/**
 * The records of a live register, read and kept through its ports.
 * @param isUnchanged whether nobody wrote since the stores were opened, where that can be told
 */
export function storedRecords(
  stores: RecordStores,
  isUnchanged: () => Promise<boolean> = async () => false,
): RecordTarget {
  const { registerId, declarations, register, refusedFilings, lookupLog } = stores;
  const shelves: { readonly [K in Kind]: Shelf<Records[K]> } = {
    declarations: {
      count: () => declarations.count(),
      page: (last) => declarations.page(last?.id ?? null, PAGE),
      adopt: (records) => declarations.adopt(records),
    },
    items: {
      count: () => register.countItems(),
      page: (last) => register.page(last?.item.itemId ?? null, PAGE),
      adopt: (records) => register.adopt(records),
    },
    refusedFilings: {
      count: () => refusedFilings.count(),
      page: (last) =>
        refusedFilings.list({ ...(last === undefined ? {} : { after: last }), limit: PAGE_OF_REFUSED }),
      adopt: (records) => each(records, refusedFilings.add),
    },
    lookups: {
      count: () => lookupLog.count(),
      page: (last) => lookupLog.list({ ...(last === undefined ? {} : { after: last }), limit: PAGE }),
      adopt: (records) => each(records, lookupLog.add),
    },
  };
  return {
    registerId,
    isUnchanged,
    count: (kind) => shelves[kind].count(),
    pages: (kind) => allPages((last) => shelves[kind].page(last)),
    adopt: (kind, records) => shelves[kind].adopt(records),
  };
}

/** Given at the same time, they share disk syncs and round trips. */
async function each<T>(records: readonly T[], add: (record: T) => Promise<void>): Promise<void> {
  await Promise.all(records.map(add));
}

/** Page after page; while one is looked at, the next is being read. */
async function* allPages<T>(
  page: (last: T | undefined) => Promise<readonly T[]>,
): AsyncGenerator<readonly T[], void, void> {
  let coming = page(undefined);
  for (let found = await coming; found.length > 0; found = await coming) {
    coming = page(found.at(-1));
    coming.catch(() => undefined); // thrown when it is awaited, if it ever is
    yield found;
  }
}
