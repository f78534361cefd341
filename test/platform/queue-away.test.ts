import { inspect } from 'node:util';
import joi from 'joi';
import { expect } from 'chai';
import { createQueue, createWorker } from '../../src/platform/queue/index.ts';
import type { JobQueue, JobWorker, WorkerOptions } from '../../src/platform/queue/index.ts';
import { connectRedis } from '../../src/platform/redis/index.ts';
import type { PrivateRedis, RedisConnection, RedisPurpose } from '../../src/platform/redis/index.ts';
import { tcpProxy } from '../faults/support/tcp-proxy.ts';
import { failureCode } from '../support/failures.ts';
import { removeFolders, temporaryFolder } from '../support/folders.ts';
import { freePort } from '../support/ports.ts';
import { pidOf, startTestRedis, untilReady } from '../support/redis.ts';

interface Payload {
  readonly thing: string;
}

const schema = joi.object<Payload>({ thing: joi.string().required() });
const job = (id: string): { id: string; payload: Payload } => ({ id, payload: { thing: 'press' } });

/** Not `events.once`: errors come before the end. */
const closeOf = (connection: RedisConnection): Promise<void> =>
  new Promise((resolve) => connection.once('close', resolve));

describe('queue whose Redis goes away', () => {
  let redis: PrivateRedis;
  const opened: (() => unknown)[] = [];

  beforeEach(async () => {
    redis = await startTestRedis(temporaryFolder());
    opened.push(() => redis.close());
  });

  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close();
    removeFolders();
  });

  function connect(purpose: RedisPurpose, url = redis.url): RedisConnection {
    const connection = connectRedis(url, purpose);
    opened.push(() => connection.disconnect());
    return connection;
  }

  function queueOn(connection: RedisConnection): JobQueue<Payload> {
    const queue = createQueue<Payload>({ connection, name: 'queue', prefix: 'test' });
    opened.push(() => queue.close());
    return queue;
  }

  function workerOn(connection: RedisConnection, options: Partial<WorkerOptions<Payload>> = {}): JobWorker {
    const handle = (): Promise<void> => Promise.resolve();
    const queue = { connection, name: 'queue', prefix: 'test', concurrency: 1 };
    const worker = createWorker<Payload>({ ...queue, schema, handle, ...options });
    opened.push(() => worker.close());
    return worker;
  }

  /** Ends Redis as a crash would; resolves when `connection` has noticed. */
  async function kill(connection: RedisConnection): Promise<void> {
    const noticed = closeOf(connection);
    process.kill(await pidOf(connection), 'SIGKILL');
    await noticed;
  }

  async function goneForGood(connection: RedisConnection): Promise<void> {
    const noticed = closeOf(connection);
    await redis.close();
    await noticed;
  }

  it('refuses jobs until it is started again, and then hands them to the same worker', async () => {
    const producer = connect('producer');
    await untilReady(producer);
    const queue = queueOn(producer);
    const handled: string[] = [];
    const last = new Promise<void>((resolve) => {
      const handle: WorkerOptions<Payload>['handle'] = (_payload, { id }) => {
        handled.push(id);
        if (id === 'after') resolve();
        return Promise.resolve();
      };
      workerOn(connect('worker'), { handle });
    });
    await queue.counts();
    await kill(producer);
    expect(await failureCode(() => queue.add(job('away')))).to.equal('queue-away');
    expect(await failureCode(() => queue.addBulk([job('away')]))).to.equal('queue-away');
    expect(await failureCode(() => queue.counts())).to.equal('queue-away');
    await untilReady(producer);
    await queue.add(job('after'));
    await last;
    expect(handled).to.deep.equal(['after']);
  });

  it('takes jobs again after its connection died without a sign', async () => {
    const { hostname, password, port } = new URL(redis.url);
    const wire = await tcpProxy(Number(port));
    opened.push(() => wire.close());
    const producer = connect('producer', `redis://:${password}@${hostname}:${wire.port}`);
    await untilReady(producer);
    const queue = queueOn(producer);
    await queue.counts();
    const noticed = closeOf(producer);
    // What is connected now stays dead.
    wire.set('silence');
    wire.set('pass');
    expect(await failureCode(() => queue.add(job('unheard')))).to.equal('queue-away');
    await noticed;
    await untilReady(producer);
    await queue.add(job('heard'));
    expect((await queue.counts()).waiting).to.equal(1);
  });

  it('takes jobs when Redis went away while the queue was set up', async () => {
    const producer = connect('producer');
    await untilReady(producer);
    const pid = await pidOf(producer);
    const noticed = closeOf(producer);
    process.kill(pid, 'SIGSTOP');
    const queue = queueOn(producer);
    // What the queue asks for in its first turns is sent by now, and is never answered.
    await new Promise((resolve) => setImmediate(resolve));
    process.kill(pid, 'SIGKILL');
    await noticed;
    await untilReady(producer);
    await queue.add(job('a'));
    expect((await queue.counts()).waiting).to.equal(1);
  });

  it('lets an idle worker close when it is gone for good', async () => {
    const connection = connect('worker');
    const producer = connect('producer');
    await untilReady(producer);
    let worker: JobWorker | undefined;
    const handled = new Promise<void>((resolve) => {
      worker = workerOn(connection, { handle: () => Promise.resolve(resolve()) });
    });
    await queueOn(producer).add(job('a'));
    await handled;
    await goneForGood(connection);
    await worker?.close();
  });

  it('lets a worker close that never found it', async () => {
    const connection = connect('worker', `redis://127.0.0.1:${await freePort()}`);
    let worker: JobWorker | undefined;
    await new Promise<void>((resolve) => {
      worker = workerOn(connection, { onTrouble: () => resolve() });
    });
    await worker?.close();
  });

  it('lets a worker finish the job under way before it is closed', async () => {
    const connection = connect('worker');
    const producer = connect('producer');
    await untilReady(producer);
    let finish = (): void => undefined;
    const work = new Promise<void>((resolve) => (finish = resolve));
    const finished: string[] = [];
    let worker: JobWorker | undefined;
    const begun = new Promise<void>((resolve) => {
      const handle: WorkerOptions<Payload>['handle'] = async (_payload, { id }) => {
        resolve();
        await work;
        finished.push(id);
      };
      worker = workerOn(connection, { handle });
    });
    await queueOn(producer).add(job('a'));
    await begun;
    await goneForGood(connection);
    const closed = worker?.close();
    finish();
    await closed;
    expect(finished).to.deep.equal(['a']);
  });

  it('tells nobody the password in its errors', async () => {
    const url = redis.url.replace(/\/\/:[^@]*@/, '//:a-wrong-secret@');
    const connection = connect('worker', url);
    const errors: Error[] = [];
    connection.on('error', (error: Error) => errors.push(error));
    await new Promise<void>((resolve) => {
      const onTrouble = (error: Error): void => {
        errors.push(error);
        // Two of the worker: of its connection and of the one that BullMQ makes from it.
        if (errors.length >= 4) resolve();
      };
      workerOn(connection, { onTrouble });
    });
    expect(inspect(errors, { depth: 5, showHidden: true }))
      .to.include('WRONGPASS')
      .and.not.include('secret');
  });
});
