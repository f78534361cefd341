import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { connectRedis, startPrivateRedis } from '../../src/platform/redis/index.ts';
import type { PrivateRedis, RedisConnection } from '../../src/platform/redis/index.ts';
import { removeFolders, temporaryFolder } from '../support/folders.ts';
import { pidOf, startTestRedis, untilReady } from '../support/redis.ts';

describe('private Redis', () => {
  const open: { close(): Promise<void> }[] = [];

  async function start(directory: string, lines?: string[]): Promise<PrivateRedis> {
    const redis = await startTestRedis(directory, lines);
    open.push(redis);
    return redis;
  }

  async function connect(url: string): Promise<RedisConnection> {
    const connection = connectRedis(url, 'producer');
    open.push({ close: async () => connection.disconnect() });
    await untilReady(connection);
    return connection;
  }

  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
    removeFolders();
  });

  it('keeps jobs on disk, never drops them, and lets in nobody without the password', async () => {
    const directory = join(temporaryFolder(), 'redis');
    const { url } = await start(directory);
    const connection = await connect(url);
    const settings = ['appendonly', 'appendfsync', 'maxmemory', 'maxmemory-policy', 'bind'];
    const values = await Promise.all(settings.map((name) => connection.config('GET', name)));
    expect(values.map((pair) => pair[1])).to.deep.equal(['yes', 'everysec', '0', 'noeviction', '127.0.0.1']);
    expect(statSync(directory).mode & 0o777).to.equal(0o700);

    const stranger = connectRedis(`redis://127.0.0.1:${new URL(url).port}`, 'worker');
    const [error] = (await once(stranger, 'error')) as [Error];
    expect(error.message).to.include('NOAUTH');
    stranger.disconnect();
  });

  it('shows its password in no command line and no file', async () => {
    const directory = temporaryFolder();
    const { url } = await start(directory);
    const { password } = new URL(url);
    const pid = await pidOf(await connect(url));
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.to.include(password);
    const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    expect(files).not.to.have.length(0);
    for (const { parentPath, name } of files) {
      expect(readFileSync(join(parentPath, name), 'utf8')).not.to.include(password);
    }
  });

  it('keeps what it holds over a stop and a start', async () => {
    const directory = temporaryFolder();
    const first = await startTestRedis(directory);
    const before = connectRedis(first.url, 'producer');
    await untilReady(before);
    await before.set('a', 'kept');
    before.disconnect();
    await first.close();
    const second = await start(directory);
    expect(await (await connect(second.url)).get('a')).to.equal('kept');
  });

  it('is started again when it dies, at the same address', async () => {
    const lines: string[] = [];
    const { url } = await start(temporaryFolder(), lines);
    const connection = await connect(url);
    const pid = await pidOf(connection);
    process.kill(pid, 'SIGKILL');
    await new Promise((resolve) => connection.once('close', resolve));
    await untilReady(connection);
    expect(await pidOf(connection)).not.to.equal(pid);
    expect(lines[0]).to.equal('The private Redis ended; it is started again.');
  });

  it('moves files aside that it cannot read, and starts empty', async () => {
    const directory = temporaryFolder();
    await (await startTestRedis(directory)).close();
    for (const name of readdirSync(join(directory, 'appendonlydir'))) {
      writeFileSync(join(directory, 'appendonlydir', name), 'this is no such file\n');
    }
    const lines: string[] = [];
    const { url } = await start(directory, lines);
    expect(await (await connect(url)).dbsize()).to.equal(0);
    expect(lines[0]).to.include('could not read its files');
    expect(existsSync(join(directory, 'appendonlydir.unreadable'))).to.equal(true);
  });

  it('ends when its owner is killed, and its files are free for the next', async () => {
    const directory = temporaryFolder();
    const args = ['--import=tsx', join(import.meta.dirname, '../support/redis-owner.ts'), directory];
    const owner = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(owner.stdout, 'data')) as [Buffer];
    const connection = await connect(line.toString().trim());
    await connection.set('a', 'kept');
    owner.kill('SIGKILL');
    await new Promise((resolve) => connection.once('close', resolve));
    const next = await start(directory);
    expect(await (await connect(next.url)).get('a')).to.equal('kept');
  });

  it('says in one sentence when the program is missing or no Redis', async () => {
    for (const binary of ['no-such-program', '/bin/false']) {
      const log = { info: () => undefined, warn: () => undefined };
      const sentence = await startPrivateRedis({ binary, directory: temporaryFolder(), log }).then(
        () => 'started',
        (reason: Error) => reason.message,
      );
      expect(sentence).to.match(new RegExp(`^The program ${binary} did not start: .*[^.]\\.$`));
    }
  });
});
