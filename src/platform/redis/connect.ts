import { Redis } from 'ioredis';

export type RedisConnection = Redis;

/** `producer` fails at once while Redis is away; `worker` waits for it to come back. */
export type RedisPurpose = 'producer' | 'worker';

const CONNECT_TIMEOUT_MS = 2_000;
/** A connection on which a command waits this long for any answer is given up for a new one. */
const SILENCE_MS = 2_000;
const LONGEST_DELAY_MS = 1000;

/**
 * Starts connecting to `url` and keeps reconnecting, at least once a second, until it is closed. One that has died
 * without a sign, as when a router forgets it, is noticed and replaced; not so a `duplicate()`, on which commands may
 * block for longer.
 * An error of the connection is no crash: commands fail, and `assertUsableRedis` says why. Its errors hold no
 * password; those of a `duplicate()` do, see `withoutCommand`.
 */
export function connectRedis(url: string, purpose: RedisPurpose): RedisConnection {
  const connection = new Redis(url, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_MS,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), LONGEST_DELAY_MS),
    ...(purpose === 'producer'
      ? { enableOfflineQueue: false, maxRetriesPerRequest: 0, autoResendUnfulfilledCommands: false }
      : { maxRetriesPerRequest: null }),
  });
  connection.on('error', withoutCommand);
  const duplicate = connection.duplicate.bind(connection);
  connection.duplicate = (options) => duplicate({ ...options, socketTimeout: undefined });
  return connection;
}

/**
 * Takes the failed command off `error`, in place: ioredis puts it there with its arguments, and the arguments
 * of a sign-in are the user name and password.
 */
export function withoutCommand(error: Error): Error {
  if ('command' in error) delete error.command;
  return error;
}
