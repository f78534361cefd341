import type { IncomingMessage, ServerResponse } from 'node:http';
import { problem, PROBLEM_TYPE } from './problem.ts';
import type { Places } from './places.ts';
import { addressKey } from './rate-limit.ts';
import type { Route } from './route.ts';
import { PROBES } from './system-routes.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface GateParts {
  readonly routes: readonly Route[];
  readonly places: Places;
  /** For the few long streams, which would hold a place each for minutes. */
  readonly streams: Places;
  /** Who sends this, as far as that is known without any work; null for everybody else. */
  readonly knownClient: (request: IncomingMessage) => string | null;
  /** Told of each refusal. */
  readonly refused: (reason: 'client-busy' | 'overloaded') => void;
}

const STATUS = { 'client-busy': 429, overloaded: 503 } as const;
const DETAIL = {
  'client-busy': 'You have too many requests under way; wait for answers before you send more.',
  overloaded: 'More is asked of the registry than it can do now; try again.',
} as const;
const RETRY_AFTER_SECONDS = '1';
const SHORT_BODY_BYTES = 64 * 1024;
const BODIES = {
  'client-busy': bodyOf('client-busy'),
  overloaded: bodyOf('overloaded'),
} as const;

/**
 * In front of everything else: a request begins when there is a place for it, and is refused otherwise before anything
 * is spent on it - no routing, no token, no body, no log line of its own. Routes without limit are always let through:
 * who asks how the process is wants to know it most when there is too much to do.
 */
export function createGate(parts: GateParts, handler: Handler): Handler {
  const { routes, places, streams, knownClient, refused } = parts;
  const unlimited = routes.filter((route) => route.unlimited === true).map(({ path }) => path);
  const always = new Set([...PROBES, ...unlimited]);
  const streamed = new Set(
    routes
      .filter(({ untimed }) => untimed === true)
      .map(({ method, path }) => `${method.toUpperCase()} ${path}`),
  );
  return (request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    if (always.has(path)) {
      handler(request, response);
      return;
    }
    const pool = streamed.has(`${request.method ?? ''} ${path}`) ? streams : places;
    const asked = {
      client: knownClient(request) ?? addressKey(request.socket.remoteAddress),
      begin(leave: () => void) {
        response.once('close', leave);
        handler(request, response);
      },
      giveUp: () => refuse('overloaded'),
    };
    const refuse = (reason: 'client-busy' | 'overloaded'): void => {
      refused(reason);
      sendRefusal(request, response, reason);
    };
    const admittance = pool.ask(asked);
    if (admittance === 'waiting') response.once('close', () => pool.withdraw(asked));
    else if (admittance !== 'begun') refuse(admittance);
  };
}

function bodyOf(reason: keyof typeof STATUS): Buffer {
  return Buffer.from(JSON.stringify(problem(STATUS[reason], reason, DETAIL[reason])));
}

function sendRefusal(request: IncomingMessage, response: ServerResponse, reason: keyof typeof STATUS): void {
  const body = BODIES[reason];
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  // A small body is passed over; a long one isn't waited for.
  const isShort = encoding === undefined && Number(length) <= SHORT_BODY_BYTES;
  if (isShort) request.resume();
  response.writeHead(STATUS[reason], {
    'Content-Type': PROBLEM_TYPE,
    'Content-Length': body.length,
    'Retry-After': RETRY_AFTER_SECONDS,
    'Cache-Control': 'no-store',
    ...(isShort ? {} : { Connection: 'close' }),
  });
  response.end(body);
}
