import type { Instant } from '../../src/kernel/clock.ts';
import type { Declaration } from '../../src/modules/declarations/index.ts';
import type { LookupLogEntry } from '../../src/modules/lookup/index.ts';
import type { AuditService } from '../../src/modules/audit/index.ts';
import type { AuditSettings, Report } from '../../src/modules/audit/report.ts';
import type { AuditRow } from '../../src/modules/audit/row.ts';
import type { OpenSorting } from '../../src/modules/audit/sorting.ts';
import { sortedAside } from '../../src/modules/audit/sorting.sqlite.ts';
import type { AuditSources } from '../../src/modules/audit/sources.ts';
import { createScreening } from '../../src/modules/catalogue/index.ts';
import type { WatchedParty } from '../../src/modules/catalogue/index.ts';
import type { EventDraft, Item, ItemRecord } from '../../src/modules/register/index.ts';
import { openSqlite } from '../../src/platform/sqlite/index.ts';
import { chain } from './items.ts';
import { catalogue } from './world.ts';

export const openSorting: OpenSorting = () => sortedAside(openSqlite(':memory:'));

export interface Records {
  readonly items?: readonly ItemRecord[];
  readonly declarations?: readonly Declaration[];
  readonly lookups?: readonly LookupLogEntry[];
  readonly watched?: readonly WatchedParty[];
  readonly now: Instant;
}

/** An item with a history of these facts. */
export function recordOf(item: Item, drafts: readonly EventDraft[]): ItemRecord {
  const entries = chain(drafts);
  const head = entries.at(-1)?.head;
  if (head === undefined) throw new Error('an item has a history');
  return { item, head, events: entries.map(({ event }) => event) };
}

/** Everything that a report finds in these records, two of them a page. */
export async function foundBy(
  report: Report,
  { items = [], declarations = [], lookups = [], watched = [], now }: Records,
  settings: AuditSettings = {},
): Promise<AuditRow[]> {
  const sources: AuditSources = {
    items: () => pagesOf(items),
    declarations: () => pagesOf(declarations),
    lookups: (since) => pagesOf(lookups.filter(({ at }) => at >= since)),
    async heads(itemIds) {
      return new Map(
        items.flatMap(({ item, head }) =>
          itemIds.includes(item.itemId) ? [[item.itemId, head] as const] : [],
        ),
      );
    },
    catalogue,
    screening: createScreening(watched),
    now,
    openSorting,
  };
  const rows: AuditRow[] = [];
  for await (const step of report.run(sources, { ...report.defaults, ...settings }, null))
    rows.push(...step.rows);
  return rows;
}

async function* pagesOf<T>(records: readonly T[]) {
  for (let from = 0; from < records.length; from += 2) {
    yield { records: records.slice(from, from + 2), position: String(from + 2) };
  }
}

/** What a run gave, row by row. */
export interface Given {
  readonly rows: readonly AuditRow[];
  readonly cursors: readonly string[];
  readonly whole: boolean;
}

/** Runs a report over a register, from a cursor on, and for so many pieces if given. */
export async function audited(
  audit: AuditService,
  report: string,
  {
    cursor,
    settings = {},
    pieces = Infinity,
  }: { cursor?: string; settings?: AuditSettings; pieces?: number } = {},
): Promise<Given> {
  const rows: AuditRow[] = [];
  const cursors: string[] = [];
  let taken = 0;
  const whole = await audit.run(
    { report, settings, ...(cursor === undefined ? {} : { cursor }) },
    {
      begin: () => undefined,
      async take(piece) {
        for (const each of piece.rows) {
          rows.push(each.row);
          cursors.push(each.cursor);
        }
        taken += 1;
        return taken < pieces;
      },
      inTurn: (work) => work(),
    },
  );
  return { rows, cursors, whole };
}
