import type { Actor } from '../kernel/actor.ts';
import type { Handler, Route } from '../platform/http/index.ts';
import { addressKey, clientAddress, createGate, createPlaces } from '../platform/http/index.ts';
import type { Metrics } from '../platform/metrics/index.ts';

/** Enough at once to share disk syncs and round trips; more would only make all of them slower. */
const REQUESTS = {
  atOnce: 64,
  /** Beside others, so many of one client: with fewer, an exporter that files fast is refused beside one officer. */
  perClient: 16,
  maxExpectedWaitMs: 500,
  maxWaitMs: 1_000,
  maxWaitingOfClient: 1_000,
  maxWaiting: 5_000,
};
/** Each may take up a few megabytes and a minute. */
const BODIES = {
  atOnce: 128,
  perClient: 16,
  maxExpectedWaitMs: Infinity,
  maxWaitMs: 1_000,
  maxWaitingOfClient: 64,
  maxWaiting: 512,
};
/** Each takes up a connection and a few lines; its work waits for its turn among the requests. */
const STREAMS = {
  atOnce: 64,
  perClient: 4,
  maxExpectedWaitMs: Infinity,
  maxWaitMs: 1_500,
  maxWaitingOfClient: 4,
  maxWaiting: 64,
};
const PROBES = {
  atOnce: 32,
  perClient: 16,
  maxExpectedWaitMs: Infinity,
  maxWaitMs: 1_000,
  maxWaitingOfClient: 32,
  maxWaiting: 128,
};

export interface GateOptions {
  readonly routes: readonly Route[];
  readonly metrics: Metrics;
  /** Whose token it is, where that is known without any work. */
  readonly known: (authorization: string | undefined) => Actor | null;
  /** How many proxies in front are trusted to say who asks. */
  readonly trustProxy: number;
}

/** What is let through to the API, with measures of it. */
export function openGate(options: GateOptions): (app: Handler) => Handler {
  const { routes, metrics, known, trustProxy } = options;
  const requests = createPlaces(REQUESTS);
  const refusals = metrics.counter(
    'registry_requests_refused_total',
    'Requests refused because there were too many, by reason',
    ['reason'],
  );
  metrics.gauge('registry_requests_under_way', 'Requests that are worked on', () => requests.underWay);
  metrics.gauge('registry_requests_waiting', 'Requests that wait for their turn', () => requests.waiting);
  return (app) =>
    createGate(
      {
        routes,
        requests,
        bodies: createPlaces(BODIES),
        streams: createPlaces(STREAMS),
        probes: createPlaces(PROBES),
        clientOf(request) {
          const actor = known(request.headers.authorization);
          return actor === null
            ? addressKey(clientAddress(request, trustProxy))
            : JSON.stringify([actor.org, actor.sub]);
        },
        refused: (reason) => refusals.inc({ reason }),
      },
      app,
    );
}
