import { expect } from 'chai';
import { createAuditQueue, createAuditWorker } from '../../../src/modules/audit/audit.queue.ts';
import type { AuditQueue } from '../../../src/modules/audit/audit.queue.ts';
import { connectRedis } from '../../../src/platform/redis/index.ts';
import type { PrivateRedis, RedisConnection } from '../../../src/platform/redis/index.ts';
import { removeFolders, temporaryFolder } from '../../support/folders.ts';
import { startTestRedis, untilReady } from '../../support/redis.ts';

const CRON = '0 2 * * *';
/** Once a year: it isn't time while tests run, but for a moment at new year. */
const YEARLY = '0 0 1 1 *';

describe('the queue of runs of reports', () => {
  let redis: PrivateRedis;
  let producer: RedisConnection;
  let queue: AuditQueue;

  before(async () => {
    redis = await startTestRedis(temporaryFolder());
    producer = connectRedis(redis.url, 'producer');
    await untilReady(producer);
  });
  beforeEach(async () => {
    await producer.flushall();
    queue = createAuditQueue(producer, 1);
  });
  afterEach(() => queue.jobs.close());
  after(async () => {
    producer.disconnect();
    await redis.close();
    removeFolders();
  });

  const schedules = async (): Promise<Record<string, string | undefined>> =>
    Object.fromEntries(
      (await queue.jobs.bull.getJobSchedulers(0, -1, true)).map(({ key, pattern }) => [key, pattern]),
    );
  const waiting = async () => queue.jobs.bull.getJobs(['delayed', 'waiting']);

  /** Works on jobs until one has come; answers what it said. */
  async function nextJob(): Promise<string> {
    const connection = connectRedis(redis.url, 'worker');
    let close = (): Promise<void> => Promise.resolve();
    const said = await new Promise<string>((resolve) => {
      const worker = createAuditWorker({
        connection,
        scheduled: async (report, instant) => `${report} ${instant}`,
        work: async (id) => resolve(id),
        onTrouble: (error) => resolve(error.message),
      });
      close = () => worker.close();
    });
    await close();
    connection.disconnect();
    return said;
  }

  it('has a schedule for each report, once, with one job that says nothing but its report', async () => {
    const schedule = { cron: CRON, reports: ['overdue', 'several-exporters'] };
    await queue.keepSchedule(schedule);
    const first = (await waiting()).map(({ id }) => id).sort();
    await Promise.all([queue.keepSchedule(schedule), queue.keepSchedule(schedule)]);
    expect(await schedules()).to.deep.equal({ 'audit-overdue': CRON, 'audit-several-exporters': CRON });
    const jobs = await waiting();
    expect(jobs.map(({ id }) => id).sort()).to.deep.equal(first);
    expect(jobs.map(({ data }) => data)).to.have.deep.members([
      { report: 'overdue' },
      { report: 'several-exporters' },
    ]);
    for (const { opts } of jobs) {
      expect(opts).to.deep.include({ attempts: 5 });
      expect(opts.removeOnComplete).to.deep.equal({ age: 3600, count: 1000 });
      expect(new Date(opts.prevMillis ?? 0).toISOString()).to.match(/T02:00:00\.000Z$/);
    }
  });

  it('has it again after Redis lost everything', async () => {
    const schedule = { cron: CRON, reports: ['overdue'] };
    await queue.keepSchedule(schedule);
    await producer.flushall();
    expect(await schedules()).to.deep.equal({});
    await queue.keepSchedule(schedule);
    expect(await schedules()).to.deep.equal({ 'audit-overdue': CRON });
    expect(await waiting()).to.have.length(1);
  });

  it('has its next job again when somebody took that away', async () => {
    const schedule = { cron: CRON, reports: ['overdue'] };
    await queue.keepSchedule(schedule);
    await producer.del(...(await producer.keys('ppr:audits:repeat:audit-overdue:*')));
    await producer.del('ppr:audits:delayed');
    await queue.keepSchedule(schedule);
    expect(await waiting()).to.have.length(1);
  });

  it('changes with the settings, and what is no longer wanted goes', async () => {
    await queue.keepSchedule({ cron: CRON, reports: ['overdue', 'several-exporters'] });
    await queue.keepSchedule({ cron: YEARLY, reports: ['overdue'] });
    expect(await schedules()).to.deep.equal({ 'audit-overdue': YEARLY });
    const jobs = await waiting();
    expect(jobs.map(({ data }) => data)).to.deep.equal([{ report: 'overdue' }]);
    expect(new Date(jobs[0]?.opts.prevMillis ?? 0).toISOString()).to.match(/-01-01T00:00:00\.000Z$/);
    await queue.keepSchedule({ cron: null, reports: ['overdue'] });
    expect(await schedules()).to.deep.equal({});
    expect(await waiting()).to.deep.equal([]);
  });

  it('tells whoever works on a job of the schedule for which instant it is', async () => {
    await queue.keepSchedule({ cron: YEARLY, reports: ['overdue'] });
    const [job] = await waiting();
    const instant = new Date(job?.opts.prevMillis ?? 0).toISOString();
    await job?.promote();
    expect(await nextJob()).to.equal(`overdue ${instant}`);
    // The one after that waits already.
    expect((await waiting()).map(({ opts }) => opts.prevMillis)).to.have.length(1);
  });

  it('hands over a run that is asked for, once however often', async () => {
    const run = { id: 'aud_1', attempt: 0 };
    await Promise.all([queue.request(run), queue.request(run)]);
    expect((await queue.jobs.counts()).waiting).to.equal(1);
    expect(await nextJob()).to.equal('aud_1');
  });

  it('sets a job aside that says something else', async () => {
    await queue.jobs.add({ id: 'odd', payload: { runId: 'a', report: 'b' } });
    expect(await nextJob()).to.match(/^the job odd was set aside/);
  });
});
