import { expect } from 'chai';
import type { Stores } from '../../src/main/stores.ts';
import { systemClock } from '../../src/main/clock.ts';
import { openMongoStores } from '../../src/main/mongo-stores.ts';
import type { Mongo } from '../../src/platform/mongo/index.ts';
import { openMongo } from '../../src/platform/mongo/index.ts';
import type { KeysOf } from './mongo-answers.ts';
import type { TestDatabase } from './mongo-server.ts';
import { createDatabase, MONGO_SOURCE } from './mongo-server.ts';
import type { WireProxy } from './mongo-wire-proxy.ts';
import { startWireProxy } from './mongo-wire-proxy.ts';
import type { Body } from './mongo-wire.ts';

/** A database of the tests' server, and the wire by which stores reach it. */
export interface Wired {
  readonly proxy: WireProxy;
  /** Not by the wire. */
  readonly database: TestDatabase;
  readonly keysOf: KeysOf;
  /** By the wire, with the settings that the stores use. */
  readonly connection: Mongo;
  openStores(): Promise<Stores>;
}

/**
 * A suite of tests that play on the wire to the server, each on an empty database, skipped where there is no server.
 * A part that a test set and that nobody played fails the test.
 */
export function throughWire(subject: string, suite: (this: Mocha.Suite, wired: () => Wired) => void): void {
  const describeWired = MONGO_SOURCE === null ? describe.skip : describe;
  describeWired(`${subject}, by wire to MongoDB`, function () {
    let wired: Wired;
    before(async () => {
      const database = await createDatabase();
      const proxy = await startWireProxy(database.url);
      wired = {
        proxy,
        database,
        keysOf: await indexKeys(database),
        connection: await openMongo(proxy.url, { appName: 'tests' }, Date.now),
        openStores: () => openMongoStores({ url: proxy.url, clock: systemClock() }, 'reg_test'),
      };
    });
    beforeEach(async () => {
      for (const name of await collectionNames(wired.database)) {
        await wired.database.connection.collection(name).deleteMany({});
      }
      wired.proxy.clear();
    });
    afterEach(() => {
      const waiting = wired.proxy.waiting();
      wired.proxy.clear();
      expect(waiting, 'parts that nobody played').to.equal(0);
    });
    after(async () => {
      await wired.connection.destroy();
      await wired.proxy.close();
      await wired.database.drop();
    });
    suite.call(this, () => wired);
  });
}

async function collectionNames({ connection }: TestDatabase): Promise<string[]> {
  return ((await connection.db?.listCollections().toArray()) ?? []).map(({ name }) => name).sort();
}

async function indexKeys(database: TestDatabase): Promise<KeysOf> {
  const keys = new Map<string, Body>();
  for (const collection of await collectionNames(database)) {
    for (const { name, key } of await database.connection.collection(collection).listIndexes().toArray()) {
      keys.set(`${collection} ${String(name)}`, key as Body);
    }
  }
  return (collection, index) => keys.get(`${collection} ${index}`) ?? {};
}
