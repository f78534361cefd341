import { setTimeout as delay } from 'node:timers/promises';
import type { RedisConnection } from './connect.ts';

/** Written into a Redis by its first user, so that two never share one by mistake. */
export interface OwnerMark {
  readonly key: string;
  readonly owner: string;
}

const READY_TIMEOUT_MS = 5000;
/** Clocks of this process and of Redis, which delays jobs by its own, may be apart by this much. */
const MAX_CLOCK_GAP_MS = 60_000;

/**
 * Makes sure that jobs can be trusted to this Redis. Changes nothing.
 * @param key of the mark of its owner
 * @param now milliseconds since 1970
 * @returns its owner, null while it has none
 * @throws Error of one sentence, without the address or a password: out of reach, refuses the password, may evict
 * keys, has another time, or cannot be written
 */
export async function assertUsableRedis(
  connection: RedisConnection,
  key: string,
  now: () => number,
): Promise<string | null> {
  await ready(connection);
  const policy = /^maxmemory_policy:(\S+)/m.exec(await connection.info('memory'))?.[1];
  if (policy !== 'noeviction') {
    throw new Error(
      `Redis may drop jobs: its maxmemory-policy is ${policy ?? 'unknown'} and must be noeviction.`,
    );
  }
  await assertClock(connection, now);
  return writing(async () => {
    // To delete what is not there needs all that a write needs.
    await connection.del(`${key}:nothing`);
    return connection.get(key);
  });
}

/**
 * Marks it as `mark.owner`'s, unless it has an owner.
 * @throws Error of one sentence when that is another one, or it cannot be written
 */
export async function claimRedis(connection: RedisConnection, { key, owner }: OwnerMark): Promise<void> {
  const found = await writing(async () => {
    await connection.setnx(key, owner);
    return connection.get(key);
  });
  assertOwner(found, owner);
}

/** @throws Error of one sentence when the owner that was found is another one */
export function assertOwner(found: string | null, owner: string): void {
  if (found !== null && found !== owner) {
    throw new Error('Redis is in use by another registry; give each its own.');
  }
}

async function assertClock(connection: RedisConnection, now: () => number): Promise<void> {
  const [seconds] = await connection.time();
  const gapMs = now() - Number(seconds) * 1_000;
  if (Math.abs(gapMs) <= MAX_CLOCK_GAP_MS) return;
  const gap = `${Math.round(Math.abs(gapMs) / 1_000)} s ${gapMs > 0 ? 'ahead of' : 'behind'}`;
  throw new Error(`The clock of this machine is ${gap} that of Redis: set both by a time server.`);
}

async function writing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new Error(`Redis cannot be written: ${textOf(cause)}.`, { cause });
  }
}

/** Resolves when commands can be sent. A connection that is refused is not waited for. */
async function ready(connection: RedisConnection): Promise<void> {
  if (connection.status === 'ready') return;
  const stop = new AbortController();
  const outcome = new Promise<'ready' | Error>((resolve) => {
    const onReady = (): void => resolve('ready');
    const onError = (error: Error): void => resolve(error);
    connection.once('ready', onReady).once('error', onError);
    stop.signal.addEventListener('abort', () => connection.off('ready', onReady).off('error', onError));
  });
  const timeout = delay(READY_TIMEOUT_MS, new Error('no answer in time'), { signal: stop.signal });
  timeout.catch(() => undefined);
  const result = await Promise.race([outcome, timeout]);
  stop.abort();
  if (result === 'ready') return;
  const text = textOf(result);
  if (/WRONGPASS|NOAUTH|invalid password|invalid username/i.test(text)) {
    throw new Error('Redis refuses the user name or password.', { cause: result });
  }
  // ioredis says so when bytes come that are no Redis protocol, such as an HTTP answer.
  if (/Unknown RESP type|Protocol error/i.test(text)) {
    throw new Error('Redis cannot be reached: something else answers there.', { cause: result });
  }
  throw new Error(`Redis cannot be reached: ${codeOf(result) ?? text}.`, { cause: result });
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function textOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
