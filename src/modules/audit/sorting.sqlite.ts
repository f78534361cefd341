import type { Sqlite } from '../../platform/sqlite/index.ts';
import type { SortedGroup, Sorting } from './sorting.ts';

/** Fixed, because where a group comes depends on it. With ten million entries a bucket has about 10,000. */
const BUCKETS = 1_024;

/** Characters of a bucket that are written as one row; so much of each bucket stays in memory until then. */
const ROW_LENGTH = 2_048;
/** A row takes some ten microseconds. */
const ROWS_A_STEP = 250;

interface Bucket {
  /** Names and values by turns, since the last row was written. */
  texts: string[];
  length: number;
  /** The numbers of its rows. */
  readonly rows: number[];
}

/**
 * A sorting in a database of its own. Groups are spread over buckets by their names; only one bucket at a time is in
 * memory, and nothing ever sorts all of them.
 */
export function sortedAside(db: Sqlite): Sorting {
  db.exec('CREATE TABLE texts (no INTEGER PRIMARY KEY, json TEXT NOT NULL)');
  // One transaction, which nobody waits for and nothing ends: no write has to reach the file.
  db.exec('BEGIN');
  const sql = {
    add: db.prepare('INSERT INTO texts (no, json) VALUES (?, ?)'),
    get: db.prepare<[number], string>('SELECT json FROM texts WHERE no = ?').pluck(),
  };
  const buckets = Array.from({ length: BUCKETS }, (): Bucket => ({ texts: [], length: 0, rows: [] }));
  let rows = 0;

  function write(bucket: Bucket): void {
    sql.add.run((rows += 1), JSON.stringify(bucket.texts));
    bucket.rows.push(rows);
    bucket.texts = [];
    bucket.length = 0;
  }

  /** The groups of a bucket; steps back now and then, because one can be as large as all others together. */
  function* groupsOf(bucket: Bucket, maxValues: number): Generator<never[], SortedGroup[]> {
    const groups = new Map<string, { group: string; values: string[]; count: number }>();
    for (let row = 0; row <= bucket.rows.length; row += 1) {
      const no = bucket.rows[row];
      const texts = no === undefined ? bucket.texts : (JSON.parse(sql.get.get(no) ?? '[]') as string[]);
      for (let at = 0; at < texts.length; at += 2) {
        const [name = '', value = ''] = [texts[at], texts[at + 1]];
        const group = groups.get(name) ?? { group: name, values: [], count: 0 };
        if (group.count === 0) groups.set(name, group);
        group.count += 1;
        if (group.count <= maxValues) group.values.push(value);
      }
      if (row % ROWS_A_STEP === ROWS_A_STEP - 1) yield [];
    }
    return [...groups.values()].sort((one, other) => (one.group < other.group ? -1 : 1));
  }

  return {
    add(some) {
      for (const { group, value } of some) {
        const bucket = buckets[numberOf(group)];
        if (bucket === undefined) throw new RangeError('there are as many buckets as numbers');
        bucket.texts.push(group, value);
        bucket.length += group.length + value.length;
        if (bucket.length >= ROW_LENGTH) write(bucket);
      }
    },
    *groups(after, maxValues) {
      const first = after === null ? 0 : numberOf(after);
      for (const [index, bucket] of buckets.slice(first).entries()) {
        const groups = yield* groupsOf(bucket, maxValues);
        yield index === 0 && after !== null ? groups.filter(({ group }) => group > after) : groups;
      }
    },
    close: () => void db.close(),
  };
}

/** FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/ */
function numberOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % BUCKETS;
}
