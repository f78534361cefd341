import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { assertOwner, assertUsableRedis, claimRedis, connectRedis } from '../../src/platform/redis/index.ts';
import type { PrivateRedis } from '../../src/platform/redis/index.ts';
import { removeFolders, temporaryFolder } from '../support/folders.ts';
import { freePort } from '../support/ports.ts';
import { startTestRedis, untilReady } from '../support/redis.ts';

const MARK = { key: 'test:instance', owner: 'one' };

async function refusal(url: string, mark = MARK, now = Date.now): Promise<string> {
  const connection = connectRedis(url, 'producer');
  try {
    await assertUsableRedis(connection, mark.key, now);
    await claimRedis(connection, mark);
    return 'usable';
  } catch (error) {
    return (error as Error).message;
  } finally {
    connection.disconnect();
  }
}

describe('a usable Redis', () => {
  let redis: PrivateRedis;

  before(async () => {
    redis = await startTestRedis(temporaryFolder());
  });

  after(async () => {
    await redis.close();
    removeFolders();
  });

  it('belongs to the first that uses it, and to no other', async () => {
    expect(await refusal(redis.url)).to.equal('usable');
    expect(await refusal(redis.url)).to.equal('usable');
    const other = await refusal(redis.url, { ...MARK, owner: 'two' });
    expect(other).to.equal('Redis is in use by another registry; give each its own.');
  });

  it('is only looked at before it is claimed', async () => {
    const connection = connectRedis(redis.url, 'producer');
    const look = () => assertUsableRedis(connection, 'test:other', Date.now);
    expect(await look()).to.equal(null);
    expect(await connection.keys('test:other*')).to.deep.equal([]);
    await claimRedis(connection, { key: 'test:other', owner: 'one' });
    expect(await look()).to.equal('one');
    connection.disconnect();
    expect(() => assertOwner(null, 'two')).not.to.throw();
    expect(() => assertOwner('two', 'two')).not.to.throw();
    expect(() => assertOwner('one', 'two')).to.throw(
      'Redis is in use by another registry; give each its own.',
    );
  });

  it('can be written, which is found out without writing', async () => {
    const admin = connectRedis(redis.url, 'producer');
    await untilReady(admin);
    await admin.replicaof('127.0.0.1', await freePort());
    expect(await refusal(redis.url)).to.match(/^Redis cannot be written: READONLY .+[^.]\.$/);
    await admin.replicaof('NO', 'ONE');
    admin.disconnect();
    expect(await refusal(redis.url)).to.equal('usable');
  });

  it('never drops keys', async () => {
    const admin = connectRedis(redis.url, 'producer');
    await untilReady(admin);
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const text = 'Redis may drop jobs: its maxmemory-policy is allkeys-lru and must be noeviction.';
    expect(await refusal(redis.url)).to.equal(text);
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
    admin.disconnect();
    expect(await refusal(redis.url)).to.equal('usable');
  });

  it('accepts the password', async () => {
    const { host, password } = new URL(redis.url);
    const wrong = 'Redis refuses the user name or password.';
    expect(await refusal(`redis://:wrong@${host}`)).to.equal(wrong);
    expect(await refusal(`redis://${host}`)).to.equal(wrong);
    expect(await refusal(`redis://nobody:${password}@${host}`)).to.equal(wrong);
  });

  it('has the same time, but for a minute', async () => {
    const apart = (ms: number) => refusal(redis.url, MARK, () => Date.now() + ms);
    expect(await apart(50_000)).to.equal('usable');
    expect(await apart(-50_000)).to.equal('usable');
    expect(await apart(180_000)).to.match(
      /^The clock of this machine is 1[78]\d s ahead of that of Redis: set both by a time server\.$/,
    );
    expect(await apart(-180_000)).to.match(/ 1[78]\d s behind that of Redis/);
  });

  it('can be reached', async () => {
    const text = await refusal(`redis://:secret@127.0.0.1:${await freePort()}`);
    expect(text).to.equal('Redis cannot be reached: ECONNREFUSED.');
  });

  it('is a Redis and nothing else that answers', async () => {
    const server = createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const text = 'Redis cannot be reached: something else answers there.';
    expect(await refusal(`redis://127.0.0.1:${port}`)).to.equal(text);
    expect(await refusal(`redis://:secret@127.0.0.1:${port}`)).to.equal(text);
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  it('fails a command of a producer at once while it is away', async () => {
    const connection = connectRedis(`redis://127.0.0.1:${await freePort()}`, 'producer');
    const error = await connection.ping().then(
      () => null,
      (reason: unknown) => reason,
    );
    connection.disconnect();
    expect(error).to.be.an('error');
  });
});
