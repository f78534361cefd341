import { expect } from 'chai';
import { Failure } from '../../../src/kernel/failure.ts';
import type { VerificationService } from '../../../src/modules/verification/index.ts';
import type { VerificationQueue } from '../../../src/modules/verification/verification.queue.ts';
import {
  createVerificationQueue,
  createVerificationWorker,
} from '../../../src/modules/verification/verification.queue.ts';
import type { JobWorker } from '../../../src/platform/queue/index.ts';
import type { PrivateRedis, RedisConnection } from '../../../src/platform/redis/index.ts';
import { connectRedis } from '../../../src/platform/redis/index.ts';
import { until } from '../../support/app.ts';
import { failureCode } from '../../support/failures.ts';
import { removeFolders, temporaryFolder } from '../../support/folders.ts';
import { startTestRedis, untilReady } from '../../support/redis.ts';

describe('verification jobs', () => {
  let redis: PrivateRedis;
  let producer: RedisConnection;
  let workers: RedisConnection;
  let queue: VerificationQueue;
  let worker: JobWorker | undefined;

  before(async () => {
    redis = await startTestRedis(temporaryFolder());
    producer = connectRedis(redis.url, 'producer');
    workers = connectRedis(redis.url, 'worker');
    await untilReady(producer);
    queue = createVerificationQueue(producer, 1);
  });

  afterEach(() => worker?.close());

  after(async () => {
    await queue.jobs.close();
    producer.disconnect();
    workers.disconnect();
    await redis.close();
    removeFolders();
  });

  function work(verification: Pick<VerificationService, 'check' | 'setAside'>): void {
    const rest = { decide: () => Promise.reject(new Error('not asked for')) };
    worker = createVerificationWorker({
      connection: workers,
      verification: { ...rest, ...verification },
      concurrency: 2,
      onTrouble: () => undefined,
    });
  }

  it('are tried again, and what fails at the last try is put before a regulator', async () => {
    const tried: string[] = [];
    const aside = new Promise<string[]>((resolve) => {
      work({
        check: (id) => {
          tried.push(id);
          return Promise.reject(new Error('poison'));
        },
        setAside: (id, because) => {
          resolve([id, because]);
          return Promise.resolve('needs-review');
        },
      });
    });
    await queue.request('dcl_poison', 0);
    const [id, because] = await aside;
    expect(id).to.equal('dcl_poison');
    expect(because).to.contain('a person has to decide');
    expect(tried).to.deep.equal(Array.from({ length: 5 }, () => 'dcl_poison'));
  });

  it('that fail for want of a store are left to the relay, not to a regulator', async () => {
    let tries = 0;
    const aside: string[] = [];
    work({
      check: () => {
        tries += 1;
        return Promise.reject(new Failure('unavailable', 'store-away', 'The store is away.'));
      },
      setAside: (id) => {
        aside.push(id);
        return Promise.resolve('needs-review');
      },
    });
    await queue.request('dcl_storeless', 0);
    const state = () => queue.jobs.bull.getJobState('verify-dcl_storeless-0');
    await until(async () => ((await state()) === 'failed' ? true : null));
    expect(tries).to.equal(5);
    expect(aside).to.deep.equal([]);
  });

  it('are one for one attempt of one declaration, however often they are asked for', async () => {
    await queue.request('dcl_once', 3);
    await queue.request('dcl_once', 3);
    await queue.request('dcl_once', 4);
    expect((await queue.jobs.counts()).waiting).to.equal(2);
  });

  it('are asked for again as soon as the queue is back', async () => {
    const closed = new Promise<void>((resolve) => producer.once('close', () => resolve()));
    producer.disconnect(true);
    await closed;
    expect(await failureCode(() => queue.request('dcl_missed', 0))).to.equal('queue-away');
    await untilReady(producer);
    const state = () => queue.jobs.bull.getJobState('verify-dcl_missed-0');
    await until(async () => ((await state()) === 'waiting' ? true : null));
  });

  it('carry the id of the declaration and nothing else', async () => {
    await queue.request('dcl_bare', 0);
    const job = await queue.jobs.bull.getJob('verify-dcl_bare-0');
    expect(job?.data).to.deep.equal({ declarationId: 'dcl_bare' });
  });
});
