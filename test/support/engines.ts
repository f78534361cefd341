import { join } from 'node:path';
import { openSqliteStores } from '../../src/main/stores.ts';
import type { Stores } from '../../src/main/stores.ts';
import { temporaryFolder } from './folders.ts';
import { createMemoryStores, noRecords } from './memory-stores.ts';

/** Stores on an engine, over records of their own. */
export interface Opened {
  readonly stores: Stores;
  /**
   * The same records through a connection of their own, the first one left open: what a process would find
   * that starts after this one was killed now.
   */
  again(): Promise<Stores>;
  close(): Promise<void>;
}

export interface Engine {
  readonly name: string;
  /** Opens stores without any records. */
  open(): Promise<Opened>;
}

const sqlite: Engine = {
  name: 'SQLite',
  async open() {
    const file = join(temporaryFolder(), 'register.sqlite');
    const open = (): Stores => openSqliteStores(file, 'reg_test');
    const stores = open();
    const opened = [stores];
    return {
      stores,
      async again() {
        const others = open();
        opened.push(others);
        return others;
      },
      async close() {
        for (const each of opened) each.close();
      },
    };
  },
};

const memory: Engine = {
  name: 'Memory, the double of the seeded world',
  async open() {
    const records = noRecords();
    return {
      stores: createMemoryStores(records),
      again: async () => createMemoryStores(records),
      close: async () => undefined,
    };
  },
};

const ENGINES: readonly Engine[] = [sqlite, memory];

/** A suite for each engine; every test has stores without records, which `opened()` hands out. */
export function onEveryEngine(subject: string, suite: (opened: () => Opened) => void): void {
  for (const engine of ENGINES) {
    describe(`${subject} on ${engine.name}`, () => {
      let present: Opened;
      beforeEach(async () => {
        present = await engine.open();
      });
      afterEach(() => present.close());
      suite(() => present);
    });
  }
}

/** How often each value occurs. */
export function tally(values: readonly (string | boolean)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
}
