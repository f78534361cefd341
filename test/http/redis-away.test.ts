import { Queue } from 'bullmq';
import { expect } from 'chai';
import { connectRedis } from '../../src/platform/redis/index.ts';
import type { App, LookupView } from '../support/app.ts';
import { startApp, until } from '../support/app.ts';
import { OFFICER } from '../support/declarations.ts';
import { overEngines } from '../support/engines.ts';
import { dieFiling } from '../support/kits.ts';
import { freePort } from '../support/ports.ts';
import { startRedisOn } from '../support/process.ts';
import { untilReady } from '../support/redis.ts';

interface Readiness {
  readonly status: string;
}

overEngines('the registry when Redis fails it', function (engine) {
  // What a lost job leaves is asked for again after 15 seconds.
  this.timeout(120_000);
  let app: App;
  let port: number;
  let redis: Awaited<ReturnType<typeof startRedisOn>>;

  before(async () => {
    port = await freePort();
    redis = await startRedisOn(port);
    app = await startApp({ REDIS_URL: `redis://127.0.0.1:${port}`, VERIFY_CONCURRENCY: '2' }, { engine });
  });
  after(async () => {
    await app.close();
    await redis.kill();
  });

  async function readyAs(status: string): Promise<void> {
    await until(async () => {
      const answer = await app.get<Readiness>('/readyz');
      expect(answer.status).to.equal(200);
      return answer.body.status === status ? true : null;
    });
  }

  function fileMany(prefix: string, count: number): Promise<string[]> {
    const numbers = Array.from({ length: count }, (_, no) => no);
    return Promise.all(numbers.map(async (no) => (await app.file(dieFiling(`${prefix}-${no}`))).id));
  }

  const filed: string[] = [];

  it('files and looks up without it, and says so', async () => {
    await readyAs('ready');
    await redis.kill();
    await readyAs('degraded');
    const ids = await fileMany('AWAY', 10);
    for (const [no, id] of ids.entries()) {
      expect((await app.get<{ status: string }>(`/v1/declarations/${id}`, OFFICER)).body.status).to.equal(
        'filed',
      );
      const looked = await app.get<LookupView>(`/v1/lookup?serial=NT-AWAY-${no}-D`, OFFICER);
      expect(looked.status).to.equal(200);
      expect(looked.body.reasons.map(({ code }) => code)).to.include('not-verified-yet');
    }
    filed.push(...ids);
  });

  it('files on when it is back, and when all of it is erased while much waits', async () => {
    redis = await startRedisOn(port);
    await readyAs('ready');
    const connection = connectRedis(`redis://127.0.0.1:${port}`, 'worker');
    await untilReady(connection);
    const queue = new Queue('verification', { connection, prefix: 'ppr' });
    await queue.pause();
    const ids = await fileMany('ERASED', 30);
    expect(await queue.getWaitingCount()).to.be.at.least(28);
    await connection.flushall();
    const statuses = await Promise.all(
      ids.map(
        async (id) => (await app.get<{ status: string }>(`/v1/declarations/${id}`, OFFICER)).body.status,
      ),
    );
    expect(statuses.filter((status) => status === 'filed')).to.have.length.of.at.least(28);
    await queue.close();
    connection.disconnect();
    filed.push(...ids);
  });

  it('has verified everything in the end', async () => {
    expect(filed).to.have.length(40);
    for (const id of filed) expect((await app.checked(id)).status).to.equal('verified');
  });
});
