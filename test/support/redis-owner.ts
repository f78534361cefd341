import { startPrivateRedis } from '../../src/platform/redis/index.ts';

/** Starts a private Redis in the folder named by the first argument, prints its address and lives on. */
const log = { info: () => undefined, warn: () => undefined };
const { url } = await startPrivateRedis({ binary: 'redis-server', directory: process.argv[2] ?? '', log });
process.stdout.write(`${url}\n`);
