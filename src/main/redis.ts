import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../platform/log/index.ts';
import type { RedisConnection } from '../platform/redis/index.ts';
import { assertUsableRedis, connectRedis, startPrivateRedis } from '../platform/redis/index.ts';
import type { Closers } from './closers.ts';

export interface RedisConnections {
  readonly producer: RedisConnection;
  /** Opens one more connection, which waits for Redis while it is away. */
  readonly connectWorker: () => RedisConnection;
}

export interface RedisUser {
  readonly registerId: string;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Connects to the Redis that `REDIS_URL` names, or starts a private one in the data folder.
 * @throws Error of one sentence when it can't be used
 */
export async function openRedis(
  config: Config,
  { registerId, clock, log }: RedisUser,
  closers: Closers,
): Promise<RedisConnections> {
  const url = config.redisUrl ?? (await privateRedis(config, log, closers));
  const connect = (purpose: 'producer' | 'worker'): RedisConnection => {
    const connection = connectRedis(url, purpose);
    closers.add(() => connection.disconnect());
    return connection;
  };
  const producer = connect('producer');
  const mark = { key: 'pill-press-registry:instance', owner: registerId };
  await assertUsableRedis(producer, mark, () => Date.parse(clock.now()));
  return { producer, connectWorker: () => connect('worker') };
}

async function privateRedis(config: Config, log: Log, closers: Closers): Promise<string> {
  const server = await startPrivateRedis({
    binary: config.redisServer,
    directory: join(config.dataDir, 'redis'),
    log: { info: (message) => log.logger.info(message), warn: (message) => log.logger.warn(message) },
  });
  closers.add(() => server.close());
  return server.url;
}
