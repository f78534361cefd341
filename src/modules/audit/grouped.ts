import type { AuditRow, Step } from './row.ts';
import type { AuditSources, Pages } from './sources.ts';
import type { Sortable, SortedGroup } from './sorting.ts';

/** How a report over groups reads its source and looks at each group. */
export interface Grouping<T> {
  readonly pages: Pages<T>;
  sortablesOf(record: T): readonly Sortable[];
  rowsOf(group: SortedGroup): readonly AuditRow[] | Promise<readonly AuditRow[]>;
  readonly maxValues: number;
}

/**
 * The steps of a report that has to look at records together that lie apart: first everything is read and put in
 * order, then the groups are looked at. A resumed report reads again, and goes on after the group where it was.
 */
export async function* groupWise<T>(
  { openSorting }: Pick<AuditSources, 'openSorting'>,
  from: string | null,
  { pages, sortablesOf, rowsOf, maxValues }: Grouping<T>,
): AsyncGenerator<Step, void, void> {
  const sorting = openSorting();
  try {
    for await (const { records } of pages) {
      sorting.add(records.flatMap(sortablesOf));
      yield { rows: [], position: from ?? '', read: records.length };
    }
    let position = from ?? '';
    for (const groups of sorting.groups(from, maxValues)) {
      for (const group of groups) {
        const rows = await rowsOf(group);
        position = group.group;
        if (rows.length > 0) yield { rows, position, read: 0 };
      }
      yield { rows: [], position, read: 0 };
    }
  } finally {
    sorting.close();
  }
}
