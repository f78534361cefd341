import { expect } from 'chai';
import { indexesFor, indexesIn, queriesOf, shapeOf } from '../../support/mongo-plans.ts';
import type { Body } from '../../support/mongo-wire.ts';

const QUERY = { find: 'declarations', filter: { org: 'acme' }, sort: { filedAt: 1 }, limit: 5 };
const SCAN = { stage: 'COLLSCAN', filter: { org: { $eq: 'acme' } }, direction: 'forward' };
const IXSCAN = {
  stage: 'IXSCAN',
  keyPattern: { org: 1, filedAt: 1, _id: 1 },
  indexName: 'by_org',
  isPartial: false,
  direction: 'forward',
  indexBounds: { org: ['["acme", "acme"]'], filedAt: ['[MinKey, MaxKey]'], _id: ['[MinKey, MaxKey]'] },
};
const FETCH = { stage: 'FETCH', inputStage: IXSCAN };
const planned = (winningPlan: Body): Body => ({
  explainVersion: '1',
  queryPlanner: { namespace: 'registry.declarations', winningPlan, rejectedPlans: [{ ...SCAN }] },
});
const read = (winningPlan: Body, query: Body = QUERY) => indexesIn(planned(winningPlan), query);

describe('a plan that a server explains', () => {
  it('uses an index, as MongoDB tells it in each of its versions', () => {
    expect(read({ stage: 'LIMIT', limitAmount: 5, inputStage: FETCH })).to.deep.equal(['by_org']);
    expect(
      read({ queryPlan: FETCH, slotBasedPlan: { slots: '$$RESULT=s5', stages: '[2] nlj' } }),
    ).to.deep.equal(['by_org']);
    expect(read({ isCached: false, stage: 'EXPRESS_IXSCAN', indexName: 'by_org' })).to.deep.equal(['by_org']);
    for (const stage of ['IDHACK', 'EXPRESS_CLUSTERED_IXSCAN', 'CLUSTERED_IXSCAN']) {
      expect(read({ stage })).to.deep.equal(['_id_']);
    }
    const counted = {
      stage: 'COUNT_SCAN',
      indexName: 'by_state',
      indexBounds: { startKey: { state: 'filed' } },
    };
    expect(read({ stage: 'GROUP', inputStage: counted })).to.deep.equal(['by_state']);
  });

  it('uses several, for alternatives and on several shards', () => {
    const other = { ...IXSCAN, indexName: 'by_state' };
    const either = {
      stage: 'SUBPLAN',
      inputStage: { stage: 'FETCH', inputStage: { stage: 'OR', inputStages: [IXSCAN, other] } },
    };
    expect(read(either)).to.deep.equal(['by_org', 'by_state']);
    const shards = [IXSCAN, other].map((plan, no) => ({
      shardName: `s${no}`,
      winningPlan: plan,
      rejectedPlans: [SCAN],
    }));
    expect(read({ stage: 'SHARD_MERGE', shards })).to.deep.equal(['by_org', 'by_state']);
  });

  it('uses one for each part of an aggregation', () => {
    const stages = [{ $cursor: planned(FETCH) }, { $group: { _id: { $const: 1 } } }];
    expect(indexesIn({ explainVersion: '1', stages }, QUERY)).to.deep.equal(['by_org']);
    expect(indexesIn({ stages: [{ $cursor: planned(SCAN) }, { $group: {} }] }, QUERY)).to.equal(null);
  });

  it('uses none when it looks at all records, in any part', () => {
    expect(read(SCAN)).to.equal(null);
    expect(read({ stage: 'SORT', inputStage: SCAN })).to.equal(null);
    expect(read({ stage: 'OR', inputStages: [IXSCAN, SCAN] })).to.equal(null);
    const shards = [FETCH, SCAN].map((plan) => ({ winningPlan: plan }));
    expect(read({ stage: 'SHARD_MERGE', shards })).to.equal(null);
  });

  it('uses none when it goes through all of an index', () => {
    const indexBounds = { org: ['[MinKey, MaxKey]'], filedAt: ['[MinKey, MaxKey]'] };
    expect(read({ ...FETCH, inputStage: { ...IXSCAN, indexBounds } })).to.equal(null);
    const documentDb = {
      stage: 'IXSCAN',
      indexName: 'by_org',
      indexFilterSet: [{ $range: { org: { fullScan: true } } }],
    };
    expect(read({ stage: 'FETCH', inputStage: documentDb })).to.equal(null);
  });

  it('uses none when nothing is said of how records are found', () => {
    expect(indexesIn({ ok: 1 }, QUERY)).to.equal(null);
    expect(read({ stage: 'SOMETHING_NEW' })).to.equal(null);
  });

  it('of DocumentDB is a look-up by id only where the query asks for ids', () => {
    const plan = { stage: 'COLLSCAN', indexName: '_id_', direction: 'Forward' };
    const by = (filter: Body) => read(plan, { find: 'items', filter });
    for (const _id of ['itm_1', { $in: ['itm_1'] }, { $gt: 'itm_1', $lte: 'itm_2' }]) {
      expect(by({ _id, seq: 3 })).to.deep.equal(['_id_']);
    }
    for (const filter of [{}, { maker: 'ptk' }, { _id: { $ne: 'itm_1' } }, { _id: { $exists: true } }]) {
      expect(by(filter), JSON.stringify(filter)).to.equal(null);
    }
  });
});

