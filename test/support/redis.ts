import { startPrivateRedis } from '../../src/platform/redis/index.ts';
import type { PrivateRedis, RedisConnection } from '../../src/platform/redis/index.ts';

/** A private Redis in `directory` that logs into `lines`. */
export function startTestRedis(directory: string, lines: string[] = []): Promise<PrivateRedis> {
  const note = (line: string): void => void lines.push(line);
  return startPrivateRedis({ binary: 'redis-server', directory, log: { info: note, warn: note } });
}

/** Resolves when commands can be sent, whatever fails until then. */
export async function untilReady(connection: RedisConnection): Promise<void> {
  if (connection.status !== 'ready') await new Promise<void>((resolve) => connection.once('ready', resolve));
}

/** The process id that a Redis says it has. */
export async function pidOf(connection: RedisConnection): Promise<number> {
  return Number(/^process_id:(\d+)/m.exec(await connection.info('server'))?.[1]);
}
