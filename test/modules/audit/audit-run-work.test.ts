import { expect } from 'chai';
import { DAY_MS, shifted } from '../../../src/kernel/clock.ts';
import type { Stores } from '../../../src/main/stores.ts';
import { Failure } from '../../../src/kernel/failure.ts';
import { openRunning } from '../../support/audit-running.ts';
import { REGULATOR } from '../../support/declarations.ts';
import { dying } from '../../support/dying.ts';
import { failureMessage } from '../../support/failures.ts';
import { createMemoryStores, noRecords } from '../../support/memory-stores.ts';
import { createTestClock } from '../../support/times.ts';

const NIGHT = '2026-11-02T02:00:00.000Z';
const NEXT_NIGHT = shifted(NIGHT, DAY_MS);
const HOUR_MS = 3_600_000;
const PORTS = ['auditRuns', 'auditRunParts'] as const;
const ASKED = { report: 'overdue', settings: {} };
const FIRST = [['a', 'b', 'c'], ['d']];
const SECOND = [
  ['a', 'x'],
  ['c', 'y'],
];

describe('working on a run of a report', () => {
  for (const when of ['before', 'after'] as const) {
    it(`comes to the same end wherever a process was killed, right ${when} a call took effect`, async () => {
      let deaths = 0;
      for (let dieAt = 1; ; dieAt += 1) {
        const stores = createMemoryStores(noRecords());
        const clock = createTestClock();
        const first = openRunning({ stores, clock, found: () => FIRST, keptRuns: 1 });
        const before = await first.runScheduled(NIGHT);
        clock.pass(DAY_MS);
        const mortal = dying(stores, PORTS, dieAt, when);
        const killed = openRunning({ stores: mortal.stores, clock, found: () => SECOND, keptRuns: 1 });
        await killed.runScheduled(NEXT_NIGHT).catch(() => undefined);
        if (!mortal.isDead()) break;
        deaths += 1;

        // The job comes again; what has no job any more is asked for again.
        clock.pass(HOUR_MS);
        const second = openRunning({ stores, clock, found: () => SECOND, keptRuns: 1 });
        const run = await second.runScheduled(NEXT_NIGHT);
        const { errors } = await second.rollForward(() => false);
        expect(errors).to.deep.equal([]);
        expect(run, `killed at call ${dieAt}`).to.deep.include({
          status: 'completed',
          rows: 4,
          kept: 4,
          newRows: 2,
          goneRows: 2,
          because: `2 new, 2 gone since ${before.startedAt}.`,
        });
        expect(await second.keysOf(run.id, 'all')).to.deep.equal([
          ...['a known', 'x new', 'c known', 'y new'],
          ...['b gone', 'd gone'],
        ]);
        // Nothing is left of attempts that came to nothing, nor of the run before, of which nothing is kept.
        const parts = await stores.auditRunParts.page(null, 100);
        expect(parts.map(({ runId, kind }) => `${runId} ${kind}`)).to.deep.equal([
          `${run.id} found`,
          `${run.id} gone`,
        ]);
        expect(await stores.auditRuns.due('9999', 10)).to.deep.equal([]);
        expect(await stores.auditRuns.count()).to.equal(2);
      }
      expect(deaths).to.be.above(15);
    }).timeout(60_000);
  }

  it('leaves a run alone that somebody is at work on', async () => {
    const ran: string[] = [];
    const process = openRunning({
      found: () => [['a'], ['b']],
      async onPiece() {
        ran.push('piece');
        const [{ id = '' } = {}] = await process.list({ limit: 1 });
        expect(await process.work(id, () => false)).to.equal(null);
      },
    });
    expect(await process.runScheduled(NIGHT)).to.deep.include({ status: 'completed', attempt: 1, rows: 2 });
    expect(ran).to.have.length(2);
  });

  it('is taken over by another process once nothing was heard of it, and then counts for nothing', async () => {
    const stores = createMemoryStores(noRecords());
    const clock = createTestClock();
    const other = openRunning({ stores, clock, found: () => [['other']] });
    let pieces = 0;
    const slow = openRunning({
      stores,
      clock,
      found: () => [['a'], ['b'], ['c']],
      async onPiece() {
        pieces += 1;
        if (pieces !== 2) return;
        clock.pass(HOUR_MS);
        expect((await other.runScheduled(NIGHT)).status).to.equal('completed');
      },
    });
    const run = await slow.runScheduled(NIGHT);
    expect(run).to.deep.include({ attempt: 2, rows: 1, status: 'completed' });
    expect(await slow.keysOf(run.id, 'all')).to.deep.equal(['other new']);
  });

  it('says that it goes on, so that a long one is nobody else’s', async () => {
    const process = openRunning({
      found: () => Array.from({ length: 30 }, (_, no) => [`k${no}`]),
      async onPiece() {
        process.clock.pass(60_000);
        await process.rollForward(() => false);
      },
    });
    expect(await process.runScheduled(NIGHT)).to.deep.include({ attempt: 1, rows: 30 });
    expect(process.requested).to.deep.equal([]);
  });

  it('is alive after all when it was slow and nobody began it meanwhile', async () => {
    let pieces = 0;
    const process = openRunning({
      found: () => [['a'], ['b'], ['c']],
      async onPiece() {
        pieces += 1;
        if (pieces === 2) process.clock.pass(HOUR_MS);
        await process.rollForward(() => false);
      },
    });
    const run = await process.runScheduled(NIGHT);
    expect(run).to.deep.include({ status: 'completed', attempt: 1, rows: 3 });
    expect(process.requested).to.deep.equal([`${run.id}-1`]);
  });

  it('begins also when the relay notes in the same moment that it was asked for', async () => {
    const stores = createMemoryStores(noRecords());
    const clock = createTestClock();
    const relay = openRunning({ stores, clock, found: () => FIRST });
    const { id } = await relay.start(REGULATOR, ASKED);
    let finds = 0;
    const auditRuns: Stores['auditRuns'] = {
      ...stores.auditRuns,
      async find(asked) {
        const found = await stores.auditRuns.find(asked);
        finds += 1;
        if (finds === 1) await relay.rollForward(() => false);
        return found;
      },
    };
    const process = openRunning({ stores: { ...stores, auditRuns }, clock, found: () => FIRST });
    expect((await process.work(id, () => false))?.status).to.equal('completed');
  });

  it('breaks off when its process ends, and begins anew in the next', async () => {
    const process = openRunning({ found: () => FIRST });
    const { id } = await process.start(REGULATOR, ASKED);
    expect(await failureMessage(() => process.work(id, () => true))).to.match(/will be begun anew/);
    expect(await process.get(id)).to.deep.include({ status: 'waiting', tries: 0 });
    await process.work(id, () => false);
    expect(await process.get(id)).to.deep.include({ status: 'completed', attempt: 2, rows: 4 });
  });

  it('is given up when it fails over and over for a reason nobody expected', async () => {
    const process = openRunning({
      found: () => {
        throw new Error('a bug');
      },
    });
    const { id } = await process.start(REGULATOR, ASKED);
    for (let tries = 1; tries <= 5; tries += 1) {
      expect(await failureMessage(() => process.work(id, () => false))).to.equal('a bug');
    }
    const run = await process.get(id);
    expect(run).to.deep.include({ status: 'failed', rows: 0, tries: 5 });
    expect(run.because).to.match(/^It failed 5 times/);
    expect(await process.work(id, () => false)).to.equal(null);
    // Another one can be asked for.
    expect((await process.start(REGULATOR, ASKED)).id).not.to.equal(id);
  });

  it('is not given up because store or reports are busy', async () => {
    const process = openRunning({
      found: () => {
        throw new Failure('unavailable', 'audits-busy', 'Busy.');
      },
    });
    const { id } = await process.start(REGULATOR, ASKED);
    for (let tries = 1; tries <= 12; tries += 1) await failureMessage(() => process.work(id, () => false));
    expect(await process.get(id)).to.deep.include({ status: 'waiting', tries: 0, attempt: 12 });
  });

  it('is given up when it takes every process with it that begins it', async () => {
    const process = openRunning({ found: () => FIRST });
    const { id } = await process.start(REGULATOR, ASKED);
    const run = await process.get(id);
    await process.stores.auditRuns.replace(run, { ...run, version: 2, status: 'running', attempt: 20 });
    process.clock.pass(HOUR_MS);
    expect(await process.work(id, () => false)).to.equal(null);
    expect((await process.get(id)).status).to.equal('failed');
  });
});

