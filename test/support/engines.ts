import { join } from 'node:path';
import { openSqliteStores } from '../../src/main/stores.ts';
import type { Stores } from '../../src/main/stores.ts';
import { openMongoStores } from '../../src/main/mongo-stores.ts';
import { systemClock } from '../../src/main/clock.ts';
import { temporaryFolder } from './folders.ts';
import { createMemoryStores, noRecords } from './memory-stores.ts';
import type { TestDatabase } from './mongo-server.ts';
import { createDatabase, MONGO_SOURCE } from './mongo-server.ts';

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

interface StoreEngine {
  readonly name: string;
  /** False where there is no server of it: what needs it is skipped, and counted as skipped. */
  readonly isThere: boolean;
  /** Opens stores without any records. */
  open(): Promise<Opened>;
}

/** One that a whole registry can run on. */
export interface Engine extends StoreEngine {
  /** A place without any records for a whole registry: what its environment has to say, and how to clean up. */
  prepare(): Promise<Place>;
}

export interface Place {
  readonly environment: Readonly<Record<string, string>>;
  clean(): Promise<void>;
}

const sqlite: Engine = {
  name: 'SQLite',
  isThere: true,
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
        for (const each of opened) await each.close();
      },
    };
  },
  prepare: async () => ({ environment: {}, clean: () => Promise.resolve() }),
};

/** One database for all tests of a process: making one takes longer than emptying it. */
let shared: Promise<TestDatabase> | undefined;

const mongo: Engine = {
  name: 'MongoDB',
  isThere: MONGO_SOURCE !== null,
  async open() {
    const { url, connection } = await (shared ??= createDatabase());
    for (const { name } of (await connection.db?.listCollections().toArray()) ?? []) {
      await connection.collection(name).deleteMany({});
    }
    const open = (): Promise<Stores> => openMongoStores({ url, clock: systemClock() }, 'reg_test');
    const stores = await open();
    const opened = [stores];
    return {
      stores,
      async again() {
        const others = await open();
        opened.push(others);
        return others;
      },
      async close() {
        for (const each of opened) await each.close();
      },
    };
  },
  async prepare() {
    const { url, drop } = await createDatabase();
    return { environment: { DATABASE_URL: url }, clean: drop };
  },
};

after(async () => {
  await (await shared)?.drop();
  shared = undefined;
});

const memory: StoreEngine = {
  name: 'Memory, the double of the seeded world',
  isThere: true,
  async open() {
    const records = noRecords();
    return {
      stores: createMemoryStores(records),
      again: async () => createMemoryStores(records),
      close: async () => undefined,
    };
  },
};

const ENGINES: readonly Engine[] = [sqlite, mongo];
const STORE_ENGINES: readonly StoreEngine[] = [...ENGINES, memory];

/** A suite of tests, skipped where the engine has no server to run on. */
function describeOn(engine: StoreEngine, subject: string, suite: (this: Mocha.Suite) => void): void {
  const title = `${subject} on ${engine.name}`;
  if (engine.isThere) describe(title, suite);
  else describe.skip(title, suite);
}

/** A suite for each engine; every test has stores without records, which `opened()` hands out. */
export function onEveryEngine(subject: string, suite: (opened: () => Opened) => void): void {
  for (const engine of STORE_ENGINES) {
    describeOn(engine, subject, () => {
      let present: Opened;
      beforeEach(async () => {
        present = await engine.open();
      });
      afterEach(() => present.close());
      suite(() => present);
    });
  }
}

/** A suite for each engine, about whole registries that are given the engine to start with. */
export function overEngines(subject: string, suite: (this: Mocha.Suite, engine: Engine) => void): void {
  for (const engine of ENGINES) {
    describeOn(engine, subject, function () {
      suite.call(this, engine);
    });
  }
}

/** How often each value occurs. */
export function tally(values: readonly (string | boolean)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
}
