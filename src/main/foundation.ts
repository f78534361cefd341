import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Random } from '../kernel/random.ts';
import type { AuditQueue } from '../modules/audit/audit.queue.ts';
import { createAuditQueue } from '../modules/audit/audit.queue.ts';
import type { AuditRunService, AuditService } from '../modules/audit/index.ts';
import type { Catalogue } from '../modules/catalogue/index.ts';
import { loadCatalogue } from '../modules/catalogue/index.ts';
import type { VerificationQueue } from '../modules/verification/verification.queue.ts';
import { createVerificationQueue } from '../modules/verification/verification.queue.ts';
import type { Log } from '../platform/log/index.ts';
import { createLog } from '../platform/log/index.ts';
import type { Metrics } from '../platform/metrics/index.ts';
import { createMetrics } from '../platform/metrics/index.ts';
import type { RedisConnection } from '../platform/redis/index.ts';
import { lockDataDirectory } from '../platform/sqlite/index.ts';
import { systemClock, systemRandom } from './clock.ts';
import type { Closers } from './closers.ts';
import { startLedLoop } from './led-loop.ts';
import { countedLookups, measure } from './measures.ts';
import type { openMongoStores } from './mongo-stores.ts';
import { openPrivateRedis, openRedis } from './redis.ts';
import type { RedisConnections } from './redis.ts';
import { createPatience } from './patience.ts';
import type { Registry } from './registry.ts';
import { createRegistry } from './registry.ts';
import type { Scratch } from './scratch.ts';
import { scratchIn } from './scratch.ts';
import type { Stores } from './stores.ts';
import { openSqliteStores } from './stores.ts';

/** What every process has, whatever it is for. */
export interface Foundation {
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
  readonly catalogue: Catalogue;
  readonly stores: Stores;
  readonly metrics: Metrics;
  readonly registry: Registry;
  /** Where imports and audits put aside what doesn't fit into memory. */
  readonly scratch: Scratch;
  readonly audit: AuditService;
  readonly auditRuns: AuditRunService;
  readonly queue: VerificationQueue;
  readonly auditQueue: AuditQueue;
  readonly isQueueReady: () => boolean;
  /** A new connection to Redis that waits for it while it is away. */
  readonly connectWorker: () => RedisConnection;
}

const RELAY_EVERY_MS = 1_000;
/** A request is answered within 2 seconds, however many items follow from it. */
const FOLLOWS_WITHIN_MS = 1_000;
const MAX_LEFT_BEHIND = 256;

/**
 * Opens store and queue, wires the services, and lets the relay run where it is this process's turn; not where the
 * registry only answers.
 * @throws Error of one sentence when something can't be used
 */
export async function openFoundation(
  config: Config,
  logTo: number | string | undefined,
  closers: Closers,
): Promise<Foundation> {
  const log = createLog({
    level: config.logLevel,
    ...(logTo === undefined ? {} : { destination: logTo }),
  });
  closers.add(() => log.close());
  const { logger } = log;
  const clock = systemClock();
  const random = systemRandom();
  const catalogue = loadCatalogue(config.catalogueDir, config.watchlistFile);
  const { stores, redis } = await openStoresAndRedis(config, { clock, random, log }, closers);
  const queue = createVerificationQueue(redis.producer);
  closers.add(() => queue.jobs.close());
  const auditQueue = createAuditQueue(redis.producer);
  closers.add(() => auditQueue.jobs.close());
  const metrics = createMetrics();
  const patience = createPatience(FOLLOWS_WITHIN_MS, MAX_LEFT_BEHIND);
  closers.add(() => patience.close());
  const registry = createRegistry({
    stores,
    catalogue,
    requests: queue,
    clock,
    random,
    expiryDays: config.expiryDays,
    deferred: (error) => logger.warn({ err: error }, 'left to the relay'),
    attend: patience.attend,
    lookupLog: countedLookups(stores.lookupLog, metrics),
  });
  measure({ metrics, stores, queue, clock });

  const scratch = scratchIn(join(config.dataDir, 'staging'), random);
  const audit = registry.audits(scratch);
  const foundation: Foundation = {
    log,
    clock,
    random,
    catalogue,
    stores,
    metrics,
    registry,
    scratch,
    audit,
    auditRuns: registry.auditRuns(audit, auditQueue.request),
    queue,
    auditQueue,
    isQueueReady: () => redis.producer.status === 'ready',
    connectWorker: redis.connectWorker,
  };
  if (!config.readOnly)
    startLedLoop(foundation, { name: 'relay', everyMs: RELAY_EVERY_MS, run: registry.relay.run }, closers);
  return foundation;
}

/**
 * Nothing is written into either before both are known to be usable, and for each other. The folder is locked where its
 * files may have one user only: the records, or those of a private Redis.
 */
async function openStoresAndRedis(
  config: Config,
  { clock, random, log }: Pick<Foundation, 'clock' | 'random' | 'log'>,
  closers: Closers,
): Promise<{ stores: Stores; redis: RedisConnections }> {
  const { databaseUrl, redisUrl, dataDir } = config;
  if (databaseUrl === undefined || redisUrl === undefined) {
    const lock = lockDataDirectory(dataDir);
    closers.add(() => lock.release());
  }
  const shared = redisUrl === undefined ? null : await openRedis(redisUrl, clock, closers);
  const admit = (registerId: string) => shared?.admit(registerId);
  const stores =
    databaseUrl === undefined
      ? openSqliteStores(join(dataDir, 'registry.sqlite'), random.nonce(), admit)
      : await openMongo({ url: databaseUrl, clock }, random.nonce(), admit);
  closers.add(() => stores.close());
  const redis = shared ?? (await openRedis(await openPrivateRedis(config, log, closers), clock, closers));
  await redis.claim(stores.registerId);
  return { stores, redis };
}

/** What talks to MongoDB takes 30 MiB of memory, so it is loaded where it is used only. */
async function openMongo(...where: Parameters<typeof openMongoStores>): Promise<Stores> {
  const stores = await import('./mongo-stores.ts');
  return stores.openMongoStores(...where);
}