describe('the relay of runs', () => {
  const caughtUp = async (process: ReturnType<typeof openRunning>): Promise<number> => {
    await process.catchUp(['overdue', 'no-such-report']);
    return (await process.list({ limit: 10 })).length;
  };

  it('makes up for a night that was missed, once', async () => {
    const process = openRunning({ found: () => FIRST });
    const first = await process.runScheduled(NIGHT);
    process.clock.set(shifted(NEXT_NIGHT, 60_000));
    expect(await caughtUp(process), 'its job may still come').to.equal(1);
    process.clock.set(shifted(NEXT_NIGHT, HOUR_MS));
    expect(await caughtUp(process)).to.equal(2);
    await process.rollForward(() => false);
    const [{ id = '' } = {}] = await process.list({ limit: 1 });
    expect(process.requested).to.deep.equal([`${id}-0`]);
    await process.work(id, () => false);
    expect(await process.get(id)).to.deep.include({ scheduledFor: NEXT_NIGHT, status: 'completed' });
    expect((await process.get(id)).previous?.id).to.equal(first.id);
    expect(await caughtUp(process)).to.equal(2);
  });

  it('makes up for nothing where the report was run since, was never run, or nothing is scheduled', async () => {
    const never = openRunning({ found: () => FIRST });
    expect(await caughtUp(never)).to.equal(0);
    const asked = openRunning({ found: () => FIRST });
    const { id } = await asked.start(REGULATOR, ASKED);
    await asked.work(id, () => false);
    asked.clock.pass(HOUR_MS);
    expect(await caughtUp(asked)).to.equal(1);
    const off = openRunning({ stores: asked.stores, found: () => FIRST, lastInstant: () => null });
    off.clock.pass(7 * DAY_MS);
    expect(await caughtUp(off)).to.equal(1);
    expect(await off.scheduled('overdue', NIGHT)).to.equal(null);
    expect(await asked.scheduled('no-such-report', NIGHT)).to.equal(null);
  });

  it('asks again for what waits, until somebody begins it', async () => {
    const process = openRunning({ found: () => FIRST });
    const { id } = await process.start(REGULATOR, ASKED);
    for (let rounds = 0; rounds < 3; rounds += 1) {
      await process.rollForward(() => false);
      process.clock.pass(61_000);
    }
    expect(process.requested).to.deep.equal(Array.from({ length: 4 }, () => `${id}-0`));
    await process.work(id, () => false);
    await process.rollForward(() => false);
    expect(process.requested).to.have.length(4);
  });
});