describe('a query', () => {
  const listed = [
    { name: '_id_', key: { _id: 1 } },
    { name: 'by_org', key: { org: 1, filedAt: 1 } },
    { name: 'by_number', key: { number: 1 }, partialFilterExpression: { number: { $exists: true } } },
    { name: 'open', key: { org: 1 }, partialFilterExpression: { dueAt: { $exists: true } } },
  ];
  const fit = (query: Body) => indexesFor({ find: 'declarations', ...query }, listed);

  it('fits an index whose first field it asks for', () => {
    expect(fit({ filter: { org: 'acme', state: 'filed' } })).to.deep.equal(['by_org']);
    expect(fit({ filter: { number: { $gt: 'TW' } } })).to.deep.equal(['by_number']);
    expect(fit({ filter: { org: 'acme', dueAt: { $exists: true, $lte: 'x' } } })).to.deep.equal([
      'by_org',
      'open',
    ]);
    expect(fit({ filter: { org: 'acme', $or: [{ filedAt: 1 }, { _id: 1 }] } })).to.deep.equal(['by_org']);
    expect(fit({ filter: { $or: [{ org: 'a' }, { org: 'b' }] } })).to.deep.equal(['by_org']);
    expect(fit({ filter: {}, sort: { _id: 1 } })).to.deep.equal(['_id_']);
  });

  it('fits none by a later field, what it excludes, or one of its alternatives', () => {
    for (const filter of [
      { filedAt: 'x' },
      { org: { $ne: 'acme' } },
      { $or: [{ org: 'a' }, { state: 'filed' }] },
      {},
    ]) {
      expect(fit({ filter }), JSON.stringify(filter)).to.deep.equal([]);
    }
    expect(fit({ filter: { state: 'filed' }, sort: { _id: 1 } })).to.deep.equal([]);
  });

  it('has one shape whatever its values are, and another one with other fields, operators or order', () => {
    const one = shapeOf({
      find: 'a',
      filter: { org: 'x', at: { $in: [1, 2] } },
      sort: { at: 1 },
      projection: { b: 1 },
    });
    expect(shapeOf({ find: 'a', filter: { org: 'y', at: { $in: [3] } }, sort: { at: 1 } })).to.equal(one);
    for (const other of [
      { find: 'b', filter: { org: 'y', at: { $in: [3] } }, sort: { at: 1 } },
      { find: 'a', filter: { org: 'y', at: { $gt: 3 } }, sort: { at: 1 } },
      { find: 'a', filter: { org: 'y', at: { $in: [3] } }, sort: { at: -1 } },
    ]) {
      expect(shapeOf(other)).not.to.equal(one);
    }
  });

  it('is found in every command that looks for records', () => {
    const of = (name: string, body: Body) =>
      queriesOf({ name, collection: 'a', body: { [name]: 'a', ...body } });
    const filter = { _id: 1 };
    const found = [{ find: 'a', filter }];
    expect(of('find', { filter, lsid: 1, $db: 'x' })).to.deep.equal(found);
    expect(
      of('update', {
        updates: [
          { q: filter, u: {} },
          { q: {}, u: {} },
        ],
      }),
    ).to.deep.equal([...found, { find: 'a', filter: {} }]);
    expect(of('delete', { deletes: [{ q: filter, limit: 0 }] })).to.deep.equal(found);
    expect(of('findAndModify', { query: filter, update: {} })).to.deep.equal(found);
    expect(of('distinct', { key: 'org', query: filter })).to.deep.equal(found);
    expect(of('count', {})).to.deep.equal([]);
    expect(of('count', { query: filter })).to.deep.equal([{ count: 'a', query: filter }]);
    expect(of('insert', { documents: [{}] })).to.deep.equal([]);
    expect(() => of('mapReduce', {})).to.throw('mapReduce');
  });
});
