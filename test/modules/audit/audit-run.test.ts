import { expect } from 'chai';
import { DAY_MS, shifted } from '../../../src/kernel/clock.ts';
import { MOST_KEPT } from '../../../src/modules/audit/audit-run.ts';
import { openRunning } from '../../support/audit-running.ts';
import { REGULATOR } from '../../support/declarations.ts';
import { failureCode } from '../../support/failures.ts';
import { START } from '../../support/times.ts';

const NIGHT = '2026-11-02T02:00:00.000Z';
const nights = (count: number): string => shifted(NIGHT, count * DAY_MS);
const ASKED = { report: 'overdue', settings: {} };

/** A process whose report finds these keys, another list each time; the last one for ever. */
function finding(...lists: readonly (readonly string[])[]) {
  let runs = 0;
  return openRunning({
    found: () => {
      const keys = lists[Math.min(runs, lists.length - 1)] ?? [];
      runs += 1;
      return [keys.slice(0, 2), keys.slice(2)];
    },
  });
}

describe('a run of a report', () => {
  it('is compared with nothing the first time, and keeps every row in the order of the report', async () => {
    const { runScheduled, keysOf } = finding(['c', 'a', 'b']);
    const run = await runScheduled(NIGHT);
    expect(run).to.deep.include({
      status: 'completed',
      report: 'overdue',
      settings: { days: 30 },
      scheduledFor: NIGHT,
      rows: 3,
      kept: 3,
      newRows: 3,
      goneRows: 0,
      because: 'The first run: 3 rows.',
      dueAt: null,
    });
    expect(await keysOf(run.id, 'new')).to.deep.equal(['c new', 'a new', 'b new']);
    expect(await keysOf(run.id, 'gone')).to.deep.equal([]);
  });

  it('tells what is new and what is gone since the run before', async () => {
    const process = finding(['a', 'b', 'c', 'd'], ['x', 'b', 'd', 'y', 'z']);
    const first = await process.runScheduled(NIGHT);
    process.clock.pass(DAY_MS);
    const run = await process.runScheduled(nights(1));
    expect(run).to.deep.include({ rows: 5, newRows: 3, goneRows: 2 });
    expect(run.because).to.equal(`3 new, 2 gone since ${first.startedAt}.`);
    expect(run.previous).to.deep.equal({ id: first.id, startedAt: first.startedAt, truncated: false });
    expect(await process.keysOf(run.id, 'new', 2)).to.deep.equal(['x new', 'y new', 'z new']);
    expect(await process.keysOf(run.id, 'gone', 1)).to.deep.equal(['a gone', 'c gone']);
    expect(await process.keysOf(run.id, 'all', 3)).to.deep.equal([
      ...['x new', 'b known', 'd known', 'y new', 'z new'],
      ...['a gone', 'c gone'],
    ]);
  });

  it('finds nothing new in the same register', async () => {
    const process = finding(['a', 'b']);
    await process.runScheduled(NIGHT);
    process.clock.pass(DAY_MS);
    expect(await process.runScheduled(nights(1))).to.deep.include({ rows: 2, newRows: 0, goneRows: 0 });
  });

  it('is the same run however often its job comes', async () => {
    const process = finding(['a'], ['b']);
    const first = await process.runScheduled(NIGHT);
    expect(await process.runScheduled(NIGHT)).to.deep.equal(first);
    expect(await process.list({ limit: 10 })).to.have.length(1);
    expect(await process.stores.auditRunParts.count()).to.equal(1);
  });

  it('counts a job that comes after the next instant as that one', async () => {
    const process = finding(['a']);
    process.clock.pass(2 * DAY_MS);
    expect((await process.runScheduled(NIGHT)).scheduledFor).to.equal(nights(2));
  });

  it('is compared with runs of the same settings alone', async () => {
    const process = finding(['a']);
    await process.runScheduled(NIGHT);
    const { id } = await process.start(REGULATOR, { report: 'overdue', settings: { days: 90 } });
    await process.work(id, () => false);
    const run = await process.get(id);
    expect(run).to.deep.include({ settings: { days: 90 }, newRows: 1, by: REGULATOR });
    expect(run.previous).to.equal(undefined);
  });

  it('keeps so many rows and no more, counts the others, and says so in the next one', async () => {
    const keys = Array.from({ length: MOST_KEPT + 3 }, (_, no) => `k${no}`);
    const process = finding(keys, [...keys.slice(1), 'late']);
    const first = await process.runScheduled(NIGHT);
    expect(first).to.deep.include({ rows: MOST_KEPT + 3, kept: MOST_KEPT, newRows: MOST_KEPT + 3 });
    expect(first.because).to.equal(
      'The first run: 100003 rows. Only the first 100000 of 100003 rows are kept.',
    );
    process.clock.pass(DAY_MS);
    const run = await process.runScheduled(nights(1));
    // What lies beyond the rows that were kept is not known to have been there, and nothing of it is gone.
    expect(run).to.deep.include({ rows: MOST_KEPT + 3, newRows: 4, goneRows: 1 });
    expect(run.because).to.match(/^4 new, 1 gone since .* so some that count as new may have been there\.$/);
    expect(await process.keysOf(run.id, 'gone')).to.deep.equal(['k0 gone']);
    expect(await process.keysOf(run.id, 'new')).to.deep.equal(['k100000 new']);
  }).timeout(120_000);

  it('has no rows before it is completed', async () => {
    const process = finding(['a']);
    const { id, status } = await process.start(REGULATOR, ASKED);
    expect(status).to.equal('waiting');
    expect(await process.keysOf(id, 'all')).to.deep.equal([]);
  });

  it('keeps rows of the latest runs alone, and the records of all', async () => {
    const process = openRunning({ found: () => [['a', 'b']], keptRuns: 3 });
    const ids: string[] = [];
    for (let night = 0; night < 6; night += 1) {
      ids.push((await process.runScheduled(nights(night))).id);
      process.clock.pass(DAY_MS);
    }
    expect(await process.list({ limit: 10 })).to.have.length(6);
    const kept = await process.stores.auditRunParts.page(null, 100);
    expect(kept.map(({ runId }) => runId)).to.have.members(ids.slice(3));
    expect(await failureCode(() => process.keysOf(ids[2] ?? '', 'all'))).to.equal('rows-not-kept');
    const [old, young] = [await process.get(ids[2] ?? ''), await process.get(ids[3] ?? '')];
    expect(old).to.deep.include({ rows: 2, dueAt: null, discardedAt: nights(5).replace('T02', 'T09') });
    expect(young.discardedAt).to.equal(undefined);
  });

  it('keeps the rows of the latest run of each settings, whatever was run since', async () => {
    const process = openRunning({ found: () => [['a', 'b']], keptRuns: 1 });
    const night = await process.runScheduled(nights(0));
    for (const days of [3, 4]) {
      process.clock.pass(DAY_MS);
      const { id } = await process.start(REGULATOR, { ...ASKED, settings: { days } });
      await process.work(id, () => false);
    }
    expect(await process.keysOf(night.id, 'all')).to.have.length(2);
    process.clock.pass(DAY_MS);
    const next = await process.runScheduled(nights(3));
    expect([next.previous?.id, next.newRows]).to.deep.equal([night.id, 0]);
    expect(await failureCode(() => process.keysOf(night.id, 'all'))).to.equal('rows-not-kept');
  });
});

describe('asking for a run', () => {
  it('answers the one that waits or is under way, also to those who ask at once', async () => {
    const process = finding(['a']);
    const asked = await Promise.all([1, 2, 3].map(() => process.start(REGULATOR, ASKED)));
    expect(new Set(asked.map(({ id }) => id)).size).to.equal(1);
    const [{ id = '' } = {}] = asked;
    expect(process.requested).to.include(`${id}-0`);
    expect((await process.start(REGULATOR, { report: 'overdue', settings: { days: 3 } })).id).not.to.equal(
      id,
    );
    await process.work(id, () => false);
    // The clock stands still, or that of another process is behind: the next one comes after it all the same.
    const next = await process.start(REGULATOR, ASKED);
    expect(next.id).not.to.equal(id);
    expect(next.createdAt > START).to.equal(true);
  });

  it('is refused while too many wait', async () => {
    const process = finding(['a']);
    const ask = (days: number) => process.start(REGULATOR, { report: 'overdue', settings: { days } });
    for (let days = 1; days <= 50; days += 1) await ask(days);
    expect(await failureCode(() => ask(51))).to.equal('audit-runs-full');
    expect((await ask(7)).settings).to.deep.equal({ days: 7 });
  });
});
