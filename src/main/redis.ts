import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Log } from '../platform/log/index.ts';
import type { RedisConnection } from '../platform/redis/index.ts';
import { assertUsableRedis, connectRedis, startPrivateRedis } from '../platform/redis/index.ts';
import type { Closers } from './closers.ts';

export interface RedisConnections {
  readonly producer: RedisConnection;
  readonly worker: RedisConnection;
}

/**
 * Connects to the Redis that `REDIS_URL` names, or starts a private one in the data folder.
 * @throws Error of one sentence when it can't be used
 */
export async function openRedis(
  config: Config,
  registerId: string,
  log: Log,
  closers: Closers,
): Promise<RedisConnections> {
  const url = config.redisUrl ?? (await privateRedis(config, log, closers));
  const producer = connectRedis(url, 'producer');
  closers.add(() => producer.disconnect());
  const worker = connectRedis(url, 'worker');
  closers.add(() => worker.disconnect());
  await assertUsableRedis(producer, { key: 'pill-press-registry:instance', owner: registerId });
  return { producer, worker };
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
