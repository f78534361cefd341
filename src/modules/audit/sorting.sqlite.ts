import type { Sqlite } from '../../platform/sqlite/index.ts';
import type { SortedGroup, Sorting } from './sorting.ts';

/** Fixed, because where a group comes depends on it. With ten million entries a bucket has about 10,000. */
const BUCKETS = 1_024;

/** Characters of a bucket that are written as one row; so much of each bucket stays in memory until then. */
const ROW_LENGTH = 2_048;

/** What one bucket was given since its last row was written: names and values by turns. */
interface Open {
  texts: string[];
  length: number;
}

/**
 * A sorting in a database of its own. Groups are spread over buckets by their names; only one bucket at a time is in
 * memory, and nothing ever sorts all of them.
 */
export function sortedAside(db: Sqlite): Sorting {
  db.exec('CREATE TABLE chunks (bucket INTEGER NOT NULL, texts TEXT NOT NULL)');
  // One transaction, which nobody waits for and nothing ends: no write has to reach the file.
  db.exec('BEGIN');
  const sql = {
    add: db.prepare('INSERT INTO chunks (bucket, texts) VALUES (?, ?)'),
    bucket: db.prepare<[number], string>('SELECT texts FROM chunks WHERE bucket = ? ORDER BY rowid').pluck(),
  };
  const buckets = Array.from({ length: BUCKETS }, (): Open => ({ texts: [], length: 0 }));
  let isIndexed = false;

  function write(bucket: number, open: Open): void {
    if (open.texts.length === 0) return;
    sql.add.run(bucket, JSON.stringify(open.texts));
    open.texts = [];
    open.length = 0;
  }

  function groupsOf(bucket: number, maxValues: number): SortedGroup[] {
    const groups = new Map<string, { group: string; values: string[]; count: number }>();
    for (const chunk of sql.bucket.iterate(bucket)) {
      const texts = JSON.parse(chunk) as string[];
      for (let at = 0; at < texts.length; at += 2) {
        const [name = '', value = ''] = [texts[at], texts[at + 1]];
        const group = groups.get(name) ?? { group: name, values: [], count: 0 };
        if (group.count === 0) groups.set(name, group);
        group.count += 1;
        if (group.count <= maxValues) group.values.push(value);
      }
    }
    return [...groups.values()].sort((one, other) => (one.group < other.group ? -1 : 1));
  }

  return {
    add(some) {
      for (const { group, value } of some) {
        const bucket = bucketOf(group);
        const open = buckets[bucket];
        if (open === undefined) throw new RangeError(`there is no bucket ${bucket}`);
        open.texts.push(group, value);
        open.length += group.length + value.length;
        if (open.length >= ROW_LENGTH) write(bucket, open);
      }
    },
    *groups(after, maxValues) {
      buckets.forEach((open, bucket) => write(bucket, open));
      if (!isIndexed) db.exec('CREATE INDEX chunks_by_bucket ON chunks (bucket)');
      isIndexed = true;
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
