import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Prng } from '../../../scripts/generator/prng.ts';
import { createPrng } from '../../../scripts/generator/prng.ts';
import type { Balancer } from './balancer.ts';
import { startBalancer } from './balancer.ts';
import type { Installation, InstallationOptions } from './installation.ts';
import { startInstallation } from './installation.ts';
import { listenToNoise } from './noise.ts';
import type { Outcome, Part } from './part.ts';
import { startPart } from './part.ts';
import { isFull, SEED, sized } from './scale.ts';
import { report } from './summary.ts';

export interface TrialOptions extends Omit<InstallationOptions, 'folder'> {
  /** How long a client rests between two things, at most. */
  readonly restMs?: number;
  /** The load reaches the processes through a proxy that spreads it. */
  readonly balanced?: boolean;
}

export interface Strike {
  /** For the table. */
  readonly fault: string;
  readonly rounds: Parameters<typeof sized>[0];
  /** Resolves with when it was healed, as `performance.now()` says. */
  readonly strike: (prng: Prng) => Promise<number>;
  /** True where only Redis or workers suffer: look-ups go on then. */
  readonly sparesLookups?: boolean;
}

/**
 * A registry under load that faults strike. In a full run each kind of fault is followed by a comparison of everything
 * that was acknowledged; in a short one they share the comparison at the end.
 */
export interface Trial {
  readonly installation: Installation;
  /** Null unless asked for. */
  readonly balancer: Balancer | null;
  strike(strike: Strike): Promise<void>;
  /** Requests refused up to now because something is out of reach or full. */
  refused(): number;
  /** Compares what has not been compared. */
  conclude(): Promise<void>;
  close(): Promise<void>;
}

const KEPT_IN = process.env['FAULTS_KEEP'];
/** "99.9 % while only Redis or workers die" */
const LEAST_AVAILABILITY = 0.999;
/** What a busy machine may do to single requests; what really hangs does so many times. */
const MOST_HUNG = 0.01;
/** The same of those that came after 2 seconds. */
const MOST_LATE = 0.01;
const RECOVERED_WITHIN_MS = 5_000;
/** So many rounds of a hundred; the worst of many is up to the machine, and is in the table. */
const RECOVERED_PERCENT = 90;
const BACKLOG_WITHIN_MS = 30_000;

export async function openTrial(options: TrialOptions): Promise<Trial> {
  const folder = newFolder();
  chmodSync(folder, 0o755); // a database server runs as a user of its own
  const noise = listenToNoise();
  const installation = await startInstallation({ ...options, folder });
  const { tokenOf } = installation;
  const balancer = options.balanced === true ? await startBalancer(installation.apis) : null;
  const endpoints = balancer === null ? installation.apis : [balancer];
  const prng = createPrng(SEED);
  const { restMs } = options;
  let part: Part | null = null;
  let parts = 0;

  async function started(): Promise<Part> {
    parts += 1;
    const prefix = `P${parts}`;
    const file = join(folder, `${prefix}.ndjson`);
    const rest = restMs === undefined ? {} : { restMs };
    part = startPart({ endpoints, tokenOf, noise, seed: SEED * 100 + parts, prefix, file, ...rest });
    await part.working();
    return part;
  }

  async function concluded(): Promise<Outcome> {
    const outcome = await part!.conclude();
    part?.close();
    part = null;
    return outcome;
  }

  return {
    installation,
    balancer,
    refused: () => part?.refused() ?? 0,
    async strike({ fault, rounds: sizes, strike, sparesLookups }) {
      const present = part ?? (await started());
      const rounds = sized(sizes);
      for (let no = 0; no < rounds; no += 1) await present.round(() => strike(prng), prng);
      if (!isFull) return;
      const outcome = await concluded();
      reportOutcome(fault, options.engine, outcome, sparesLookups === true);
      expectAllKept(outcome);
      if (sparesLookups === true) expect(outcome.availability).to.be.at.least(LEAST_AVAILABILITY);
    },
    async conclude() {
      if (part !== null) expectAllKept(await concluded());
    },
    async close() {
      part?.close();
      await balancer?.close();
      await installation.close();
      noise.close();
      if (KEPT_IN === undefined) rmSync(folder, { recursive: true });
    },
  };
}

/** With FAULTS_KEEP, one that stays: it holds the logs of all processes and the records of what was acknowledged. */
function newFolder(): string {
  return mkdtempSync(join(KEPT_IN ?? tmpdir(), 'registry-trial-'));
}

function reportOutcome(fault: string, engine: string, outcome: Outcome, probed: boolean): void {
  const { comparison, tally, acknowledged, recoveriesMs, backlogMs, availability } = outcome;
  report({
    fault,
    engine,
    rounds: recoveriesMs.length,
    requests: tally.requests,
    acknowledged,
    lost: comparison.lost.length,
    doubled: comparison.doubled.length,
    unlogged: comparison.unlogged.length,
    slowestMs: tally.slowestMs,
    late: tally.late,
    recoveryMs: Math.max(...recoveriesMs),
    backlogMs,
    availability: probed ? availability : null,
  });
}

/** What holds after every fault. */
function expectAllKept({ comparison, tally, surprises, recoveriesMs, backlogMs }: Outcome): void {
  expect(comparison).to.deep.equal({ lost: [], doubled: [], unlogged: [], broken: [] });
  expect(surprises, 'answers that nobody should get').to.deep.equal([]);
  expect(tally.broken, 'promises about answers').to.deep.equal([]);
  expect(tally.hung / tally.requests, 'share of answers that hung').to.be.below(MOST_HUNG);
  expect(tally.late / tally.requests, 'share of answers that came late').to.be.below(MOST_LATE);
  expect(most(recoveriesMs), 'time to recover, ms').to.be.at.most(RECOVERED_WITHIN_MS);
  expect(backlogMs, 'time to check what waited, ms').to.be.at.most(BACKLOG_WITHIN_MS);
}

/** Not exceeded by most of them. */
function most(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(((values.length - 1) * RECOVERED_PERCENT) / 100)] ?? 0;
}
