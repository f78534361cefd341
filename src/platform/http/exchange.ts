import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import type { Actor } from '../../kernel/actor.ts';
import type { HeaderList } from './security-headers.ts';
import { visitOf } from './visit.ts';

/** Where the edge writes; pino's loggers fit. */
export interface RequestLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}
/** Told once about every answered request. `route` is the pattern, never the address. */
export interface RequestMetrics {
  observe(method: string, route: string, status: number, seconds: number): void;
}

/** What the edge knows about one request under way. */
export interface Exchange {
  readonly requestId: string;
  readonly startedAt: number;
  readonly signal: AbortSignal;
  route: string;
  actor: Actor | null;
  /** Asked by machines all the time: no line in the log while all is well. */
  isProbe: boolean;
  timer: NodeJS.Timeout | undefined;
  abort(reason: string): void;
}

/** Status that the log gives to a request whose client left before the answer; never sent. */
const CLIENT_LEFT = 499;
const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;
const KEY = 'exchange';

export function exchangeOf(response: Response): Exchange {
  return response.locals[KEY] as Exchange;
}

/** Middleware: request id, security headers, and at the end one measurement and, but for probes, one log line. */
export function createExchanges(log: RequestLog, metrics: RequestMetrics, headers: HeaderList) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const exchange = openExchange(request.get('x-request-id'), visitOf(request).since);
    response.locals[KEY] = exchange;
    response.setHeader('X-Request-Id', exchange.requestId);
    for (const [name, value] of headers) response.setHeader(name, value);
    if (request.app.get('draining') === true) response.setHeader('Connection', 'close');
    response.on('close', () => {
      clearTimeout(exchange.timer);
      if (!response.writableFinished) exchange.abort('the client is gone');
      const { requestId, route, actor, isProbe } = exchange;
      const status = response.writableFinished ? response.statusCode : CLIENT_LEFT;
      const ms = Math.round((performance.now() - exchange.startedAt) * 100) / 100;
      metrics.observe(request.method, route, status, ms / 1000);
      if (isProbe && status < 400) return;
      const who = actor === null ? {} : { sub: actor.sub, org: actor.org, role: actor.role };
      log.info({ requestId, method: request.method, route, status, ms, ...who }, 'request');
    });
    next();
  };
}

function openExchange(givenId: string | undefined, startedAt: number): Exchange {
  const requestId = givenId !== undefined && REQUEST_ID.test(givenId) ? givenId : randomUUID();
  let controller: AbortController | undefined;
  let reason: string | undefined;
  return {
    requestId,
    startedAt,
    route: 'unknown',
    actor: null,
    isProbe: false,
    timer: undefined,
    // Made when somebody asks: most requests are over before anyone could listen.
    get signal() {
      controller ??= new AbortController();
      if (reason !== undefined) controller.abort(new Error(reason));
      return controller.signal;
    },
    abort(why) {
      reason ??= why;
      controller?.abort(new Error(reason));
    },
  };
}
