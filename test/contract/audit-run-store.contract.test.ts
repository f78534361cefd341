import { expect } from 'chai';
import type { AuditRun, AuditRunStore } from '../../src/modules/audit/index.ts';
import { REGULATOR } from '../support/declarations.ts';
import { onEveryEngine } from '../support/engines.ts';
import { auditRunWith } from '../support/records.ts';
import { at } from '../support/times.ts';

const next = (run: AuditRun, facts: Partial<AuditRun> = {}): AuditRun => ({
  ...run,
  version: run.version + 1,
  ...facts,
});

onEveryEngine('AuditRunStore', (opened) => {
  let store: AuditRunStore;
  beforeEach(() => {
    store = opened().stores.auditRuns;
  });
  const ids = async (query: Omit<Parameters<AuditRunStore['list']>[0], 'limit'>, limit = 10) =>
    (await store.list({ ...query, limit })).map(({ id }) => id);

  it('keeps a run to the letter, durably, and as it came first', async () => {
    const run = auditRunWith(1, {
      settings: { days: 30, regime: 'TW' },
      by: REGULATOR,
      parts: { found: 3, gone: 1, withNew: [1, 3] },
      previous: { id: 'aud_00000', startedAt: at(0), truncated: true },
      because: '3 new, 序號.',
      dueAt: null,
    });
    await Promise.all([store.insert(run), store.insert(run)]);
    await store.insert({ ...run, because: 'other' });
    expect(await store.find(run.id)).to.deep.equal(run);
    expect(await (await opened().again()).auditRuns.find(run.id)).to.deep.equal(run);
    expect(await store.find('aud_none')).to.equal(null);
    expect(await store.count()).to.equal(1);
  });

  it('lets one of many rivals replace a version', async () => {
    const run = auditRunWith(1);
    await store.insert(run);
    const tried = await Promise.all(
      Array.from({ length: 8 }, (_, no) => store.replace(run, next(run, { rows: no }))),
    );
    expect(tried.filter((outcome) => outcome === 'replaced')).to.have.length(1);
    expect(tried.filter((outcome) => outcome === 'overtaken')).to.have.length(7);
    expect(await store.find(run.id)).to.deep.equal(next(run, { rows: tried.indexOf('replaced') }));
    expect(await store.replace(auditRunWith(2), next(auditRunWith(2)))).to.equal('overtaken');
  });

  it('lists the latest first, of all reports or one, and goes on after the last of a page', async () => {
    for (const no of [2, 1, 4]) await store.insert(auditRunWith(no));
    await store.insert(auditRunWith(3, { report: 'overdue' }));
    await store.insert(auditRunWith(5, { createdAt: at(4) }));
    const all = ['aud_00005', 'aud_00004', 'aud_00003', 'aud_00002', 'aud_00001'];
    expect(await ids({})).to.deep.equal(all);
    expect(await ids({}, 2)).to.deep.equal(all.slice(0, 2));
    expect(await ids({ report: 'overdue' })).to.deep.equal(['aud_00003']);
    expect(await ids({ after: { createdAt: at(4), id: 'aud_00005' } }, 2)).to.deep.equal(all.slice(1, 3));
    const after = { createdAt: at(4), id: 'aud_00004' };
    expect(await ids({ report: 'several-exporters', after })).to.deep.equal(all.slice(3));
  });

  it('names the latest of a series, and the latest that was completed', async () => {
    const series = 'overdue {}';
    expect(await store.latest(series)).to.equal(null);
    for (const no of [1, 2, 3]) await store.insert(auditRunWith(no, { series }));
    await store.insert(auditRunWith(9));
    expect((await store.latest(series))?.id).to.equal('aud_00003');
    expect(await store.latest(series, 'completed')).to.equal(null);
    for (const no of [2, 1]) {
      const run = auditRunWith(no, { series });
      await store.replace(run, next(run, { status: 'completed' }));
    }
    expect((await store.latest(series, 'completed'))?.id).to.equal('aud_00002');
    expect((await store.latest(series))?.id).to.equal('aud_00003');
  });

  it('names what is due, the longest due first', async () => {
    await store.insert(auditRunWith(1, { dueAt: at(30) }));
    await store.insert(auditRunWith(2, { dueAt: at(10) }));
    await store.insert(auditRunWith(3, { dueAt: null }));
    const late = auditRunWith(4, { dueAt: at(20) });
    await store.insert(late);
    expect(await store.due(at(20), 10)).to.deep.equal(['aud_00002', 'aud_00004']);
    expect(await store.due('9999', 2)).to.deep.equal(['aud_00002', 'aud_00004']);
    await store.replace(late, next(late, { dueAt: null }));
    expect(await store.due(at(40), 10)).to.deep.equal(['aud_00002', 'aud_00001']);
  });

  it('hands all out in order of id, and adopts those of a copy unless as much is there', async () => {
    const all = [1, 2, 3].map((no) => auditRunWith(no));
    await store.adopt([...all].reverse());
    await store.adopt(all);
    expect(await store.page(null, 2)).to.deep.equal(all.slice(0, 2));
    expect(await store.page('aud_00002', 2)).to.deep.equal(all.slice(2));
    const [run] = all as [AuditRun];
    const later = next(run, { status: 'completed', rows: 7 });
    await store.adopt([later]);
    await store.adopt([run]);
    expect(await store.find(run.id)).to.deep.equal(later);
  });
});
