import express, {
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { Failure } from '../../kernel/failure.ts';
import { admit, type Admission } from './admission.ts';
import { docsRouter } from './docs-page.ts';
import { createExchanges, exchangeOf, type RequestLog, type RequestMetrics } from './exchange.ts';
import type { ApiInfo } from './openapi.ts';
import { createRateLimiter } from './rate-limit.ts';
import { sendAnswer, sendError } from './reply.ts';
import { PUBLIC, type Route } from './route.ts';
import { apiHeaders, pageHeaders, type Directives } from './security-headers.ts';
import { serveRoute, type Serving } from './serve-route.ts';
import { systemRoutes, type Readiness } from './system-routes.ts';

/** Something that brings its own express handler, such as pages; not part of the described API. */
export interface Mount {
  /** It serves this path and everything below. */
  readonly path: string;
  readonly action: string;
  readonly handler: RequestHandler;
  /** Content security directives besides or instead of the strict ones for pages. */
  readonly directives?: Directives;
}

export interface HttpLimits {
  /** Of one subject; 0 turns it off. */
  readonly perMinute: number;
  /** Of one address without a valid token; 0 turns it off. */
  readonly anonymousPerMinute: number;
  /** From when a request came, without the time that its body took to arrive. */
  readonly requestTimeoutMs: number;
  /** For a body to arrive that is read before the work begins. */
  readonly bodyTimeoutMs: number;
  readonly maxBodyBytes: number;
}

export interface HttpAppOptions {
  /** Called often first: express looks for a route in this order. */
  readonly routes: readonly Route[];
  readonly mounts?: readonly Mount[];
  readonly authorize: Admission['authorize'];
  readonly isAction: (action: string) => boolean;
  readonly log: RequestLog;
  readonly metrics: RequestMetrics;
  readonly readiness: () => Promise<Readiness>;
  readonly info: ApiInfo;
  readonly limits?: Partial<HttpLimits>;
  /** Reached over https only, so that browsers may be told so; default false. */
  readonly https?: boolean;
  /** Express's `trust proxy`; default: the peer is the client. */
  readonly trustProxy?: string | number;
  /** Check every answer against its description: for tests. */
  readonly verifyAnswers?: boolean;
}

const DEFAULT_LIMITS: HttpLimits = {
  perMinute: 6_000,
  anonymousPerMinute: 600,
  requestTimeoutMs: 30_000,
  bodyTimeoutMs: 60_000,
  maxBodyBytes: 4 * 1024 * 1024,
};

/**
 * The express application of a route table, with `/healthz`, `/readyz`, `/openapi.json` and `/docs`.
 * @throws Error when a route's action is not in the policy
 */
export function createHttpApp(options: HttpAppOptions): Express {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const https = options.https ?? false;
  const serving: Serving = {
    authorize: options.authorize,
    subjects: createRateLimiter('subject', limits.perMinute),
    addresses: createRateLimiter('address', limits.anonymousPerMinute),
    log: options.log,
    requestTimeoutMs: limits.requestTimeoutMs,
    bodyTimeoutMs: limits.bodyTimeoutMs,
    maxBodyBytes: limits.maxBodyBytes,
    verifyAnswers: options.verifyAnswers ?? false,
  };
  const routes = [...options.routes, ...systemRoutes(options.routes, options.info, options.readiness)];
  const mounts = options.mounts ?? [];
  for (const { path, action } of [...routes, ...mounts]) {
    if (action !== PUBLIC && !options.isAction(action)) throw new Error(`${path}: no policy knows ${action}`);
  }
  const app = express();
  app
    .disable('x-powered-by')
    .set('etag', false)
    .set('query parser', false)
    .set('case sensitive routing', true);
  app.set('strict routing', true);
  if (options.trustProxy !== undefined) app.set('trust proxy', options.trustProxy);
  app.use(createExchanges(options.log, options.metrics, apiHeaders(https)));
  for (const route of routes) app[route.method](expressPath(route.path), serveRoute(route, serving));
  app.use(docsRouter(options.info.title, pageHeaders(https)));
  app.use(refuseMethods(routes));
  for (const mount of mounts) app.use(mount.path, ...openMount(mount, serving, https));
  app.use(() => {
    throw new Failure('not-found', 'not-found', 'There is nothing at this address.');
  });
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    sendError(request, response, error, options.log);
  });
  return app;
}

/** `/v1/items/{id}` in express's words. */
function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function openMount(mount: Mount, serving: Serving, https: boolean): RequestHandler[] {
  const headers = pageHeaders(https, mount.directives);
  const enter: RequestHandler = async (request, response, next) => {
    exchangeOf(response).route = mount.path;
    if (mount.action !== PUBLIC) await admit(request, response, mount.action, serving);
    for (const [name, value] of headers) response.setHeader(name, value);
    next();
  };
  return [enter, mount.handler];
}

/** Known addresses with another method: OPTIONS is answered with what there is, all else refused. */
function refuseMethods(routes: readonly Route[]): RequestHandler {
  const known = new Map<string, Set<string>>();
  for (const { path, method } of routes) {
    const methods = known.get(path) ?? new Set(['OPTIONS']);
    methods.add(method.toUpperCase());
    if (method === 'get') methods.add('HEAD');
    known.set(path, methods);
  }
  const patterns = [...known].map(([path, methods]) => ({
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    path,
    allow: [...methods].sort().join(', '),
  }));
  return (request, response, next) => {
    const found = patterns.find(({ pattern }) => pattern.test(request.path));
    if (found === undefined) {
      next();
      return;
    }
    exchangeOf(response).route = found.path;
    response.setHeader('Allow', found.allow);
    if (request.method === 'OPTIONS') {
      sendAnswer(request, response, { status: 204 });
      return;
    }
    throw new Failure(
      'method-not-allowed',
      'method-not-allowed',
      `There is only ${found.allow} at this address.`,
    );
  };
}
