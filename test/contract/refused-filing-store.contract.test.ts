import { expect } from 'chai';
import type { RefusedFiling, RefusedFilingStore } from '../../src/modules/declarations/declaration.ports.ts';
import { onEveryEngine } from '../support/engines.ts';
import { at } from '../support/times.ts';

function refused(no: number, facts: Partial<RefusedFiling> = {}): RefusedFiling {
  return {
    id: `rfl_${String(no).padStart(5, '0')}`,
    org: 'acme',
    sub: 'clerk-1',
    at: at(no),
    reference: `INV-${no}`,
    code: 'declaration-invalid',
    faults: [{ field: 'items[0].serial', code: 'required', message: 'is required' }],
    body: '{"$ne":"\u5E8F\u865F"}',
    ...facts,
  };
}

onEveryEngine('RefusedFilingStore', (opened) => {
  let store: RefusedFilingStore;
  beforeEach(() => {
    store = opened().stores.refusedFilings;
  });
  const list = async (
    query: Omit<Parameters<RefusedFilingStore['list']>[0], 'limit'>,
    limit = 10,
  ): Promise<string[]> => (await store.list({ ...query, limit })).map((each) => each.id);

  it('keeps a refused filing to the letter, durably', async () => {
    const one = refused(1, { reference: null });
    await store.add(one);
    expect(await store.list({ limit: 10 })).to.deep.equal([one]);
    expect(await (await opened().again()).refusedFilings.list({ limit: 10 })).to.deep.equal([one]);
  });

  it('keeps one that comes again once', async () => {
    await store.add(refused(1));
    await Promise.all([store.add(refused(1)), store.add(refused(2))]);
    expect(await list({})).to.deep.equal(['rfl_00002', 'rfl_00001']);
  });

  it('lists the latest first, an organisation alone or all, up to the limit', async () => {
    for (const each of [refused(2), refused(1), refused(4, { org: 'rival' }), refused(3)])
      await store.add(each);
    expect(await list({})).to.deep.equal(['rfl_00004', 'rfl_00003', 'rfl_00002', 'rfl_00001']);
    expect(await list({ org: 'acme' })).to.deep.equal(['rfl_00003', 'rfl_00002', 'rfl_00001']);
    expect(await list({ org: 'acme' }, 1)).to.deep.equal(['rfl_00003']);
    expect(await list({ org: 'nobody' })).to.deep.equal([]);
  });

  it('goes on after the last one of a page, also among those of one instant', async () => {
    await Promise.all([1, 2, 3, 4].map((no) => store.add(refused(no, { at: at(0) }))));
    await store.add(refused(5, { at: at(0), org: 'rival' }));
    expect(await list({ after: { at: at(0), id: 'rfl_00004' } }, 2)).to.deep.equal([
      'rfl_00003',
      'rfl_00002',
    ]);
    expect(await list({ org: 'acme', after: { at: at(0), id: 'rfl_00002' } }, 2)).to.deep.equal([
      'rfl_00001',
    ]);
  });

  it('keeps the latest 1,000 of each organisation', async () => {
    await store.add(refused(1, { id: 'rfl_other', org: 'rival' }));
    await Promise.all(Array.from({ length: 1_003 }, (_, no) => store.add(refused(no))));
    const kept = await list({ org: 'acme' }, 2_000);
    expect(kept).to.have.length(1_000);
    expect([kept[0], kept.at(-1)]).to.deep.equal(['rfl_01002', 'rfl_00003']);
    expect(await list({ org: 'rival' })).to.deep.equal(['rfl_other']);
    expect(await store.count()).to.equal(1_001);
  });
});
