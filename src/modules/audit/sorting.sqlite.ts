import type { Sqlite } from '../../platform/sqlite/index.ts';
import type { Sortable, SortedGroup, Sorting } from './sorting.ts';

/** Fixed, because where a group comes depends on it. With ten million entries a bucket has about 10,000. */
const BUCKETS = 1_024;

interface Stored {
  readonly name: string;
  readonly value: string;
}

/**
 * A sorting in a database of its own. Groups are spread over buckets by their names; only one bucket at a time is in
 * memory, and nothing ever sorts all of them.
 */
export function sortedAside(db: Sqlite): Sorting {
  db.exec(`CREATE TABLE entries (bucket INTEGER NOT NULL, no INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (bucket, no)) WITHOUT ROWID`);
  const sql = {
    add: db.prepare('INSERT INTO entries (bucket, no, name, value) VALUES (?, ?, ?, ?)'),
    bucket: db.prepare<[number], Stored>('SELECT name, value FROM entries WHERE bucket = ? ORDER BY no'),
  };
  let no = 0;

  function groupsOf(bucket: number, maxValues: number): SortedGroup[] {
    const groups = new Map<string, { group: string; values: string[]; count: number }>();
    for (const { name, value } of sql.bucket.iterate(bucket)) {
      const group = groups.get(name) ?? { group: name, values: [], count: 0 };
      if (group.count === 0) groups.set(name, group);
      group.count += 1;
      if (group.count <= maxValues) group.values.push(value);
    }
    return [...groups.values()].sort((one, other) => (one.group < other.group ? -1 : 1));
  }

  return {
    add: db.transaction((some: readonly Sortable[]) => {
      for (const { group, value } of some) sql.add.run(bucketOf(group), (no += 1), group, value);
    }),
    *groups(after, maxValues) {
      const first = after === null ? 0 : bucketOf(after);
      for (let bucket = first; bucket < BUCKETS; bucket += 1) {
        const groups = groupsOf(bucket, maxValues);
        yield bucket === first && after !== null ? groups.filter(({ group }) => group > after) : groups;
      }
    },
    close: () => void db.close(),
  };
}

/** FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/ */
function bucketOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % BUCKETS;
}
