import type { Sqlite } from '../platform/sqlite/index.ts';
import { transaction } from '../platform/sqlite/index.ts';

/**
 * What a store is there for. `serving`: a registry works on it, or did. `filling`: a copy into it was begun. `filled`:
 * that was found complete, and no registry has worked on it yet.
 */
type Stage = 'serving' | 'filling' | 'filled';

interface Row {
  readonly id: string;
  readonly stage: Stage;
}

/**
 * Makes the store one that a registry works on, of a new register where it holds none.
 * @returns the register's id
 * @throws Error of one sentence when a copy into it was not completed
 */
export function beginServing(db: Sqlite, newRegisterId: string): string {
  return transaction(db, () => {
    const found = stageOf(db);
    if (found?.stage === 'filling') throw incomplete(db);
    if (found === undefined) {
      db.prepare(`INSERT INTO registry (id, stage) VALUES (?, 'serving')`).run(newRegisterId);
    } else if (found.stage === 'filled') {
      db.exec(`UPDATE registry SET stage = 'serving'`);
    }
    return found?.id ?? newRegisterId;
  });
}

/**
 * Makes the store one that a copy of a register goes into.
 * @throws Error of one sentence when another register is there, or a registry has worked on it: what it recorded must
 * not be mixed with what is copied
 */
export function beginFilling(db: Sqlite, registerId: string): void {
  transaction(db, () => {
    const found = stageOf(db);
    if (found !== undefined && found.id !== registerId) {
      throw new Error(`The store ${db.name} holds another register; a copy needs a new place.`);
    }
    if (found?.stage === 'serving') {
      throw new Error(`A registry has worked on the store ${db.name}; a copy needs a new place.`);
    }
    if (found === undefined) {
      db.prepare(`INSERT INTO registry (id, stage) VALUES (?, 'filling')`).run(registerId);
    } else {
      db.exec(`UPDATE registry SET stage = 'filling'`);
    }
  });
}

/** Says that the copy is complete. */
export function endFilling(db: Sqlite): void {
  transaction(db, () => db.exec(`UPDATE registry SET stage = 'filled'`));
}

/**
 * The id of the register that the store holds.
 * @throws Error of one sentence when it holds none, or a copy into it was not completed
 */
export function registerIdIn(db: Sqlite): string {
  const found = stageOf(db);
  if (found === undefined) throw new Error(`The store ${db.name} holds no register.`);
  if (found.stage === 'filling') throw incomplete(db);
  return found.id;
}

function incomplete(db: Sqlite): Error {
  return new Error(
    `The store ${db.name} is incomplete: run the copy that was begun into it to its end first.`,
  );
}

function stageOf(db: Sqlite): Row | undefined {
  return db.prepare<[], Row>('SELECT id, stage FROM registry').get();
}
