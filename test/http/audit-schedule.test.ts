import { join } from 'node:path';
import { Queue } from 'bullmq';
import { expect } from 'chai';
import { systemClock } from '../../src/main/clock.ts';
import { openMongoStores } from '../../src/main/mongo-stores.ts';
import { openSqliteStores } from '../../src/main/stores.ts';
import { connectRedis } from '../../src/platform/redis/index.ts';
import type { App } from '../support/app.ts';
import { startApp, until } from '../support/app.ts';
import { REGULATOR } from '../support/declarations.ts';
import type { Place } from '../support/engines.ts';
import { overEngines } from '../support/engines.ts';
import { removeFolders, temporaryFolder } from '../support/folders.ts';
import { freePort } from '../support/ports.ts';
import { startRedisOn } from '../support/process.ts';
import { auditRunWith } from '../support/records.ts';
import { untilReady } from '../support/redis.ts';

interface RunView {
  readonly id: string;
  readonly status: string;
  readonly scheduledFor?: string;
  readonly previousId?: string;
}

/** Once a year, so that it isn't time while this runs. */
const YEARLY = '0 0 1 1 *';
const RUNS = '/v1/audit-runs';
/** Of two years ago. */
const OLD = auditRunWith(1, {
  status: 'completed',
  createdAt: '2024-06-01T00:00:00.000Z',
  startedAt: '2024-06-01T00:00:01.000Z',
  dueAt: null,
});

overEngines('the schedule of reports', function (engine) {
  // What is missing is looked for every 15 seconds.
  this.timeout(120_000);
  let place: Place;
  let app: App;
  let port: number;
  let redis: Awaited<ReturnType<typeof startRedisOn>>;

  before(async () => {
    place = await engine.prepare();
    port = await freePort();
    redis = await startRedisOn(port);
    const dataDir = temporaryFolder();
    const url = place.environment['DATABASE_URL'];
    const stores =
      url === undefined
        ? openSqliteStores(join(dataDir, 'registry.sqlite'), 'reg_test')
        : await openMongoStores({ url, clock: systemClock() }, 'reg_test');
    await stores.auditRuns.insert(OLD);
    await stores.close();
    app = await startApp({
      ...place.environment,
      DATA_DIR: dataDir,
      REDIS_URL: `redis://127.0.0.1:${port}`,
      AUDIT_SCHEDULE: YEARLY,
      AUDIT_REPORTS: 'several-exporters',
    });
  });
  after(async () => {
    await app.closeAndKeep();
    await place.clean();
    await redis.kill();
    removeFolders();
  });

  const ranToItsEnd = (isIt: (run: RunView) => boolean): Promise<RunView> =>
    until(async () => {
      const { body } = await app.get<{ runs: RunView[] }>(RUNS, REGULATOR);
      return body.runs.find((run) => isIt(run) && run.status === 'completed') ?? null;
    });

  it('makes up for what it asked for while nobody was there, compared with the run before', async () => {
    const run = await ranToItsEnd(({ scheduledFor }) => scheduledFor !== undefined);
    expect(run.scheduledFor).to.match(/^20\d\d-01-01T00:00:00\.000Z$/);
    expect(run.previousId).to.equal(OLD.id);
  });

  it('comes back by itself when Redis has lost everything', async () => {
    const connection = connectRedis(`redis://127.0.0.1:${port}`, 'producer');
    await untilReady(connection);
    const queue = new Queue('audits', { connection, prefix: 'ppr', skipVersionCheck: true });
    const isThere = async (): Promise<true | null> => {
      const [found] = await queue.getJobSchedulers(0, -1, true);
      return found?.key === 'audit-several-exporters' && found.pattern === YEARLY ? true : null;
    };
    await until(isThere);
    await connection.flushall();
    expect(await isThere()).to.equal(null);
    await until(isThere);
    await queue.close();
    connection.disconnect();
  });

  it('takes a wish for a run while Redis is away, which is done once it is back', async () => {
    await redis.kill();
    const asked = await app.post<RunView>(RUNS, REGULATOR, { report: 'several-exporters' });
    expect([asked.status, asked.body.status]).to.deep.equal([202, 'waiting']);
    redis = await startRedisOn(port);
    await ranToItsEnd(({ id }) => id === asked.body.id);
  });
});
