import joi from 'joi';
import { expect } from 'chai';
import { createQueue, createWorker } from '../../src/platform/queue/index.ts';
import type { JobQueue, WorkerOptions } from '../../src/platform/queue/index.ts';
import { connectRedis } from '../../src/platform/redis/index.ts';
import type { PrivateRedis, RedisConnection } from '../../src/platform/redis/index.ts';
import { failureCode } from '../support/failures.ts';
import { removeFolders, temporaryFolder } from '../support/folders.ts';
import { freePort } from '../support/ports.ts';
import { pidOf, startTestRedis, untilReady } from '../support/redis.ts';

interface Payload {
  readonly thing: string;
}

const schema = joi.object<Payload>({ thing: joi.string().required() });

/** A promise and how to settle it: tests wait for what happens, not for time to pass. */
function signal<T>(): { readonly happened: Promise<T>; happen(value: T): void } {
  let happen = (_value: T): void => undefined;
  const happened = new Promise<T>((resolve) => {
    happen = resolve;
  });
  return { happened, happen };
}

describe('queue', () => {
  let redis: PrivateRedis;
  let producer: RedisConnection;
  let count = 0;
  const open: { close(): Promise<void> }[] = [];

  before(async () => {
    redis = await startTestRedis(temporaryFolder());
    producer = connectRedis(redis.url, 'producer');
    await untilReady(producer);
  });

  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });

  after(async () => {
    producer.disconnect();
    await redis.close();
    removeFolders();
  });

  function newQueue(attempts = 5): JobQueue<Payload> & { readonly name: string } {
    count += 1;
    const name = `queue-${count}`;
    const queue = createQueue<Payload>({
      connection: producer,
      name,
      prefix: 'test',
      attempts,
      backoffMs: 1,
    });
    open.push(queue);
    return { ...queue, name };
  }

  type Work = Pick<WorkerOptions<Payload>, 'name' | 'handle'> & Partial<WorkerOptions<Payload>>;

  function startWorker(options: Work): { close(withinMs?: number): Promise<void> } {
    const connection = connectRedis(redis.url, 'worker');
    const worker = createWorker<Payload>({ connection, prefix: 'test', concurrency: 1, schema, ...options });
    open.push({
      close: async () => {
        await worker.close();
        connection.disconnect();
      },
    });
    return worker;
  }

  it('tries a job that was set aside anew when it is asked for again', async () => {
    const queue = newQueue(1);
    const aside = signal<unknown>();
    const done = signal<unknown>();
    let broken = true;
    startWorker({
      name: queue.name,
      handle: async () => {
        if (broken) throw new Error('not now');
        done.happen('done');
      },
      onSetAside: (id) => aside.happen(id),
    });
    await queue.add({ id: 'again-1', payload: { thing: 'press' } });
    expect(await aside.happened).to.equal('again-1');
    expect((await queue.counts()).failed).to.equal(1);
    broken = false;
    await queue.add({ id: 'again-1', payload: { thing: 'press' } });
    expect(await done.happened).to.equal('done');
  });

  it('runs a job that is done again when it is asked for again, and leaves one alone that waits', async () => {
    const queue = newQueue();
    const runs = [signal<void>(), signal<void>()];
    const attempts: number[] = [];
    const worker = startWorker({
      name: queue.name,
      handle: async (_payload, { attempt }) => {
        attempts.push(attempt);
        runs[attempts.length - 1]?.happen();
      },
    });
    const job = { id: 'done-1', payload: { thing: 'press' } };
    await queue.add(job);
    await runs[0]?.happened;
    await worker.close();
    expect(await queue.bull.getJobState(job.id)).to.equal('completed');
    await Promise.all([queue.add(job), queue.add(job), queue.add(job)]);
    await queue.add(job);
    expect((await queue.counts()).waiting).to.equal(1);
    startWorker({
      name: queue.name,
      handle: async (_payload, { attempt }) => {
        attempts.push(attempt);
        runs[1]?.happen();
      },
    });
    await runs[1]?.happened;
    expect(attempts).to.deep.equal([1, 1]);
  });

  it('hands a job to a worker', async () => {
    const queue = newQueue();
    const done = signal<unknown>();
    await queue.add({ id: 'a-1', payload: { thing: 'press' } });
    startWorker({ name: queue.name, handle: async (payload, run) => done.happen({ payload, run }) });
    expect(await done.happened).to.deep.equal({
      payload: { thing: 'press' },
      run: { id: 'a-1', attempt: 1 },
    });
  });

  it('keeps one job for one id', async () => {
    const queue = newQueue();
    await queue.add({ id: 'a', payload: { thing: 'one' } });
    await queue.addBulk(['a', 'b', 'b'].map((id) => ({ id, payload: { thing: id } })));
    expect(await queue.counts()).to.deep.equal({ waiting: 2, active: 0, delayed: 0, failed: 0 });
  });

  it('tries a job again, and sets it aside after the last try', async () => {
    const queue = newQueue(3);
    const aside = signal<string>();
    const attempts: number[] = [];
    const trouble: string[] = [];
    startWorker({
      name: queue.name,
      handle: async (_payload, { attempt }) => {
        attempts.push(attempt);
        throw new Error(`try ${attempt}`);
      },
      onTrouble: (error) => trouble.push(error.message),
      onSetAside: (id, error) => aside.happen(`${id} ${error.message}`),
    });
    await queue.add({ id: 'a', payload: { thing: 'one' } });
    expect(await aside.happened).to.equal('a try 3');
    expect(attempts).to.deep.equal([1, 2, 3]);
    expect(trouble).to.deep.equal(['try 1', 'try 2']);
    expect((await queue.counts()).failed).to.equal(1);
  });

  for (const [title, payload] of [
    ['with a field of the wrong type', { thing: 1 }],
    ['with an unknown field', { thing: 'one', more: 1 }],
    ['without its fields', {}],
  ] as const) {
    it(`sets a job aside at once ${title}`, async () => {
      const queue = newQueue();
      const aside = signal<string>();
      const handled: unknown[] = [];
      await queue.add({ id: 'a', payload: payload as unknown as Payload });
      startWorker({
        name: queue.name,
        handle: async (value) => void handled.push(value),
        onSetAside: (_id, error) => aside.happen(error.message),
      });
      expect(await aside.happened).to.include('The payload is not usable');
      expect(handled).to.deep.equal([]);
      expect((await queue.counts()).failed).to.equal(1);
    });
  }

  it('finishes the job under way when it is closed, and takes no other', async () => {
    const queue = newQueue();
    const begun = signal<void>();
    const go = signal<void>();
    const finished: string[] = [];
    await queue.addBulk(['a', 'b'].map((id) => ({ id, payload: { thing: id } })));
    const worker = startWorker({
      name: queue.name,
      handle: async (_payload, { id }) => {
        begun.happen();
        await go.happened;
        finished.push(id);
      },
    });
    await begun.happened;
    const closed = worker.close();
    go.happen();
    await closed;
    expect(finished).to.deep.equal(['a']);
    expect(await queue.counts()).to.include({ waiting: 1, active: 0 });
  });

  it('gives up a job that does not end in time when it is closed', async () => {
    const queue = newQueue();
    const begun = signal<void>();
    const go = signal<void>();
    await queue.add({ id: 'a', payload: { thing: 'one' } });
    const handle = async (): Promise<void> => {
      begun.happen();
      await go.happened;
    };
    const worker = startWorker({ name: queue.name, handle });
    await begun.happened;
    await worker.close(50);
    expect(await queue.counts()).to.include({ active: 1 });
    go.happen();
  });

  for (const id of ['', 'a:b', '123']) {
    it(`refuses "${id}" as the id of a job`, async () => {
      const error = await newQueue()
        .add({ id, payload: { thing: 'one' } })
        .catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(RangeError);
    });
  }
});

