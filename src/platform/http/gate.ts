import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Places } from './places.ts';
import type { RefusalReason } from './refusals.ts';
import { createRefuser } from './refusals.ts';
import type { Route } from './route.ts';
import { PROBES } from './system-routes.ts';
import { openVisit } from './visit.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface GateParts {
  readonly routes: readonly Route[];
  /** For what is worked on: a request, or a piece of a stream. */
  readonly requests: Places;
  /** For bodies that arrive. */
  readonly bodies: Places;
  /** For long streams, which do their work piece by piece. */
  readonly streams: Places;
  /** For who asks how the process is, and wants to know it most when there is too much to do. */
  readonly probes: Places;
  /** Who sends this, as far as that is known without any work. */
  readonly clientOf: (request: IncomingMessage) => string;
  /** Told of each refusal. */
  readonly refused: (reason: RefusalReason) => void;
}

/**
 * In front of everything else: a request begins when there is a place for it, and is refused otherwise before anything
 * is spent on it - no routing, no token, no body, no log line of its own.
 */
export function createGate(parts: GateParts, handler: Handler): Handler {
  const { clientOf, refused } = parts;
  const placesFor = createChoice(parts);
  const tell = createRefuser();
  return (request, response) => {
    const client = clientOf(request);
    const begin = openVisit(request, { ...parts, client, response });
    const places = placesFor(request);
    const refuse = (reason: RefusalReason): void => {
      refused(reason);
      tell({ request, response, reason });
    };
    const asked = {
      client,
      begin(leave: () => void) {
        begin(leave);
        handler(request, response);
      },
      giveUp: refuse,
    };
    const admittance = places.ask(asked);
    if (admittance === 'waiting') response.once('close', () => places.withdraw(asked));
    else if (admittance !== 'begun') refuse(admittance);
  };
}

function createChoice({
  routes,
  requests,
  streams,
  probes,
}: GateParts): (request: IncomingMessage) => Places {
  const unlimited = routes.filter((route) => route.unlimited === true).map(({ path }) => path);
  const probed = new Set([...PROBES, ...unlimited]);
  const streamed = new Set(
    routes
      .filter(({ untimed }) => untimed === true)
      .map(({ method, path }) => `${method.toUpperCase()} ${path}`),
  );
  return ({ method = '', url = '' }) => {
    const [path = ''] = url.split('?', 1);
    if (probed.has(path)) return probes;
    return streamed.has(`${method} ${path}`) ? streams : requests;
  };
}
