import { setTimeout as delay } from 'node:timers/promises';
import type { Prng } from '../../../scripts/generator/prng.ts';
import type { DeclarationView, FiledView } from '../../support/app.ts';
import { dieFiling } from '../../support/kits.ts';
import { openAcknowledgements, readAcknowledgements } from './acknowledgements.ts';
import type { Call, Endpoint, Reply } from './caller.ts';
import { createCaller } from './caller.ts';
import type { Comparison } from './comparison.ts';
import { compare } from './comparison.ts';
import { exporter } from './filings.ts';
import { startLoad } from './load.ts';
import type { Noise } from './noise.ts';
import { startProber } from './prober.ts';
import { createReader } from './reading.ts';
import type { Tally } from './tally.ts';
import { createTally } from './tally.ts';
import type { Tokens } from './tokens.ts';

export interface PartOptions {
  /** Whom the load asks. */
  readonly endpoints: readonly Endpoint[];
  readonly tokenOf: Tokens;
  readonly noise: Noise;
  readonly seed: number;
  /** In front of every reference of this part, and of no other's. */
  readonly prefix: string;
  /** Where the record of acknowledgements is kept. */
  readonly file: string;
  readonly restMs?: number;
}

export interface Outcome {
  readonly comparison: Comparison;
  readonly tally: Tally;
  readonly acknowledged: number;
  /** Answers that nobody should get. */
  readonly surprises: readonly string[];
  /** From healing until look-up, filing and checking work, of each round. */
  readonly recoveriesMs: readonly number[];
  /** From the last healing until nothing waited to be checked. */
  readonly backlogMs: number;
  /** The share of look-ups, one every 100 ms, that were answered. */
  readonly availability: number;
}

/** A stretch of load with its own record of what was acknowledged. */
export interface Part {
  /** At a random moment lets `fault` happen, which resolves with when it was healed; waits until everything works. */
  round(fault: () => Promise<number>, prng: Prng): Promise<void>;
  /** Requests refused up to now because something is out of reach or full. */
  refused(): number;
  /** Resolves when a look-up is answered, a filing taken, and that filing checked. */
  working(): Promise<void>;
  /** Ends the load, waits until all is checked, and compares what is there with what was acknowledged. */
  conclude(): Promise<Outcome>;
  close(): void;
}

const SENTINEL = exporter(99);
const STRIKES_WITHIN_MS = 800;
const BACKLOG_WITHIN_MS = 90_000;
/** The relay looks after 10 seconds, and again after 30 where it could not be done. */
const FOLLOWS_WITHIN_MS = 60_000;
const LOOK_AGAIN_MS = 1_000;
/** Between two looks at something that is expected any moment. */
const LOOK_EVERY_MS = 25;

export function startPart(options: PartOptions): Part {
  const { endpoints, tokenOf, noise, seed, prefix, file, restMs } = options;
  const tally = createTally(noise);
  const caller = createCaller(tally);
  const acknowledgements = openAcknowledgements(file, noise.slow);
  const shared = { endpoints, caller, tokenOf, acknowledgements };
  const load = startLoad({ ...shared, seed, prefix, ...(restMs === undefined ? {} : { restMs }) });
  const prober = startProber(shared);
  const reader = createReader(endpoints, caller, tokenOf);
  const recoveriesMs: number[] = [];
  let sentinels = 0;
  let healedAt = performance.now();

  /** Asks one process after the other, over and over, until one gives an answer that `fits`. */
  async function answered<T>(
    call: Omit<Call, 'token'>,
    fits: (status: number, body: T) => boolean,
  ): Promise<T> {
    for (let no = 0; ; no += 1) {
      const endpoint = endpoints[no % endpoints.length];
      if (endpoint === undefined) throw new Error('there is no process to ask');
      const reply: Reply | null = await caller.call(endpoint, { ...call, token: tokenOf(SENTINEL) });
      if (reply !== null && fits(reply.status, reply.body as T)) return reply.body as T;
      await delay(LOOK_EVERY_MS);
    }
  }

  async function working(): Promise<void> {
    sentinels += 1;
    const reference = `${prefix}-SENTINEL-${sentinels}`;
    const call = {
      method: 'POST',
      path: '/v1/declarations',
      json: dieFiling(reference),
      key: reference,
    } as const;
    const lookedUp = prober.nextAnswer();
    const { id, items } = await answered<FiledView>(call, (status) => status === 201);
    const named = items.map(({ itemId, line }) => ({ itemId, line }));
    const filing = {
      what: 'filing',
      org: SENTINEL.org,
      key: reference,
      reference,
      id,
      items: named,
    } as const;
    await acknowledgements.note(filing);
    await answered<DeclarationView>({ method: 'GET', path: `/v1/declarations/${id}` }, (status, body) => {
      return status === 200 && body.status !== 'filed';
    });
    await lookedUp;
  }

  /** What follows from a decision may be rolled forward a while after it; what is missing after that is lost. */
  async function compared(): Promise<Comparison> {
    const until = performance.now() + FOLLOWS_WITHIN_MS;
    for (;;) {
      const comparison = compare(readAcknowledgements(file), await reader.read(`${prefix}-`));
      if (comparison.lost.length === 0 || performance.now() > until) return comparison;
      await delay(LOOK_AGAIN_MS);
    }
  }

  return {
    working,
    refused: () => tally.read().refused,
    async round(fault, prng) {
      await delay(prng.integer(0, STRIKES_WITHIN_MS));
      healedAt = await fault();
      await working();
      recoveriesMs.push(performance.now() - healedAt);
    },
    async conclude() {
      const availability = prober.availability();
      await load.stop();
      await prober.stop();
      await reader.allChecked(BACKLOG_WITHIN_MS);
      const backlogMs = performance.now() - healedAt;
      const comparison = await compared();
      return {
        comparison,
        tally: tally.read(),
        acknowledged: acknowledgements.count(),
        surprises: load.surprises,
        recoveriesMs,
        backlogMs,
        availability,
      };
    },
    close() {
      caller.close();
      acknowledgements.close();
    },
  };
}
