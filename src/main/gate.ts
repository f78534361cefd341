import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Actor } from '../kernel/actor.ts';
import type { Route } from '../platform/http/index.ts';
import { createGate, createPlaces } from '../platform/http/index.ts';
import type { Metrics } from '../platform/metrics/index.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Enough at once to share disk syncs and round trips; more would only make all of them slower. */
const REQUESTS = {
  atOnce: 64,
  perClient: 16,
  maxExpectedWaitMs: 800,
  maxWaitMs: 1_000,
  maxWaitingOfClient: 1_000,
  maxWaiting: 5_000,
};
/** Each works on 64 lines at a time, so a few of them are all that this process should do beside single requests. */
const STREAMS = {
  atOnce: 4,
  perClient: 2,
  maxExpectedWaitMs: 30_000,
  maxWaitMs: 1_500,
  maxWaitingOfClient: 2,
  maxWaiting: 16,
};

/** What is let through to the API, with measures of it. */
export function openGate(
  routes: readonly Route[],
  metrics: Metrics,
  known: (authorization: string | undefined) => Actor | null,
): (app: Handler) => Handler {
  const places = createPlaces(REQUESTS);
  const streams = createPlaces(STREAMS);
  const refusals = metrics.counter(
    'registry_requests_refused_total',
    'Requests refused because there were too many, by reason',
    ['reason'],
  );
  metrics.gauge('registry_requests_under_way', 'Requests that are worked on', () => places.underWay);
  metrics.gauge('registry_requests_waiting', 'Requests that wait for their turn', () => places.waiting);
  return (app) =>
    createGate(
      {
        routes,
        places,
        streams,
        knownClient({ headers }) {
          const actor = known(headers.authorization);
          return actor === null ? null : JSON.stringify([actor.org, actor.sub]);
        },
        refused: (reason) => refusals.inc({ reason }),
      },
      app,
    );
}
