import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../src/main/clock.ts';
import { buildMongoIndexes } from '../../../src/main/mongo-stores.ts';
import { freePort } from '../../support/ports.ts';
import type { AppProcess } from './app-process.ts';
import { appProcess } from './app-process.ts';
import type { Database } from './database.ts';
import { ownDatabase } from './database.ts';
import type { EngineName } from './engine.ts';
import type { RedisServer } from './redis-server.ts';
import { redisServer } from './redis-server.ts';
import type { SettableClock } from './settable-clock.ts';
import { settableClock } from './settable-clock.ts';
import type { TcpProxy } from './tcp-proxy.ts';
import { tcpProxy } from './tcp-proxy.ts';
import type { Tokens } from './tokens.ts';
import { createTokens } from './tokens.ts';

export interface InstallationOptions {
  readonly engine: EngineName;
  /** Holds everything; the user of a database server must be able to enter it. */
  readonly folder: string;
  /** `private`: the one that the registry starts itself; only where one process is all. */
  readonly redis?: 'own' | 'private';
  /** Puts a wire that can be disturbed between the registry and its Redis or its store. */
  readonly wired?: 'redis' | 'store';
  readonly storeFolder?: string;
  readonly redisFolder?: string;
  /** Of their own, where there are any. */
  readonly workers?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Gives every process a clock that can be set. */
  readonly clocks?: boolean;
}

/**
 * The registry as it is built and deployed, with the servers that it needs: on SQLite one process that is all, on
 * MongoDB two that answer requests and two or more that work on checks.
 */
export interface Installation {
  readonly apis: readonly AppProcess[];
  /** On SQLite the very same as `apis`. */
  readonly workers: readonly AppProcess[];
  /** Null where the registry keeps a private one. */
  readonly redis: RedisServer | null;
  /** Null where the store is a file. */
  readonly database: Database | null;
  readonly wire: TcpProxy | null;
  readonly storeFolder: string;
  readonly tokenOf: Tokens;
  /** By the names of processes; empty unless asked for. */
  readonly clocks: ReadonlyMap<string, SettableClock>;
  close(): Promise<void>;
}

export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  const { folder, engine, wired } = options;
  const storeFolder = options.storeFolder ?? join(folder, 'store');
  const { tokenOf, jwksFile } = createTokens(join(folder, 'keys'));
  const redis =
    options.redis === 'private'
      ? null
      : redisServer(await freePort(), options.redisFolder ?? join(folder, 'redis'));
  const database = engine === 'SQLite' ? null : ownDatabase(await freePort(), storeFolder);
  await Promise.all([redis?.start(), database?.start()]);
  if (database !== null) {
    await buildMongoIndexes({ url: database.url(), clock: systemClock() }, () => undefined);
  }
  const behind = wired === 'redis' ? redis?.port : wired === 'store' ? database?.port : undefined;
  const wire = behind === undefined ? null : await tcpProxy(behind);
  const redisPort = (wired === 'redis' ? wire?.port : undefined) ?? redis?.port;
  const databasePort = wired === 'store' ? wire?.port : undefined;
  const environment = {
    DATA_DIR: engine === 'SQLite' ? storeFolder : join(folder, 'data'),
    JWT_JWKS: jwksFile,
    ...(redisPort === undefined ? {} : { REDIS_URL: `redis://127.0.0.1:${redisPort}` }),
    ...(database === null ? {} : { DATABASE_URL: database.url(databasePort) }),
    ...options.environment,
  };
  mkdirSync(environment.DATA_DIR, { recursive: true });
  const clocks = new Map<string, SettableClock>();

  const process = async (name: string, mode?: 'api' | 'worker'): Promise<AppProcess> => {
    const clock = options.clocks === true ? settableClock(join(folder, `${name}.clock`)) : null;
    if (clock !== null) clocks.set(name, clock);
    return appProcess({
      name,
      port: await freePort(),
      environment: { ...environment, ...clock?.environment },
      preload: clock?.preload ?? [],
      logFolder: folder,
      ...(mode === undefined ? {} : { mode }),
    });
  };
  const all = engine === 'SQLite' ? [await process('registry')] : [];
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  const apis = all.length > 0 ? all : await Promise.all(numbers(2).map((no) => process(`api-${no}`, 'api')));
  const workers =
    all.length > 0
      ? all
      : await Promise.all(numbers(options.workers ?? 2).map((no) => process(`worker-${no}`, 'worker')));
  const processes = [...new Set([...apis, ...workers])];
  await Promise.all(processes.map((each) => each.start()));
  return {
    apis,
    workers,
    redis,
    database,
    wire,
    storeFolder,
    tokenOf,
    clocks,
    async close() {
      await Promise.all(processes.map((each) => each.kill()));
      await wire?.close();
      await Promise.all([redis?.kill(), database?.stop()]);
    },
  };
}
