import type { Statement } from 'better-sqlite3';
import type { Sqlite } from '../../src/platform/sqlite/index.ts';

/** The database, with an ear for its statements. */
export interface StatementListener {
  readonly db: Sqlite;
  /** Every statement that was prepared. */
  all(): string[];
  /** Those that were run since `clear`. */
  run(): string[];
  clear(): void;
}

const RUNS = new Set<string | symbol>(['run', 'get', 'all', 'iterate']);

export function createStatementListener(db: Sqlite): StatementListener {
  const prepared = new Set<string>();
  const run: string[] = [];

  const heard = (statement: Statement): Statement =>
    new Proxy(statement, {
      get(target, name) {
        if (RUNS.has(name)) run.push(target.source);
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });

  const listened = new Proxy(db, {
    get(target, name) {
      if (name === 'prepare') {
        return (sql: string) => {
          prepared.add(sql);
          return heard(target.prepare(sql));
        };
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return { db: listened, all: () => [...prepared], run: () => [...run], clear: () => void run.splice(0) };
}

/** Of one row. */
const SMALL = new Set(['registry', 'CONSTANT']);
/** https://www.sqlite.org/eqp.html */
const SCAN = /^SCAN (\S+)(?!\S)(?! USING (COVERING )?INDEX)/;

/** Tables, or their names in the statement, that it goes through without an index. */
export function tablesScanned(db: Sqlite, sql: string): string[] {
  if (!/^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i.test(sql)) return [];
  const values = [...sql.matchAll(/\?/g)].map(() => null);
  const steps = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
  return steps.flatMap(({ detail }) => {
    const table = SCAN.exec(detail)?.[1];
    return table === undefined || SMALL.has(table) ? [] : [table];
  });
}
