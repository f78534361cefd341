import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../support/ports.ts';
import type { AppProcess } from './app-process.ts';
import { appProcess } from './app-process.ts';
import type { EngineName } from './engine.ts';
import type { RedisServer } from './redis-server.ts';
import { redisServer } from './redis-server.ts';
import type { TcpProxy } from './tcp-proxy.ts';
import { tcpProxy } from './tcp-proxy.ts';
import type { Tokens } from './tokens.ts';
import { createTokens } from './tokens.ts';

export interface InstallationOptions {
  readonly engine: EngineName;
  /** Holds everything; the user of a database server must be able to enter it. */
  readonly folder: string;
  /** `private`: the one that the registry starts itself. */
  readonly redis?: 'own' | 'private';
  /** Puts a wire that can be disturbed between the registry and its Redis or its store. */
  readonly wired?: 'redis' | 'store';
  readonly storeFolder?: string;
  readonly redisFolder?: string;
  readonly preload?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** The registry as it is built and deployed, in processes of its own, with the servers that it needs. */
export interface Installation {
  /** Those that answer requests. */
  readonly apis: readonly AppProcess[];
  /** Those that work on checks; on one machine the very same. */
  readonly workers: readonly AppProcess[];
  /** Null where the registry keeps a private one. */
  readonly redis: RedisServer | null;
  readonly wire: TcpProxy | null;
  readonly dataDir: string;
  readonly tokenOf: Tokens;
  close(): Promise<void>;
}

export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  const { folder, wired } = options;
  const dataDir = options.storeFolder ?? join(folder, 'data');
  mkdirSync(dataDir, { recursive: true });
  const { tokenOf, jwksFile } = createTokens(join(folder, 'keys'));
  const redis =
    options.redis === 'private'
      ? null
      : redisServer(await freePort(), options.redisFolder ?? join(folder, 'redis'));
  await redis?.start();
  const wire = wired === 'redis' && redis !== null ? await tcpProxy(redis.port) : null;
  const redisPort = wire?.port ?? redis?.port;
  const all = appProcess({
    name: 'registry',
    port: await freePort(),
    logFolder: folder,
    preload: options.preload ?? [],
    environment: {
      DATA_DIR: dataDir,
      JWT_JWKS: jwksFile,
      ...(redisPort === undefined ? {} : { REDIS_URL: `redis://127.0.0.1:${redisPort}` }),
      ...options.environment,
    },
  });
  await all.start();
  return {
    apis: [all],
    workers: [all],
    redis,
    wire,
    dataDir,
    tokenOf,
    async close() {
      await all.kill();
      await wire?.close();
      await redis?.kill();
    },
  };
}
