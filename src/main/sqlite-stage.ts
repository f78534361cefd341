import type { Sqlite } from '../platform/sqlite/index.ts';
import { transaction } from '../platform/sqlite/index.ts';
import { copyIncomplete, otherRegister, type Stage, wasServed } from './stage.ts';

interface Row {
  readonly id: string;
  readonly stage: Stage;
}

/**
 * Makes the store one that a registry works on, of a new register where it holds none.
 * @param admit is told the register's id before anything is written
 * @returns the register's id
 * @throws Error of one sentence when a copy into it was not completed; whatever `admit` throws
 */
export function beginServing(db: Sqlite, newRegisterId: string, admit: (registerId: string) => void): string {
  return transaction(db, () => {
    const found = stageOf(db);
    if (found?.stage === 'filling') throw copyIncomplete(`in ${db.name}`);
    admit(found?.id ?? newRegisterId);
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
    if (found !== undefined && found.id !== registerId) throw otherRegister(`in ${db.name}`);
    if (found?.stage === 'serving') throw wasServed(`in ${db.name}`);
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
  if (found.stage === 'filling') throw copyIncomplete(`in ${db.name}`);
  return found.id;
}

function stageOf(db: Sqlite): Row | undefined {
  return db.prepare<[], Row>('SELECT id, stage FROM registry').get();
}
