import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { createPrng } from '../../../scripts/generator/prng.ts';
import type { DeclarationView, FiledView } from '../../support/app.ts';
import { removeFolders, temporaryFolder } from '../../support/folders.ts';
import { dieFiling } from '../../support/kits.ts';
import { openAcknowledgements, readAcknowledgements } from './acknowledgements.ts';
import { createCaller } from './caller.ts';
import type { Comparison } from './comparison.ts';
import { compare } from './comparison.ts';
import type { Call } from './caller.ts';
import { exporter } from './filings.ts';
import type { Installation, InstallationOptions } from './installation.ts';
import { startInstallation } from './installation.ts';
import type { Load } from './load.ts';
import { startLoad } from './load.ts';
import { listenToNoise } from './noise.ts';
import { startProber } from './prober.ts';
import { createReader } from './reading.ts';
import { SEED } from './scale.ts';
import { report } from './summary.ts';
import type { Tally } from './tally.ts';
import { createTally } from './tally.ts';

export interface TrialOptions extends Omit<InstallationOptions, 'folder'> {
  /** For the table. */
  readonly fault: string;
  readonly restMs?: number;
}

export interface Result {
  readonly comparison: Comparison;
  readonly tally: Tally;
  /** Answers that nobody should get. */
  readonly surprises: readonly string[];
  /** Of each round, from healing until look-up, filing and checking work. */
  readonly recoveriesMs: readonly number[];
  /** From the last healing until nothing waited to be checked. */
  readonly backlogMs: number;
  readonly availability: number;
}

/** A registry under load, with the record of what it acknowledges and a prober: what faults strike. */
export interface Trial {
  readonly installation: Installation;
  /**
   * At a seeded random moment lets `fault` happen, which answers when it was healed, and waits until everything works.
   * @param withinMs of the round's beginning
   */
  round(fault: () => Promise<number>, withinMs?: number): Promise<void>;
  /** Ends the load, waits until all is checked, and compares what is there with what was acknowledged. */
  conclude(): Promise<Result>;
  close(): Promise<void>;
}

const SENTINEL = exporter(99);
const BACKLOG_WITHIN_MS = 90_000;
/** Between two looks at something that is expected any moment. */
const LOOK_EVERY_MS = 25;

export async function openTrial(options: TrialOptions): Promise<Trial> {
  const folder = temporaryFolder();
  const noise = listenToNoise();
  const tally = createTally(noise);
  const caller = createCaller(tally);
  const acknowledgements = openAcknowledgements(join(folder, 'acknowledged.ndjson'), noise.slow);
  const installation = await startInstallation({ ...options, folder });
  const { apis: endpoints, tokenOf } = installation;
  const prng = createPrng(SEED);
  const shared = { endpoints, caller, tokenOf, acknowledgements };
  const restMs = options.restMs === undefined ? {} : { restMs: options.restMs };
  const load: Load = startLoad({ ...shared, ...restMs, seed: SEED, prefix: 'L' });
  const prober = startProber(shared);
  const reader = createReader(endpoints, caller, tokenOf);
  const recoveriesMs: number[] = [];
  let sentinels = 0;
  let healedAt = performance.now();
  await recovered();

  /** Asks one process after the other, over and over, until one gives an answer that `fits`. */
  async function answered<T>(
    call: Omit<Call, 'token'>,
    fits: (status: number, body: T) => boolean,
  ): Promise<T> {
    for (let no = 0; ; no += 1) {
      const endpoint = endpoints[no % endpoints.length];
      if (endpoint === undefined) throw new Error('there is no process to ask');
      const reply = await caller.call(endpoint, { ...call, token: tokenOf(SENTINEL) });
      if (reply !== null && fits(reply.status, reply.body as T)) return reply.body as T;
      await delay(LOOK_EVERY_MS);
    }
  }

  /** Resolves when a look-up is answered, a filing taken, and that filing checked. */
  async function recovered(): Promise<void> {
    sentinels += 1;
    const reference = `SENTINEL-${sentinels}`;
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

  return {
    installation,
    async round(fault, withinMs = 800) {
      await delay(prng.integer(0, withinMs));
      healedAt = await fault();
      await recovered();
      recoveriesMs.push(performance.now() - healedAt);
    },
    async conclude() {
      const availability = prober.availability();
      await load.stop();
      await prober.stop();
      await reader.allChecked(BACKLOG_WITHIN_MS);
      const backlogMs = performance.now() - healedAt;
      const comparison = compare(readAcknowledgements(acknowledgements.file), await reader.read());
      const counted = tally.read();
      report({
        fault: options.fault,
        engine: options.engine,
        rounds: recoveriesMs.length,
        requests: counted.requests,
        acknowledged: acknowledgements.count(),
        lost: comparison.lost.length,
        doubled: comparison.doubled.length,
        unlogged: comparison.unlogged.length,
        slowestMs: counted.slowestMs,
        recoveryMs: Math.max(...recoveriesMs),
        backlogMs,
        availability,
      });
      return { comparison, tally: counted, surprises: load.surprises, recoveriesMs, backlogMs, availability };
    },
    async close() {
      await installation.close();
      caller.close();
      noise.close();
      acknowledgements.close();
      removeFolders();
    },
  };
}

/** What holds after every fault. */
export function expectAllKept({ comparison, tally, surprises, recoveriesMs, backlogMs }: Result): void {
  expect(comparison).to.deep.equal({ lost: [], doubled: [], unlogged: [], broken: [] });
  expect(surprises, 'answers that nobody should get').to.deep.equal([]);
  expect(tally.broken, 'promises about answers').to.deep.equal([]);
  expect(median(recoveriesMs), 'time to recover, ms').to.be.at.most(5_000);
  expect(backlogMs, 'time to check what waited, ms').to.be.at.most(30_000);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
