import Database from 'better-sqlite3';
import type { Prng } from '../generator/prng.ts';

export interface Serial {
  /** As marked. */
  readonly serial: string;
  readonly key: string;
}

/** What a benchmark reads of the store besides the server: counts, and serials to ask for. */
export interface Probe {
  countItems(): Promise<number>;
  countLookups(): Promise<number>;
  /** Declarations filed since then that are still to be checked or followed up. */
  countUnfinished(since: string): Promise<number>;
  countInState(since: string, state: string): Promise<number>;
  /** Of random items. */
  sample(prng: Prng, size: number): Promise<Serial[]>;
  /** Arguments of the floor's program, which reads the same store by the bare driver. */
  readonly floor: { readonly program: string; readonly args: readonly string[] };
  close(): Promise<void>;
}

export function openSqliteProbe(file: string): Probe {
  const db = new Database(file, { readonly: true });
  const number = (sql: string, ...values: string[]): number => {
    const value = db
      .prepare(sql)
      .pluck()
      .get(...values);
    if (typeof value !== 'number') throw new Error(`no number from ${sql}`);
    return value;
  };
  return {
    countItems: async () => number('SELECT COUNT(*) FROM items'),
    countLookups: async () => number('SELECT COUNT(*) FROM lookups'),
    countUnfinished: async (since) =>
      number(
        `SELECT COUNT(*) FROM declarations WHERE filed_at >= ? AND (state = 'filed' OR json_extract(record, '$.pending') <> '[]')`,
        since,
      ),
    countInState: async (since, state) =>
      number('SELECT COUNT(*) FROM declarations WHERE filed_at >= ? AND state = ?', since, state),
    async sample(prng, size) {
      const last = number('SELECT MAX(no) FROM items');
      const pick = db.prepare<[number], Serial>(
        `SELECT json_extract(facts, '$.serial') AS serial, serial_key AS key FROM items WHERE no >= ? LIMIT 1`,
      );
      const picked = Array.from({ length: size }, () => pick.get(prng.integer(1, last)));
      return picked.filter((one) => one !== undefined);
    },
    floor: { program: 'floor.js', args: [file] },
    close: async () => void db.close(),
  };
}
