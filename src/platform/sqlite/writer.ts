import type { Sqlite } from './open.ts';
import { translated } from './translate.ts';

/** Runs writes. Works given in the same turn of the event loop share one transaction, and so one disk sync. */
export interface Writer {
  /**
   * Runs `work` (synchronous) on its own: when it throws, what it did is undone and nothing else is.
   * Resolves with its result once the result is durable.
   * @throws Failure `storage-full` or `store-busy`; whatever `work` throws
   */
  run<T>(work: () => T): Promise<T>;
}

interface Waiting {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** After this long a group is committed, so that readers waiting on the same thread get their turn. */
const GROUP_MS = 10;

export function createWriter(db: Sqlite): Writer {
  let waiting: Waiting[] = [];
  const sql = {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollback: db.prepare('ROLLBACK'),
    mark: db.prepare('SAVEPOINT work'),
    undo: db.prepare('ROLLBACK TO work'),
    keep: db.prepare('RELEASE work'),
  };

  function runOne(one: Waiting): () => void {
    sql.mark.run();
    try {
      const value = one.work();
      sql.keep.run();
      return () => one.resolve(value);
    } catch (error) {
      if (!db.inTransaction) throw error; // a full disk makes SQLite give up the whole transaction
      sql.undo.run();
      sql.keep.run();
      return () => one.reject(translated(error));
    }
  }

  function runGroup(): void {
    const group: Waiting[] = [];
    const settle: (() => void)[] = [];
    const until = performance.now() + GROUP_MS;
    try {
      sql.begin.run();
      do {
        const one = waiting[group.length];
        if (one === undefined) break;
        group.push(one);
        settle.push(runOne(one));
      } while (performance.now() < until);
      sql.commit.run();
    } catch (error) {
      if (db.inTransaction) sql.rollback.run();
      const failure = translated(error);
      if (group.length === 0) group.push(...waiting);
      settle.splice(0, Infinity, ...group.map((one) => () => one.reject(failure)));
    }
    waiting = waiting.slice(group.length);
    if (waiting.length > 0) setImmediate(runGroup);
    for (const done of settle) done();
  }

  return {
    run<T>(work: () => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
        if (waiting.length === 1) setImmediate(runGroup);
      });
    },
  };
}
