import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnvironment, readConfig } from '../../src/config/config.ts';
import { signDevelopmentToken } from '../../src/modules/access/index.ts';
import { createVerificationQueue } from '../../src/modules/verification/verification.queue.ts';
import { connectRedis, startPrivateRedis } from '../../src/platform/redis/index.ts';
import type { Child } from './child.ts';
import { startChild } from './child.ts';
import type { Probe, Serial } from './probe.ts';

/** The registry as it is shipped - built, everything in one process - over a queue that can be held back. */
export interface Product extends Child {
  readonly probe: Probe;
  token(role: 'exporter' | 'customs' | 'regulator', org: string): string;
  /** Workers take nothing up until `resume`. */
  hold(): Promise<void>;
  resume(): Promise<void>;
}

export interface ProductPlan {
  readonly root: string;
  readonly dataDir: string;
  /** What the benchmark itself reads of the store; closed with the product. */
  readonly openProbe: () => Promise<Probe>;
  /** Names the store, where it isn't SQLite in the folder. */
  readonly env: Readonly<Record<string, string>>;
  /** Takes a processor profile when the server ends. */
  readonly profileDir?: string;
}

/** A filled store, ready to be measured. */
export interface Place extends Pick<ProductPlan, 'openProbe' | 'env'> {
  /** How fast the bare driver inserts so many items, where filing is held against that. */
  readonly floor?: (items: number) => Promise<number>;
  /** How many look-ups a second the bare driver serves and logs. */
  readonly lookupFloor?: (serials: readonly Serial[]) => Promise<number>;
  clean(): Promise<void>;
}

export async function startProduct({
  root,
  dataDir,
  openProbe,
  env,
  profileDir,
}: ProductPlan): Promise<Product> {
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
      ...env,
    },
    directory: dataDir,
    logFile: join(dataDir, 'bench', 'server.log'),
  }).catch(async (error: unknown) => {
    await redis.close();
    throw error;
  });
  const connection = connectRedis(redis.url, 'worker');
  const { jobs } = createVerificationQueue(connection);
  const probe = await openProbe();
  const { jwtIssuer: issuer, jwtAudience: audience } = readConfig({});
  const clock = { now: () => new Date().toISOString() };
  return {
    ...child,
    probe,
    token: (role, org) =>
      `Bearer ${signDevelopmentToken({ dataDir, role, org, country: 'TW', sub: 'bench', expires: '1d', issuer, audience, clock })}`,
    hold: () => jobs.bull.pause(),
    resume: () => jobs.bull.resume(),
    async stop() {
      await probe.close();
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
