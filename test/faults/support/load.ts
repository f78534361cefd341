import { setTimeout as delay } from 'node:timers/promises';
import type { Prng } from '../../../scripts/generator/prng.ts';
import { createPrng } from '../../../scripts/generator/prng.ts';
import type { Acknowledgements } from './acknowledgements.ts';
import type { Caller, Endpoint, Reply } from './caller.ts';
import type { Client, Stage } from './clients.ts';
import { customsClient, exporterClient, inspectorClient, lookupClient } from './clients.ts';
import { isRefusal } from './tally.ts';
import type { Tokens } from './tokens.ts';

export interface LoadParts {
  readonly endpoints: readonly Endpoint[];
  readonly caller: Caller;
  readonly tokenOf: Tokens;
  readonly acknowledgements: Acknowledgements;
  readonly seed: number;
  /** In front of every reference and serial, so that loads after one another don't meet. */
  readonly prefix: string;
  /** How long a client rests between two things, at most; an exporter ten times as long. */
  readonly restMs?: number;
}

/** Exporters, customs officers and people who look up, each doing one thing after the other. */
export interface Load {
  /** Filings acknowledged up to now. */
  filed(): number;
  /** Answers that nobody should get, in words. */
  readonly surprises: readonly string[];
  /** Begins nothing new; resolves when everything under way has been answered. */
  stop(): Promise<void>;
}

const EXPORTERS = 8;
const CUSTOMS = 3;
const INSPECTORS = 1;
const LOOKERS = 3;
/** With so many filings before customs nothing more is filed: a slow machine is to be tried, not flooded. */
const MOST_AT_BORDER = 30;
/** Between two tries of one request. */
const RETRY_MS = { least: 20, most: 120 };
/** After a load is stopped the registry is whole: what is not answered by then never will be. */
const LAST_ANSWER_WITHIN_MS = 60_000;

export function startLoad(parts: LoadParts): Load {
  const { endpoints, caller, tokenOf, acknowledgements, seed, prefix, restMs = 50 } = parts;
  const surprises: string[] = [];
  let stoppedAt = Infinity;

  const stage: Stage = {
    prefix,
    acknowledgements,
    filed: [],
    atBorder: [],
    surprised({ method, path }, { status, body }) {
      surprises.push(`${method} ${path}: ${status} ${JSON.stringify(body).slice(0, 300)}`);
    },
    async insist(as, call, prng): Promise<Reply> {
      for (;;) {
        const endpoint = endpoints[prng.integer(0, endpoints.length - 1)];
        if (endpoint === undefined) throw new Error('there is no process to ask');
        const reply = await caller.call(endpoint, { ...call, token: tokenOf(as) });
        if (reply !== null && reply.status < 500 && !isRefusal(reply.status)) return reply;
        if (performance.now() - stoppedAt > LAST_ANSWER_WITHIN_MS) {
          throw new Error(`${call.method} ${call.path} is not answered a minute after the last fault`);
        }
        await delay(prng.integer(RETRY_MS.least, RETRY_MS.most));
      }
    },
  };

  // What is filed has to be checked, which is the most work: exporters set the pace, and the border slows them down.
  const exporters = numbered(EXPORTERS).map((who) => exporterClient(stage, who));
  const others = [
    ...numbered(CUSTOMS).map(() => customsClient(stage)),
    ...numbered(INSPECTORS).map(() => inspectorClient(stage)),
    ...numbered(LOOKERS).map(() => lookupClient(stage)),
  ];
  const running = [...exporters, ...others].map((client, index) =>
    run(client, createPrng(seed * 1_000 + index), index < EXPORTERS),
  );
  // Looked at when the load is stopped; until then nobody waits for them.
  for (const each of running) each.catch(() => undefined);

  async function run(client: Client, prng: Prng, files: boolean): Promise<void> {
    const mayGoOn = () => !files || stage.atBorder.length < MOST_AT_BORDER;
    for (let no = 1; stoppedAt === Infinity; no += 1) {
      await client(prng, no);
      do await delay(prng.integer(0, files ? 10 * restMs : restMs));
      while (stoppedAt === Infinity && !mayGoOn());
    }
  }

  return {
    filed: () => stage.filed.length,
    surprises,
    async stop() {
      stoppedAt = performance.now();
      await Promise.all(running);
    },
  };
}

function numbered(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
