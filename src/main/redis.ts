import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../platform/log/index.ts';
import type { RedisConnection } from '../platform/redis/index.ts';
import {
  assertOwner,
  assertUsableRedis,
  claimRedis,
  connectRedis,
  startPrivateRedis,
} from '../platform/redis/index.ts';
import type { Closers } from './closers.ts';

export interface RedisConnections {
  readonly producer: RedisConnection;
  /** Opens one more connection, which waits for Redis while it is away. */
  readonly connectWorker: () => RedisConnection;
  /** @throws Error of one sentence when Redis serves another register than this one */
  admit(registerId: string): void;
  /** Makes it this register's for good. @throws Error of one sentence when it serves another one by now */
  claim(registerId: string): Promise<void>;
}

const OWNER_KEY = 'pill-press-registry:instance';

/**
 * Connects to the Redis at `url`. Changes nothing of it.
 * @throws Error of one sentence when it can't be used
 */
export async function openRedis(url: string, clock: Clock, closers: Closers): Promise<RedisConnections> {
  const connect = (purpose: 'producer' | 'worker'): RedisConnection => {
    const connection = connectRedis(url, purpose);
    closers.add(() => connection.disconnect());
    return connection;
  };
  const producer = connect('producer');
  const owner = await assertUsableRedis(producer, OWNER_KEY, () => Date.parse(clock.now()));
  return {
    producer,
    connectWorker: () => connect('worker'),
    admit: (registerId) => assertOwner(owner, registerId),
    claim: (registerId) => claimRedis(producer, { key: OWNER_KEY, owner: registerId }),
  };
}

/** Starts a Redis in the data folder that ends with this process. @returns its address */
export async function openPrivateRedis(config: Config, log: Log, closers: Closers): Promise<string> {
  const server = await startPrivateRedis({
    binary: config.redisServer,
    directory: join(config.dataDir, 'redis'),
    log: { info: (message) => log.logger.info(message), warn: (message) => log.logger.warn(message) },
  });
  closers.add(() => server.close());
  return server.url;
}
