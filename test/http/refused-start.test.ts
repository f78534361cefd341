import { expect } from 'chai';
import mongoose from 'mongoose';
import { removeFolders } from '../support/folders.ts';
import { greets, UNAUTHORIZED } from '../support/mongo-answers.ts';
import type { Part } from '../support/mongo-wire-proxy.ts';
import { claimRedis, connectRedis } from '../../src/platform/redis/index.ts';
import { freePort } from '../support/ports.ts';
import { untilReady } from '../support/redis.ts';
import { startRedisOn } from '../support/process.ts';
import { contentsOf, expectRefusal } from '../support/refused-start.ts';
import { throughWire } from '../support/wired.ts';

describe('a start that is refused', function () {
  this.timeout(120_000);
  after(removeFolders);

  const NO_ADDRESS = 'DATABASE_URL is no address that MongoDB understands.';
  for (const [url, sentence] of [
    [
      'postgres://registry:hunter2@127.0.0.1/registry',
      /^The environment is not usable: DATABASE_URL must be .+\.$/,
    ],
    ['registry:hunter2@127.0.0.1', /^The environment is not usable: DATABASE_URL must be .+\.$/],
    [
      'mongodb://registry:hunter2@one host/registry',
      /^The environment is not usable: DATABASE_URL must be .+\.$/,
    ],
    ['mongodb://registry:hunter2@/registry', NO_ADDRESS],
    ['mongodb://registry:hun@ter2@127.0.0.1/registry', NO_ADDRESS],
    ['mongodb://registry:hunter2@127.0.0.1:99999/registry', NO_ADDRESS],
    ['mongodb://registry:hunter2@127.0.0.1/registry?authMechanism=secret', NO_ADDRESS],
    ['mongodb://registry:hunter2@127.0.0.1/registry?retryWrite=secret', NO_ADDRESS],
    [
      'mongodb://registry:hunter2@127.0.0.1/re gistry',
      /^The environment is not usable: DATABASE_URL must be .+\.$/,
    ],
    ['mongodb://registry:hunter2@nowhere.invalid/registry', /^MongoDB cannot be reached: E\w+\.$/],
    ['mongodb+srv://registry:hunter2@nowhere.invalid/registry', /^MongoDB cannot be reached: .+\.$/],
  ] as const) {
    it(`is one with the address ${url}`, () => expectRefusal({ DATABASE_URL: url }, sentence));
  }

  it('is one where nothing listens, whatever the process is for', async () => {
    const url = `mongodb://registry:hunter2@127.0.0.1:${await freePort()}/registry`;
    for (const args of [[], ['api'], ['worker']]) {
      const environment = { DATABASE_URL: url, REDIS_URL: `redis://:secret@127.0.0.1:${await freePort()}` };
      await expectRefusal(environment, /^(MongoDB|Redis) cannot be reached: ECONNREFUSED\.$/, args);
    }
  });

  it('is one of a part that has nothing to share with others', async () => {
    const [databaseUrl, redisUrl] = [`mongodb://127.0.0.1/registry`, `redis://127.0.0.1`];
    for (const role of ['api', 'worker']) {
      for (const environment of [{}, { DATABASE_URL: databaseUrl }, { REDIS_URL: redisUrl }]) {
        await expectRefusal(
          environment,
          new RegExp(`^"${role}" shares its work .+DATABASE_URL.+REDIS_URL.+\\.$`),
          [role],
        );
      }
    }
  });

  it('is one as something that there is not', async () => {
    const sentence = /^A process can be "api" or "worker", or without a word everything in one; not ".+"\.$/;
    await expectRefusal({}, sentence, ['apis']);
    await expectRefusal({}, sentence, ['api', 'worker']);
    await expectRefusal({}, sentence, ['a\nb']);
  });
});

