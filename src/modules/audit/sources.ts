import type { Instant } from '../../kernel/clock.ts';
import type { Catalogue, Screening } from '../catalogue/index.ts';
import type { Declaration, DeclarationStore } from '../declarations/index.ts';
import type { LookupLog, LookupLogEntry } from '../lookup/index.ts';
import { lookupPages } from '../lookup/index.ts';
import type { ItemHead, ItemRecord, RegisterStore } from '../register/index.ts';
import type { AuditRow, Step } from './row.ts';
import type { OpenSorting } from './sorting.ts';

/** Records of one page, and the position after them. */
export interface Page<T> {
  readonly records: readonly T[];
  readonly position: string;
}
export type Pages<T> = AsyncGenerator<Page<T>, void, void>;

/** What reports read. All of it is read a page at a time, each page once. */
export interface AuditSources {
  /** From a position on, or all. */
  items(from: string | null): Pages<ItemRecord>;
  declarations(from: string | null): Pages<Declaration>;
  /** In order of time, from this instant on. */
  lookups(since: Instant): Pages<LookupLogEntry>;
  /** Heads by item id, for those that are registered. For the few items that a row may be about. */
  heads(itemIds: readonly string[]): Promise<ReadonlyMap<string, ItemHead>>;
  readonly catalogue: Catalogue;
  readonly screening: Screening;
  readonly now: Instant;
  readonly openSorting: OpenSorting;
}

export interface AuditSourceParts extends Pick<
  AuditSources,
  'catalogue' | 'screening' | 'now' | 'openSorting'
> {
  readonly register: Pick<RegisterStore, 'scan' | 'heads'>;
  readonly declarations: Pick<DeclarationStore, 'page'>;
  readonly lookupLog: Pick<LookupLog, 'list'>;
}

/** Of about 5 events each: some milliseconds. An officer's look-up waits for several pages. */
const ITEMS_A_PAGE = 300;
/** Of up to 2,000 lines each; the store makes the page shorter. */
const DECLARATIONS_A_PAGE = 10;

export function createSources(parts: AuditSourceParts): AuditSources {
  const { register, declarations, lookupLog, ...rest } = parts;
  return {
    ...rest,
    heads: (itemIds) => register.heads(itemIds),
    async *items(from) {
      for (let position = from; ;) {
        const { records, next } = await register.scan(position, ITEMS_A_PAGE);
        if (next === null) return;
        position = next;
        yield { records, position };
      }
    },
    async *declarations(from) {
      for (let position = from; ;) {
        const records = await declarations.page(position, DECLARATIONS_A_PAGE);
        const last = records.at(-1);
        if (last === undefined) return;
        position = last.id;
        yield { records, position };
      }
    },
    async *lookups(since) {
      for await (const records of lookupPages(lookupLog, { since, until: rest.now })) {
        yield { records, position: '' };
      }
    },
  };
}

/** The steps of a report that looks at each record alone. */
export async function* eachAlone<T>(
  pages: Pages<T>,
  rowsOf: (record: T) => readonly AuditRow[] | Promise<readonly AuditRow[]>,
): AsyncGenerator<Step, void, void> {
  for await (const { records, position } of pages) {
    const rows: AuditRow[] = [];
    for (const record of records) rows.push(...(await rowsOf(record)));
    yield { rows, position, read: records.length };
  }
}
