import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { loadEnvironment, readConfig } from '../../src/config/config.ts';
import { signDevelopmentToken } from '../../src/modules/access/index.ts';
import { createVerificationQueue } from '../../src/modules/verification/verification.queue.ts';
import { connectRedis, startPrivateRedis } from '../../src/platform/redis/index.ts';
import type { Child } from './child.ts';
import { startChild } from './child.ts';

/** The registry as it is shipped - built, everything in one process - over a queue that can be held back. */
export interface Product extends Child {
  readonly database: string;
  token(role: 'exporter' | 'customs', org: string): string;
  /** Reads one number from the store, besides the server. */
  number(sql: string, ...values: (string | number)[]): number;
  /** Workers take nothing up until `resume`. */
  hold(): Promise<void>;
  resume(): Promise<void>;
}

export interface ProductPlan {
  readonly root: string;
  readonly dataDir: string;
  /** Takes a processor profile when the server ends. */
  readonly profileDir?: string;
}

export async function startProduct({ root, dataDir, profileDir }: ProductPlan): Promise<Product> {
  const database = join(dataDir, 'registry.sqlite');
  const { redisServer } = readConfig(loadEnvironment());
  const quiet = { info: () => undefined, warn: () => undefined };
  const redis = await startPrivateRedis({
    binary: redisServer,
    directory: join(dataDir, 'redis'),
    log: quiet,
  });
  const child = await startChild({
    program: join(root, 'dist', 'src', 'main', 'serve.js'),
    nodeOptions: profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`],
    env: {
      DATA_DIR: dataDir,
      HOST: '127.0.0.1',
      PORT: '0',
      REDIS_URL: redis.url,
      RATE_LIMIT_PER_MINUTE: '0',
    },
    directory: dataDir,
    logFile: join(dataDir, 'bench', 'server.log'),
  }).catch(async (error: unknown) => {
    await redis.close();
    throw error;
  });
  const connection = connectRedis(redis.url, 'worker');
  const { jobs } = createVerificationQueue(connection);
  const reader = new Database(database, { readonly: true });
  const { jwtIssuer: issuer, jwtAudience: audience } = readConfig({});
  const clock = { now: () => new Date().toISOString() };
  return {
    ...child,
    database,
    token: (role, org) =>
      `Bearer ${signDevelopmentToken({ dataDir, role, org, country: 'TW', sub: 'bench', expires: '1d', issuer, audience, clock })}`,
    number(sql, ...values) {
      const value = reader
        .prepare(sql)
        .pluck()
        .get(...values);
      if (typeof value !== 'number') throw new Error(`no number from ${sql}`);
      return value;
    },
    hold: () => jobs.bull.pause(),
    resume: () => jobs.bull.resume(),
    async stop() {
      reader.close();
      await jobs.bull.resume();
      await child.stop();
      await jobs.close();
      connection.disconnect();
      await redis.close();
    },
  };
}

/** Where a register for one run goes: on the disk of the project, because many systems keep /tmp in memory. */
export function freshDataDir(root: string): string {
  const dataDir = join(root, '.tmp', `bench-${process.pid}`);
  mkdirSync(dataDir, { recursive: true });
  return dataDir;
}
