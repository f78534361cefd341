import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config/config.ts';
import type { Action } from '../modules/access/index.ts';
import {
  createTokenVerifier,
  ensureDevelopmentKeys,
  isAction,
  openKeySource,
  permit,
  permitReading,
} from '../modules/access/index.ts';
import { refusedFiling } from '../modules/declarations/index.ts';
import { createHttpApp, startServer } from '../platform/http/index.ts';
import { createQueueBoard } from '../platform/queue/index.ts';
import type { Closers } from './closers.ts';
import type { Foundation } from './foundation.ts';
import { BOARD_DIRECTIVES, BOARD_PATH, queueBoardRouter } from './queue-board.ts';
import { openGate } from './gate.ts';
import { createReadiness } from './readiness.ts';
import { allRoutes } from './routes.ts';
import { webPages } from './web.ts';

/** Requests of one address that bring no valid token; each costs a signature check at most. */
const ANONYMOUS_PER_MINUTE = 6_000;

/** Each takes up memory, and a refusal at a time when there is too much to do; more are not taken. */
const MAX_CONNECTIONS = 4_096;

/** An API that takes requests. */
export interface RunningApi {
  readonly port: number;
  /** Where the development keys were made or found; null when the operator brings keys. */
  readonly developmentKeys: string | null;
}

export interface ApiOptions {
  /** How long it goes on serving at the end while it says that it is not ready. */
  readonly graceMs: number;
  /** How long requests under way may then take to finish. */
  readonly drainMs: number;
  /** Check every answer against its description: for tests. */
  readonly verifyAnswers: boolean;
}

/** Serves the API and the pages. @throws Error of one sentence when keys or port can't be used */
export async function startApi(
  foundation: Foundation,
  config: Config,
  options: ApiOptions,
  closers: Closers,
): Promise<RunningApi> {
  const { log, clock, random, catalogue, stores, metrics, registry, audit, auditRuns } = foundation;
  const { queue, auditQueue, isQueueReady } = foundation;
  const { logger } = log;
  const developmentKeys =
    config.jwtJwks === undefined ? ensureDevelopmentKeys(config.dataDir).jwksFile : null;
  const keys = await openKeySource(config.jwtJwks ?? developmentKeys ?? '', {
    clock,
    report: (error) => logger.warn({ err: error }, 'the token keys could not be read again'),
  });
  const verifier = createTokenVerifier({
    keys,
    issuer: config.jwtIssuer,
    audience: config.jwtAudience,
    clock,
  });
  const authorize = async (header: string | undefined, action: Action) => {
    const actor = await verifier.verify(header);
    permit(actor, action);
    if (config.readOnly) permitReading(action);
    return actor;
  };
  const board = {
    path: BOARD_PATH,
    action: 'public',
    handler: queueBoardRouter(
      createQueueBoard([queue.jobs.bull, auditQueue.jobs.bull], BOARD_PATH),
      (header) => authorize(header, 'queue.operate'),
    ),
    directives: BOARD_DIRECTIVES,
  };
  const routes = allRoutes({
    registry,
    stores,
    audit,
    auditRuns,
    catalogue,
    metrics,
    publicUrl: config.publicUrl,
    keepRefused: (actor, body, failure) =>
      stores.refusedFilings.add(refusedFiling(actor, body, failure, { clock, random })),
  });
  const app = createHttpApp({
    routes,
    // What operators do on the board changes the queue, which nobody works on while the registry only answers.
    mounts: [...(config.readOnly ? [] : [board]), { path: '/', action: 'public', handler: webPages() }],
    authorize: (request, action) => authorize(request.headers.authorization, action as Action),
    isAction,
    log: logger,
    metrics,
    readiness: createReadiness({
      probe: () => stores.probe(),
      isQueueReady,
      clock,
      readOnly: config.readOnly,
    }),
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
    verifyAnswers: options.verifyAnswers,
  });
  const { host, port } = config;
  const { graceMs, drainMs } = options;
  const gate = openGate({
    routes,
    metrics,
    known: (header) => verifier.known(header),
    trustProxy: config.trustProxy,
  });
  const server = await startServer(app, {
    host,
    port,
    maxConnections: MAX_CONNECTIONS,
    grace: () => delay(graceMs),
    drainMs,
    gate,
  });
  closers.add(() => server.close());
  return { port: server.port, developmentKeys };
}
