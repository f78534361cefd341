import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { RedisStartError, startRedisProcess } from './process.ts';
import type { RedisProcess, RedisSettings } from './process.ts';

export interface PrivateRedisOptions {
  /** The program, such as `redis-server`. */
  readonly binary: string;
  /** Where it keeps its files; made with mode 0700. */
  readonly directory: string;
  readonly log: { info(message: string): void; warn(message: string): void };
}

export interface PrivateRedis {
  /** Holds the password: not for logs. Stays the same when the server is started again. */
  readonly url: string;
  /** Ends the server after it has saved. */
  close(): Promise<void>;
}

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 5000;
const START_ATTEMPTS = 3;
/** Only what Redis logs as a warning (`#`): it names the same files while it reads them without trouble. */
const UNREADABLE = / # .*(append only file|\bAOF\b|\bRDB\b)|FATAL AOF/i;

/**
 * Starts a Redis of our own, which ends with this process however that ends, and is started again when it
 * dies. It holds only intent: files that it cannot read are moved aside and it starts empty.
 * @throws Error of one sentence when it cannot be started
 */
export async function startPrivateRedis(options: PrivateRedisOptions): Promise<PrivateRedis> {
  const directory = resolve(options.directory);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
  const password = randomBytes(24).toString('hex');
  const { settings, first } = await startSomewhere({ binary: options.binary, directory, password }, options);
  const keeper = keepRunning(settings, first, options);
  return { url: `redis://:${password}@127.0.0.1:${settings.port}`, close: keeper.close };
}

/** A port that was free a moment ago may be taken by the time the server asks for it. */
async function startSomewhere(
  base: Omit<RedisSettings, 'port'>,
  options: PrivateRedisOptions,
): Promise<{ settings: RedisSettings; first: RedisProcess }> {
  for (let attempt = 1; ; attempt += 1) {
    const settings = { ...base, port: await freePort() };
    try {
      return { settings, first: await startReadable(settings, options) };
    } catch (error) {
      const taken = error instanceof RedisStartError && /address already in use/i.test(error.output);
      if (!taken || attempt === START_ATTEMPTS) throw error;
    }
  }
}

async function startReadable(settings: RedisSettings, { log }: PrivateRedisOptions): Promise<RedisProcess> {
  try {
    return await startRedisProcess(settings);
  } catch (error) {
    const unreadable = error instanceof RedisStartError && UNREADABLE.test(error.output);
    const files = join(settings.directory, 'appendonlydir');
    if (!unreadable || !existsSync(files)) throw error;
    const aside = `${files}.unreadable`;
    rmSync(aside, { recursive: true, force: true });
    renameSync(files, aside);
    log.warn(`The private Redis could not read its files. They were moved to ${aside} and it starts empty.`);
    return startRedisProcess(settings);
  }
}

function keepRunning(settings: RedisSettings, first: RedisProcess, options: PrivateRedisOptions) {
  const { log } = options;
  let current: Promise<RedisProcess | null> = Promise.resolve(first);
  let closing = false;
  let wake = (): void => undefined;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolved) => {
      const timer = setTimeout(resolved, ms);
      wake = () => {
        clearTimeout(timer);
        resolved();
      };
    });

  async function startAgain(): Promise<RedisProcess | null> {
    for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS)) {
      await pause(delayMs);
      if (closing) return null;
      try {
        const started = await startReadable(settings, options);
        log.info('The private Redis runs again.');
        return started;
      } catch (error) {
        log.warn(error instanceof Error ? error.message : String(error));
      }
    }
  }

  function watch(running: RedisProcess | null): void {
    void running?.ended.then(() => {
      if (closing) return;
      log.warn('The private Redis ended; it is started again.');
      current = startAgain();
      void current.then(watch);
    });
  }
  watch(first);

  return {
    async close(): Promise<void> {
      closing = true;
      wake();
      const running = await current;
      await running?.stop();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}
