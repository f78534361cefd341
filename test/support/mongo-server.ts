import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import mongoose from 'mongoose';
import { systemClock } from '../../src/main/clock.ts';
import { buildMongoIndexes } from '../../src/main/mongo-stores.ts';
import { freePort } from './ports.ts';

/** A server with MongoDB's protocol that is there when the project's tests are laid beside it. */
export const SHARED_SERVER = fileURLToPath(new URL('../../../shared/mongo-server/start', import.meta.url));
const REPLICA_SET = 'tests';
const PRIMARY_WITHIN_MS = 30_000;

type Source = 'MONGODB_URI' | 'mongod' | 'shared';

/** Where the tests' server comes from; null when there is none, and then what needs it is skipped. */
export const MONGO_SOURCE = sourceOf();

/** The same for tests that kill their server, which one that is there already is not for. */
export const OWN_MONGO_SOURCE = MONGO_SOURCE === 'MONGODB_URI' ? ownSource() : MONGO_SOURCE;

function sourceOf(): Source | null {
  const source = process.env['MONGODB_URI'] ? 'MONGODB_URI' : ownSource();
  if (source === null && process.env['MONGODB_REQUIRED']) {
    throw new Error('MONGODB_REQUIRED is set, and there is no server: set MONGODB_URI or install mongod.');
  }
  return source;
}

function ownSource(): Exclude<Source, 'MONGODB_URI'> | null {
  if (spawnSync('mongod', ['--version']).status === 0) return 'mongod';
  return existsSync(SHARED_SERVER) ? 'shared' : null;
}

let running: Promise<string> | undefined;

/** The address of the server, which is started for the first who asks and ends with this process. */
function serverUrl(): Promise<string> {
  return (running ??= startServer());
}

async function startServer(): Promise<string> {
  if (MONGO_SOURCE === null) throw new Error('there is no MongoDB server for the tests');
  if (MONGO_SOURCE === 'MONGODB_URI') return process.env['MONGODB_URI'] ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'registry-mongo-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const url = await (MONGO_SOURCE === 'mongod' ? startMongod(port, folder) : startShared(port, folder));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return url;
}

/** Starts a program that ends with this process; answers the first line that `isReady` finds fit. */
async function startProgram(
  program: string,
  args: readonly string[],
  isReady: (line: string) => boolean,
): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  process.once('exit', () => child.kill('SIGTERM'));
  const ready = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      if (isReady(line)) resolve(line);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code ?? 'a signal'}`)));
  });
  // From here on nothing of it keeps the tests alive.
  child.unref();
  (child.stdout as unknown as { unref(): void }).unref();
  return ready;
}

async function startShared(port: number, folder: string): Promise<string> {
  const line = await startProgram(SHARED_SERVER, [String(port), folder], (each) => each.startsWith('ready '));
  return line.slice('ready '.length);
}

async function startMongod(port: number, folder: string): Promise<string> {
  const args = [
    '--dbpath',
    folder,
    '--port',
    String(port),
    '--bind_ip',
    '127.0.0.1',
    '--replSet',
    REPLICA_SET,
  ];
  await startProgram('mongod', args, (line) => /Waiting for connections/i.test(line));
  const host = `127.0.0.1:${port}`;
  const admin = await mongoose.createConnection(`mongodb://${host}/?directConnection=true`).asPromise();
  const command = (body: object) => admin.db?.admin().command(body);
  await command({ replSetInitiate: { _id: REPLICA_SET, members: [{ _id: 0, host }] } });
  const until = Date.now() + PRIMARY_WITHIN_MS;
  while ((await command({ hello: 1 }))?.['isWritablePrimary'] !== true) {
    if (Date.now() > until) throw new Error('mongod did not become primary');
  }
  await admin.destroy();
  return `mongodb://${host}/?replicaSet=${REPLICA_SET}`;
}

/** The address of a database on the tests' server. */
async function databaseUrl(name: string): Promise<string> {
  const url = await serverUrl();
  const [, base = '', path = '', query = ''] = /^([^?]*?:\/\/[^/?]+)\/?([^?]*)\??(.*)$/.exec(url) ?? [];
  const source = query.includes('authSource=') || !base.includes('@') ? '' : `authSource=${path || 'admin'}`;
  const options = [query, source].filter((part) => part !== '').join('&');
  return `${base}/${name}${options === '' ? '' : `?${options}`}`;
}

export interface TestDatabase {
  readonly url: string;
  readonly connection: mongoose.Connection;
  drop(): Promise<void>;
}

/** A database of its own, by default with its indexes. */
export async function createDatabase(withIndexes = true): Promise<TestDatabase> {
  const url = await databaseUrl(`test_${randomBytes(6).toString('hex')}`);
  if (withIndexes) await buildMongoIndexes({ url, clock: systemClock() }, () => undefined);
  const connection = await mongoose.createConnection(url).asPromise();
  return {
    url,
    connection,
    async drop() {
      await connection.dropDatabase();
      await connection.destroy();
    },
  };
}
