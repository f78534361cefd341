import { expect } from 'chai';
import type { Import, ImportStore } from '../../src/modules/imports/index.ts';
import { onEveryEngine } from '../support/engines.ts';
import { importWith } from '../support/records.ts';
import { at } from '../support/times.ts';

const next = (one: Import, facts: Partial<Import> = {}): Import => ({
  ...one,
  version: one.version + 1,
  ...facts,
});

onEveryEngine('ImportStore', (opened) => {
  let store: ImportStore;
  beforeEach(() => {
    store = opened().stores.imports;
  });
  const ids = async (
    query: Omit<Parameters<ImportStore['list']>[0], 'limit'>,
    limit = 10,
  ): Promise<string[]> => (await store.list({ ...query, limit })).map(({ id }) => id);

  it('keeps an import to the letter, durably, and once', async () => {
    const one = importWith(1, {
      mapping: { $set: 'serial', 'a.b': '', 序號: 'maker' },
      problem: { code: 'not-utf8', message: 'No.', line: 3 },
      finishedAt: at(9),
    });
    await Promise.all([store.insert(one), store.insert(one)]);
    expect(await store.find(one.id)).to.deep.equal(one);
    expect(await (await opened().again()).imports.find(one.id)).to.deep.equal(one);
    expect(await store.find('imp_none')).to.equal(null);
    expect(await store.count()).to.equal(1);
  });

  it('lets one of many rivals replace a version', async () => {
    const one = importWith(1);
    await store.insert(one);
    const tried = await Promise.all(
      Array.from({ length: 8 }, (_, no) => store.replace(one, next(one, { rowsRead: no }))),
    );
    expect(tried.filter((outcome) => outcome === 'replaced')).to.have.length(1);
    expect(tried.filter((outcome) => outcome === 'overtaken')).to.have.length(7);
    const stored = await store.find(one.id);
    expect(stored).to.deep.equal(next(one, { rowsRead: tried.indexOf('replaced') }));
    expect(await store.replace(importWith(2), next(importWith(2)))).to.equal('overtaken');
  });

  it('gives a file key to one import of an organisation, until that gives it back', async () => {
    const [one, other, foreign] = [importWith(1), importWith(2), importWith(3, { org: 'rival' })];
    for (const each of [one, other, foreign]) await store.insert(each);
    const keyed = next(one, { fileKey: 'fil_1' });
    expect(await store.replace(one, keyed)).to.equal('replaced');
    expect(await store.replace(other, next(other, { fileKey: 'fil_1' }))).to.equal('file-taken');
    expect(await store.find(other.id)).to.deep.equal(other);
    expect(await store.replace(foreign, next(foreign, { fileKey: 'fil_1' }))).to.equal('replaced');
    expect(await store.findByFile('acme', 'fil_1')).to.deep.equal(keyed);
    expect(await store.findByFile('acme', 'fil_2')).to.equal(null);
    const { fileKey: _fileKey, ...given } = next(keyed);
    expect(await store.replace(keyed, given)).to.equal('replaced');
    expect(await store.replace(other, next(other, { fileKey: 'fil_1' }))).to.equal('replaced');
    expect((await store.findByFile('acme', 'fil_1'))?.id).to.equal(other.id);
  });

  it('takes one away while it is as it was', async () => {
    const one = importWith(1);
    await store.insert(one);
    await store.remove(next(one));
    expect(await store.find(one.id)).to.deep.equal(one);
    await store.remove(one);
    await store.remove(one);
    expect(await store.find(one.id)).to.equal(null);
  });

  it('lists the latest first, an organisation alone or all, and goes on after the last of a page', async () => {
    for (const no of [2, 1, 4]) await store.insert(importWith(no));
    await store.insert(importWith(3, { org: 'rival' }));
    await store.insert(importWith(5, { createdAt: at(4) }));
    const all = ['imp_00005', 'imp_00004', 'imp_00003', 'imp_00002', 'imp_00001'];
    expect(await ids({})).to.deep.equal(all);
    expect(await ids({ org: 'acme' })).to.deep.equal(all.filter((id) => id !== 'imp_00003'));
    expect(await ids({ org: 'acme' }, 1)).to.deep.equal(all.slice(0, 1));
    expect(await ids({ after: { createdAt: at(4), id: 'imp_00005' } }, 2)).to.deep.equal(all.slice(1, 3));
    expect(await ids({ org: 'acme', after: { createdAt: at(4), id: 'imp_00004' } })).to.deep.equal(
      all.slice(3),
    );
  });

  it('names what is due, the longest due first', async () => {
    await store.insert(importWith(1, { dueAt: at(30) }));
    await store.insert(importWith(2, { dueAt: at(10) }));
    await store.insert(importWith(3, { dueAt: null }));
    const late = importWith(4, { dueAt: at(20) });
    await store.insert(late);
    expect(await store.due(at(20), 10)).to.deep.equal(['imp_00002', 'imp_00004']);
    expect(await store.due(at(40), 2)).to.deep.equal(['imp_00002', 'imp_00004']);
    await store.replace(late, next(late, { dueAt: null }));
    expect(await store.due(at(40), 10)).to.deep.equal(['imp_00002', 'imp_00001']);
  });

  it('hands all out in order of id, and adopts those of a copy unless as much is there', async () => {
    const all = [1, 2, 3].map((no) => importWith(no));
    await store.adopt([...all].reverse());
    await store.adopt(all);
    expect(await store.page(null, 2)).to.deep.equal(all.slice(0, 2));
    expect(await store.page('imp_00002', 2)).to.deep.equal(all.slice(2));
    const [one] = all as [Import];
    const later = next(one, { rowsRead: 7 });
    await store.adopt([later]);
    await store.adopt([one]);
    expect(await store.find(one.id)).to.deep.equal(later);
  });
});
