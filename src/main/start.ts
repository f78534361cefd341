import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import {
  createTokenVerifier,
  ensureDevelopmentKeys,
  isAction,
  openKeySource,
  permit,
  type Action,
} from '../modules/access/index.ts';
import { loadCatalogue } from '../modules/catalogue/index.ts';
import { refusedFiling } from '../modules/declarations/index.ts';
import {
  createVerificationQueue,
  createVerificationWorker,
} from '../modules/verification/verification.queue.ts';
import { createHttpApp, startServer } from '../platform/http/index.ts';
import { createLog } from '../platform/log/index.ts';
import { createMetrics } from '../platform/metrics/index.ts';
import { createQueueBoard } from '../platform/queue/index.ts';
import { lockDataDirectory } from '../platform/sqlite/index.ts';
import { systemClock, systemRandom } from './clock.ts';
import { createClosers } from './closers.ts';
import { countedLookups, measure } from './measures.ts';
import { BOARD_DIRECTIVES, BOARD_PATH, queueBoardRouter } from './queue-board.ts';
import { createReadiness } from './readiness.ts';
import { openRedis } from './redis.ts';
import { createRegistry } from './registry.ts';
import { startRelayLoop } from './relay-loop.ts';
import { allRoutes } from './routes.ts';
import { openSqliteStores } from './stores.ts';
import { webPages } from './web.ts';

const RELAY_EVERY_MS = 1_000;
const DRAIN_MS = 10_000;
/** Requests of one address that bring no valid token; each costs a signature check at most. */
const ANONYMOUS_PER_MINUTE = 6_000;

/** A registry that takes requests. */
export interface Running {
  readonly port: number;
  /** Where the development keys were made or found; null when the operator brings keys. */
  readonly developmentKeys: string | null;
  /** Stops within about ten seconds: takes nothing new, finishes what is under way. */
  close(): Promise<void>;
}

export interface StartOptions {
  /** Check every answer against its description: for tests. */
  readonly verifyAnswers?: boolean;
  /** A file descriptor or file for the log; standard output when left out. */
  readonly logTo?: number | string;
}

/**
 * Opens everything and starts serving: API, relay and workers in this process.
 * @throws Error of one sentence when something can't be used; what was opened by then is closed again
 */
export async function startRegistry(config: Config, options: StartOptions = {}): Promise<Running> {
  const closers = createClosers();
  try {
    return await open(config, options, closers);
  } catch (error) {
    await closers.closeAll().catch(() => undefined);
    throw error;
  }
}

async function open(
  config: Config,
  options: StartOptions,
  closers: ReturnType<typeof createClosers>,
): Promise<Running> {
  const log = createLog({
    level: config.logLevel,
    ...(options.logTo === undefined ? {} : { destination: options.logTo }),
  });
  closers.add(() => log.close());
  const { logger } = log;
  const clock = systemClock();
  const random = systemRandom();
  const catalogue = loadCatalogue(config.catalogueDir, config.watchlistFile);
  const lock = lockDataDirectory(config.dataDir);
  closers.add(() => lock.release());
  const developmentKeys =
    config.jwtJwks === undefined ? ensureDevelopmentKeys(config.dataDir).jwksFile : null;
  const keys = await openKeySource(config.jwtJwks ?? developmentKeys ?? '', {
    clock,
    report: (error) => logger.warn({ err: error }, 'the token keys could not be read again'),
  });
  const stores = openSqliteStores(join(config.dataDir, 'registry.sqlite'), random.nonce());
  closers.add(() => stores.close());

  const redis = await openRedis(config, stores.registerId, log, closers);
  const queue = createVerificationQueue(redis.producer);
  closers.add(() => queue.jobs.close());
  const metrics = createMetrics();
  const registry = createRegistry({
    stores,
    catalogue,
    requests: queue,
    clock,
    random,
    expiryDays: config.expiryDays,
    deferred: (error) => logger.warn({ err: error }, 'left to the relay'),
    lookupLog: countedLookups(stores.lookupLog, metrics),
  });
  measure({ metrics, stores, queue, clock });

  const worker = createVerificationWorker({
    connection: redis.worker,
    verification: registry.verification,
    concurrency: config.verifyConcurrency,
    onTrouble: (error) => logger.warn({ err: error }, 'trouble with verification jobs'),
  });
  closers.add(() => worker.close(DRAIN_MS));
  const relay = startRelayLoop({
    run: registry.relay.run,
    everyMs: RELAY_EVERY_MS,
    onError: (error) => logger.warn({ err: error }, 'the relay could not finish a declaration'),
  });
  closers.add(() => relay.close());

  const verifier = createTokenVerifier({
    keys,
    issuer: config.jwtIssuer,
    audience: config.jwtAudience,
    clock,
  });
  const authorize = async (header: string | undefined, action: Action) => {
    const actor = await verifier.verify(header);
    permit(actor, action);
    return actor;
  };
  const board = queueBoardRouter(createQueueBoard([queue.jobs.bull], BOARD_PATH), (header) =>
    authorize(header, 'queue.operate'),
  );
  const isQueueReady = () => redis.producer.status === 'ready';
  const app = createHttpApp({
    routes: allRoutes({
      registry,
      stores,
      catalogue,
      metrics,
      publicUrl: config.publicUrl,
      keepRefused: (actor, body, failure) =>
        stores.refusedFilings.add(refusedFiling(actor, body, failure, { clock, random })),
    }),
    mounts: [
      { path: BOARD_PATH, action: 'public', handler: board, directives: BOARD_DIRECTIVES },
      { path: '/', action: 'public', handler: webPages() },
    ],
    authorize: (request, action) => authorize(request.headers.authorization, action as Action),
    isAction,
    log: logger,
    metrics,
    readiness: createReadiness({ probe: () => stores.probe(), isQueueReady, clock }),
    info: {
      title: 'Pill-press registry',
      version: '1',
      description:
        'Declare serialized pill presses and their key parts, verify the declarations, look serials up, audit the register.',
    },
    limits: {
      perMinute: config.ratePerMinute,
      anonymousPerMinute: ANONYMOUS_PER_MINUTE,
      requestTimeoutMs: config.requestTimeoutMs,
    },
    https: config.publicUrl.startsWith('https:'),
    trustProxy: config.trustProxy,
    verifyAnswers: options.verifyAnswers ?? false,
  });
  const server = await startServer(app, { host: config.host, port: config.port, drainMs: DRAIN_MS });
  closers.add(() => server.close());
  return { port: server.port, developmentKeys, close: () => closers.closeAll() };
}