describe('queue without Redis', () => {
  it('refuses a job at once when nothing listens', async () => {
    const connection = connectRedis(`redis://127.0.0.1:${await freePort()}`, 'producer');
    const queue = createQueue<Payload>({ connection, name: 'queue', prefix: 'test' });
    expect(await failureCode(() => queue.add({ id: 'a', payload: { thing: 'one' } }))).to.equal('queue-away');
    expect(await failureCode(() => queue.counts())).to.equal('queue-away');
    await queue.close();
    connection.disconnect();
  });

  it('refuses a job soon when Redis hangs, and takes jobs again afterwards', async () => {
    const redis = await startTestRedis(temporaryFolder());
    const connection = connectRedis(redis.url, 'producer');
    await untilReady(connection);
    const queue = createQueue<Payload>({ connection, name: 'queue', prefix: 'test' });
    await queue.counts();
    const pid = await pidOf(connection);
    process.kill(pid, 'SIGSTOP');
    const job = { id: 'a', payload: { thing: 'one' } };
    try {
      expect(await failureCode(() => queue.add(job))).to.equal('queue-away');
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await connection.ping();
    await queue.add(job);
    expect((await queue.counts()).waiting).to.equal(1);
    await queue.close();
    connection.disconnect();
    await redis.close();
    removeFolders();
  });
});
