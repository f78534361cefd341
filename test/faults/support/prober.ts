import { setTimeout as delay } from 'node:timers/promises';
import type { LookupView } from '../../support/app.ts';
import { OFFICER } from '../../support/declarations.ts';
import type { Acknowledgements } from './acknowledgements.ts';
import type { Caller, Endpoint } from './caller.ts';
import type { Tokens } from './tokens.ts';

const EVERY_MS = 100;

/** Looks something up ten times a second, whatever else goes on, and remembers when there was an answer. */
export interface Prober {
  /** The share of the look-ups that were answered, of those sent from then on. */
  availability(since?: number): number;
  /** Resolves at the first look-up that was sent after this and was answered. */
  nextAnswer(): Promise<void>;
  stop(): Promise<void>;
}

export interface ProberParts {
  readonly endpoints: readonly Endpoint[];
  readonly caller: Caller;
  readonly tokenOf: Tokens;
  readonly acknowledgements: Acknowledgements;
}

export function startProber({ endpoints, caller, tokenOf, acknowledgements }: ProberParts): Prober {
  const probes: { readonly at: number; readonly answered: boolean }[] = [];
  const path = '/v1/lookup?serial=NT-PROBE';
  let waiting: { readonly from: number; readonly resolve: () => void }[] = [];
  let stopped = false;

  async function probe(endpoint: Endpoint): Promise<void> {
    const at = performance.now();
    const reply = await caller.call(endpoint, { method: 'GET', path, token: tokenOf(OFFICER) });
    const answered = reply?.status === 200;
    probes.push({ at, answered });
    if (!answered) return;
    await acknowledgements.note({ what: 'lookup', lookupId: (reply.body as LookupView).lookupId });
    for (const { from, resolve } of waiting) if (from <= at) resolve();
    waiting = waiting.filter(({ from }) => from > at);
  }

  const running = (async () => {
    const sent: Promise<void>[] = [];
    for (let no = 0; !stopped; no += 1) {
      const endpoint = endpoints[no % endpoints.length];
      if (endpoint !== undefined) sent.push(probe(endpoint));
      await delay(EVERY_MS);
    }
    await Promise.all(sent);
  })();
  running.catch(() => undefined);

  return {
    availability(since = 0) {
      const counted = probes.filter(({ at }) => at >= since);
      return counted.filter(({ answered }) => answered).length / Math.max(1, counted.length);
    },
    nextAnswer() {
      return new Promise((resolve) => waiting.push({ from: performance.now(), resolve }));
    },
    async stop() {
      stopped = true;
      await running;
    },
  };
}
