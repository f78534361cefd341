import { join } from 'node:path';
import { expect } from 'chai';
import { openMigrated, sqliteStores } from '../../src/main/stores.ts';
import type { Sqlite } from '../../src/platform/sqlite/index.ts';
import { fillWithMany } from '../support/filled.ts';
import { removeFolders, temporaryFolder } from '../support/folders.ts';
import type { ListedIndex, Query } from '../support/mongo-plans.ts';
import { indexesFor, indexesUsed, queriesOf, shapeOf } from '../support/mongo-plans.ts';
import { callsOf, methodsOf } from '../support/port-calls.ts';
import { createStatementListener, tablesScanned } from '../support/sqlite-plans.ts';
import { throughWire } from '../support/wired.ts';

/** Closing is no query. */
const WITHOUT_QUERIES = ['close'];

throughWire('each query of the ports uses an index', function (wired) {
  this.timeout(300_000);

  const listedFor = async ({ find, aggregate }: Query): Promise<ListedIndex[]> => {
    const collection = wired().database.connection.collection(String(find ?? aggregate));
    return (await collection.listIndexes().toArray()) as ListedIndex[];
  };

  it('whatever method is called, in every way in which it can be called', async () => {
    const { proxy, database } = wired();
    const stores = await wired().openStores();
    const filled = await fillWithMany(stores);
    const calls = callsOf(stores, filled);
    expect([...calls.keys(), ...WITHOUT_QUERIES]).to.have.members(methodsOf(stores));

    const asked = new Map<string, { readonly query: Query; readonly by: string }>();
    for (const [method, call] of calls) {
      proxy.clear();
      await call();
      expect(proxy.commands, method).not.to.have.length(0);
      for (const query of proxy.commands.flatMap(queriesOf)) asked.set(shapeOf(query), { query, by: method });
    }
    await stores.close();

    const scans: string[] = [];
    const unfit: string[] = [];
    for (const [shape, { query, by }] of asked) {
      if ((await indexesUsed(database.connection, query)) === null) scans.push(`${by}: ${shape}`);
      if (indexesFor(query, await listedFor(query)).length === 0) unfit.push(`${by}: ${shape}`);
    }
    expect(scans, 'found by no index').to.deep.equal([]);
    expect(unfit, 'no index begins with what is asked for').to.deep.equal([]);
    // Of many ways to ask, many were asked.
    expect(asked.size).to.be.above(60);
  });

  it('and one without an index would be found out', async () => {
    const { database } = wired();
    const stores = await wired().openStores();
    const { itemIds, declaration } = await fillWithMany(stores);
    await stores.close();
    const used = (query: Query) => indexesUsed(database.connection, query);
    expect(await used({ find: 'items', filter: { _id: itemIds[0] } })).to.deep.equal(['_id_']);
    expect(await used({ find: 'declarations', filter: { state: 'filed' } })).to.deep.equal([
      'declarations_by_state',
    ]);
    const { filedAt, org } = declaration;
    for (const query of [
      { find: 'items', filter: {} },
      { find: 'items', filter: { makerName: 'PTK' } },
      { find: 'items', filter: { makerName: 'PTK', _id: { $ne: itemIds[0] } }, sort: { _id: 1 }, limit: 1 },
      { find: 'declarations', filter: { $or: [{ org, filedAt }, { country: 'TW' }] } },
      {
        aggregate: 'lookups',
        pipeline: [{ $match: { role: 'customs' } }, { $group: { _id: 1, n: { $sum: 1 } } }],
        cursor: {},
      },
    ]) {
      expect(await used(query), shapeOf(query)).to.equal(null);
    }
  });
});

describe('each query of the ports uses an index, on SQLite', function () {
  this.timeout(120_000);
  let db: Sqlite;
  before(() => {
    db = openMigrated(join(temporaryFolder(), 'register.sqlite'));
  });
  after(() => {
    db.close();
    removeFolders();
  });

  it('whatever method is called, in every way in which it can be called', async () => {
    const listener = createStatementListener(db);
    const stores = sqliteStores(listener.db, 'reg_test');
    const filled = await fillWithMany(stores);
    const calls = callsOf(stores, filled);
    expect([...calls.keys(), 'leases', ...WITHOUT_QUERIES]).to.have.members([...methodsOf(stores), 'leases']);
    for (const [method, call] of calls) {
      listener.clear();
      await call();
      expect(listener.run(), method).not.to.have.length(0);
    }
    const scans = listener.all().flatMap((sql) => tablesScanned(db, sql).map((table) => `${table}: ${sql}`));
    expect(scans).to.deep.equal([]);
    expect(listener.all().length).to.be.above(60);
  });

  it('and one without an index would be found out', () => {
    for (const [sql, table] of [
      ['SELECT * FROM items WHERE facts = ?', 'items'],
      ['SELECT * FROM items WHERE item_id = ? OR facts = ?', 'items'],
      ['UPDATE declarations SET record = ? WHERE record = ?', 'declarations'],
      ['DELETE FROM lookups WHERE lookup_id = ?', 'lookups'],
      ['SELECT 1 FROM items AS i JOIN declarations AS d ON d.record = i.facts WHERE i.item_id = ?', 'd'],
    ] as const) {
      expect(tablesScanned(db, sql), sql).to.deep.equal([table]);
    }
    expect(tablesScanned(db, 'SELECT * FROM items WHERE item_id = ?')).to.deep.equal([]);
  });
});