throughWire('a start that is refused with nothing written', function (wired) {
  this.timeout(120_000);
  let redis: Awaited<ReturnType<typeof startRedisOn>>;
  let redisUrl: string;
  let before: unknown;

  this.beforeAll(async () => {
    const port = await freePort();
    redis = await startRedisOn(port);
    redisUrl = `redis://127.0.0.1:${port}`;
  });
  this.afterAll(async () => {
    await redis.kill();
    removeFolders();
  });
  beforeEach(async () => {
    before = await contentsOf(wired().database);
  });
  afterEach(async () => {
    expect(await contentsOf(wired().database)).to.deep.equal(before);
  });

  const refused = (sentence: RegExp | string, url = wired().proxy.url) =>
    expectRefusal({ DATABASE_URL: url, REDIS_URL: redisUrl }, sentence);
  const play = (command: string, part: Part): void => wired().proxy.play({ command, times: Infinity }, part);
  const address = (): string => /127\.0\.0\.1:\d+/.exec(wired().proxy.url)?.[0] ?? '';

  it('is one at a member that is no primary', async () => {
    play('hello', greets('secondary', address()));
    await refused('MongoDB has no primary that this process can reach.');
  });

  it('is one at a replica set that has no primary', async () => {
    play('hello', greets('secondary', address()));
    const url = wired().proxy.url.replace('directConnection=true', 'replicaSet=rs0');
    await refused('MongoDB has no primary that this process can reach.', url);
  });

  it('is one at a database whose name none can have', async () => {
    const named = wired().proxy.url.replace(/\/test_\w+/, '/re.gistry');
    await refused('DATABASE_URL is no address that MongoDB understands.', named);
  });

  it('is one at a single server', async () => {
    play('hello', greets('standalone', address()));
    await refused(/^MongoDB runs as a single server without a replica set, .+\.$/);
  });

  for (const option of ['journal=false', 'readConcernLevel=local']) {
    it(`is one with an address that asks for ${option}`, async () => {
      const sentence =
        'The connection to MongoDB does not wait for majority and journal as it has to: remove w, journal, wtimeout, readConcernLevel and readPreference from DATABASE_URL.';
      await refused(sentence, `${wired().proxy.url}&${option}`);
    });
  }

  it('is one on an index that a build left half done, which is named', async () => {
    // As MongoDB tells it; the tests' server may not know the question.
    const spec = { name: 'items_by_fold' };
    const cursor = { id: 0n, ns: 'registry.items', firstBatch: [{ spec, buildUUID: 'now' }] };
    play('listIndexes', {
      answer: (answer, { body }) =>
        body['includeIndexBuildInfo'] === true && body['listIndexes'] === 'items'
          ? { ok: 1, cursor }
          : answer,
    });
    await refused('The store lacks indexes; run "npm run indexes": items.items_by_fold is half built.');
  });

  it('is one on an index that would delete records', async () => {
    play('listIndexes', {
      answer: (answer, { body }) => {
        if (body['listIndexes'] !== 'lookups' || answer['cursor'] === undefined) return answer;
        const cursor = answer['cursor'] as { firstBatch: { name: string }[] };
        const firstBatch = cursor.firstBatch.map((index) => ({ ...index, expireAfterSeconds: 60 }));
        return { ...answer, cursor: { ...cursor, firstBatch } };
      },
    });
    await refused(/^The store lacks indexes; .+: lookups\.\w+ has the option expireAfterSeconds.+\.$/);
  });

  it('is one with a Redis that evicts, or of another register', async () => {
    const connection = connectRedis(redisUrl, 'producer');
    try {
      await untilReady(connection);
      await connection.config('SET', 'maxmemory-policy', 'allkeys-lru');
      await refused(/^Redis .*maxmemory-policy.*noeviction.*\.$/);
      await connection.config('SET', 'maxmemory-policy', 'noeviction');
      await claimRedis(connection, { key: 'pill-press-registry:instance', owner: 'another' });
      await refused('Redis is in use by another registry; give each its own.');
    } finally {
      await connection.flushall();
      connection.disconnect();
    }
  });

  it('is one at a server that is too old', async () => {
    play('buildInfo', {
      answer: (answer) => ({ ...answer, version: '5.0.31', versionArray: [5, 0, 31, 0] }),
    });
    await refused('MongoDB 5.0.31 is too old: 6.0 or later is needed.');
  });

  for (const [minutes, how] of [
    [-5, 'ahead of'],
    [5, 'behind'],
  ] as const) {
    it(`is one whose clock is minutes ${how} the server's`, async () => {
      const localTime = () => new Date(Date.now() + minutes * 60_000);
      play('hello', { answer: (answer) => ({ ...answer, localTime: localTime() }) });
      await refused(new RegExp(`^The clock of this machine is (29|30)\\d s ${how} that of MongoDB: .+\\.$`));
    });
  }

  it('is one with a wrong password, or as nobody', async function () {
    const { url } = wired().database;
    if (!/\/\/[^/]*@/.test(url)) this.skip(); // a server that asks for none
    const sentence = 'MongoDB refuses the user name or password of DATABASE_URL.';
    await refused(sentence, url.replace(/\/\/([^:@]+):[^@]*@/, '//$1:hunter2@'));
    await refused(sentence, url.replace(/\/\/[^@]*@/, '//nobody:hunter2@'));
    await refused(
      /^(MongoDB refuses|The user of DATABASE_URL may not|MongoDB cannot be used).+\.$/,
      `mongodb://${new URL(url).host}/registry?directConnection=true`,
    );
  });

  const NO_RIGHTS = /^The user of DATABASE_URL may not do what the registry has to: .+\.$/;

  it('is one with a user that may only read', async function () {
    const { url, connection } = wired().database;
    if (!/\/\/[^/]*@/.test(url)) this.skip(); // a server without users
    const admin = connection.getClient().db('admin');
    const name = `reader_${mongoose.mongo.ObjectId.createFromTime(1).toHexString()}`;
    await admin.command({
      createUser: name,
      pwd: 'Hunter2-hunter2',
      roles: [{ role: 'readAnyDatabase', db: 'admin' }],
    });
    try {
      await refused(NO_RIGHTS, url.replace(/\/\/[^@]*@/, `//${name}:Hunter2-hunter2@`));
    } finally {
      await admin.command({ dropUser: name });
    }
  });

  for (const command of ['listIndexes', 'find', 'update', 'delete', 'findAndModify']) {
    it(`is one with a user that may not ask for ${command}`, async () => {
      play(command, UNAUTHORIZED);
      await refused(NO_RIGHTS);
    });
  }
});
