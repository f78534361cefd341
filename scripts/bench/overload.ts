import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { createPrng } from '../generator/prng.ts';
import { node, runBench } from './command.ts';
import { residentBytes } from './child.ts';
import type { Outcome } from './load-shapes.ts';
import { closedLoop, openLoopRaw } from './load-shapes.ts';
import { lookupPath } from './lookup-cases.ts';
import { openSqliteProbe } from './probe.ts';
import type { Product } from './product.ts';
import { freshDataDir, startProduct } from './product.ts';
import { openRawClient, prepared } from './raw-client.ts';
import type { Row } from './report.ts';
import { count, markdown, ms, ranged, say } from './report.ts';
import { percentile, spreadOf } from './statistics.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ITEMS = 100_000;
/** With fewer connections most requests wait for their turn; with more than can wait, most are refused. */
const CROWDS = [600, 2_000];
const CLIENTS = 40;
const PEAK_AT_ONCE = 50;
const TIMES = 5;
const POLITE_PER_SECOND = 50;
const ABUSER_AT_ONCE = 128;
const ROUNDS = 5;
const SAMPLE_EVERY_MS = 5_000;

/** A load at the peak, and what became of one that was a multiple of it. */
interface Round {
  readonly peak: number;
  readonly outcome: Outcome;
}

interface Options {
  readonly seconds: string;
  readonly minutes: string;
  readonly dataDir?: string;
  readonly build: boolean;
}

const command = new Command('bench:overload')
  .description(
    'Asks five times as much of the registry as it can do, and prints what became of it as a table.',
  )
  .option('--seconds <count>', 'how long each load lasts', '15')
  .option('--minutes <count>', 'how long memory is watched under overload; 0: not at all', '10')
  .option('--data-dir <folder>', 'keep the register there, and go on with what it holds')
  .option('--no-build', 'measure what `dist` holds')
  .addHelpText('after', '\nExample:\n  npm run bench:overload -- --seconds 10 --minutes 1')
  .exitOverride();

async function run(options: Options, typed: string): Promise<void> {
  const dataDir = options.dataDir === undefined ? freshDataDir(ROOT) : resolve(options.dataDir);
  try {
    if (options.build) node(ROOT, join('scripts', 'build.mjs'));
    mkdirSync(dataDir, { recursive: true });
    node(dataDir, join(ROOT, 'dist', 'scripts', 'seed.js'), [
      '--items',
      String(ITEMS),
      '--data-dir',
      dataDir,
    ]);
    const openProbe = async () => openSqliteProbe(join(dataDir, 'registry.sqlite'));
    const product = await startProduct({ root: ROOT, dataDir, openProbe, env: {} });
    try {
      const held = await product.probe.countItems();
      console.log(
        markdown(await cases(product, Number(options.seconds), Number(options.minutes)), typed, held),
      );
    } finally {
      await product.stop();
    }
  } finally {
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
  }
}

async function cases(product: Product, seconds: number, minutes: number): Promise<Row[]> {
  const port = Number(new URL(product.url).port);
  const serials = await product.probe.sample(createPrng(7), 5_000);
  const requestsOf = (org: string): Buffer[] => {
    const token = product.token('customs', org);
    return serials.slice(0, 500).map((serial) => prepared(lookupPath(serial), token));
  };
  const many = Array.from({ length: CLIENTS }, (_, no) => requestsOf(`crowd-${no}`)).flat();
  const [polite, abusive] = [requestsOf('polite'), requestsOf('abusive')];
  const pick = (from: readonly Buffer[]) => () => from[Math.floor(Math.random() * from.length)] as Buffer;
  const client = await openRawClient(port, Math.min(...CROWDS));
  try {
    await closedLoop(client, PEAK_AT_ONCE, 5, pick(many));
    const peaks: number[] = [];
    const rows: Row[] = [];
    for (const connections of CROWDS) {
      const crowd = await openRawClient(port, connections);
      const rounds: Round[] = [];
      try {
        for (let round = 0; round < 3; round += 1) {
          const calm = await closedLoop(client, PEAK_AT_ONCE, seconds / 2, pick(many));
          const peak = calm.good.length / calm.seconds;
          const outcome = await openLoopRaw(crowd, TIMES * peak, seconds, pick(many));
          rounds.push({ peak, outcome });
          const good = outcome.good.length / seconds;
          say(
            `${connections} connections: peak ${count(peak)}/s, under ${TIMES} times as much ${count(good)}/s`,
          );
        }
      } finally {
        crowd.close();
      }
      peaks.push(...rounds.map(({ peak }) => peak));
      rows.push(...crowdRows(connections, rounds));
    }
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const alone = await openLoopRaw(client, POLITE_PER_SECOND, seconds / 2, pick(polite));
      const [beside] = await Promise.all([
        openLoopRaw(client, POLITE_PER_SECOND, seconds / 2, pick(polite)),
        closedLoop(client, ABUSER_AT_ONCE, seconds / 2, pick(abusive)),
      ]);
      ratios.push(percentile(beside.good, 95) / percentile(alone.good, 95));
      say(
        `polite client: p95 ${ms(percentile(alone.good, 95))} alone, ${ms(percentile(beside.good, 95))} beside an abusive one`,
      );
    }
    rows.push(politeRow(ratios));
    if (minutes > 0) {
      const load = () => openLoopRaw(client, TIMES * spreadOf(peaks).median, 10, pick(many));
      rows.push(await memoryRow(product, minutes, load));
    }
    return rows;
  } finally {
    client.close();
  }
}

function crowdRows(connections: number, rounds: readonly Round[]): Row[] {
  const peaks = rounds.map(({ peak }) => peak);
  const ratios = spreadOf(
    rounds.map(({ outcome: { good: answered, seconds }, peak }) => answered.length / seconds / peak),
  );
  const refused = rounds.flatMap(({ outcome }) => [...outcome.refused]).sort((a, b) => a - b);
  const good = rounds.flatMap(({ outcome }) => [...outcome.good]).sort((a, b) => a - b);
  const sum = (of: (outcome: Outcome) => number) => rounds.reduce((all, { outcome }) => all + of(outcome), 0);
  const percent = ranged(ratios, (value) => `${Math.round(value * 100)} %`);
  const p = (values: readonly number[], percentOf: number) => ms(percentile(values, percentOf));
  return [
    {
      what: `goodput at ${TIMES} times the peak, ${CLIENTS} clients with ${connections} connections, exact look-ups`,
      measured: `${percent} of the peak of ${ranged(spreadOf(peaks))}/s; ${count(good.length)} answered (p95 ${p(good, 95)}), ${count(refused.length)} refused, ${count(sum(({ unsent }) => unsent))} not sent, ${sum(({ failed }) => failed)} failed`,
      goal: '≥ 80 % of the peak',
      met: ratios.median >= 0.8,
    },
    {
      what: 'there, time until a refusal, from when the request was due',
      measured: `p50 ${p(refused, 50)}, p95 ${p(refused, 95)}, p99 ${p(refused, 99)}`,
      goal: '≤ 50 ms',
      met: percentile(refused, 99) <= 50,
    },
  ];
}

function politeRow(ratios: readonly number[]): Row {
  const spread = spreadOf(ratios);
  return {
    what: `p95 of a client at ${POLITE_PER_SECOND} requests/s beside one that sends over ${ABUSER_AT_ONCE} connections as fast as it can`,
    measured: `${ranged(spread, (value) => `${value.toFixed(1)} times`)} its p95 alone`,
    goal: '≤ 1.2 times',
    met: spread.median <= 1.2,
  };
}

async function memoryRow(product: Product, minutes: number, load: () => Promise<unknown>): Promise<Row> {
  say(`memory under overload for ${minutes} minutes`);
  const samples: number[] = [];
  const until = performance.now() + minutes * 60_000;
  let watching = true;
  const watched = (async () => {
    while (watching) {
      samples.push(residentBytes(product.pid) / 2 ** 20);
      await delay(SAMPLE_EVERY_MS);
    }
  })();
  while (performance.now() < until) await load();
  watching = false;
  await watched;
  // The first third warms up.
  const settled = samples.slice(Math.floor(samples.length / 3));
  const half = Math.floor(settled.length / 2);
  const [early, late] = [spreadOf(settled.slice(0, half)).median, spreadOf(settled.slice(half)).median];
  return {
    what: `memory of the process over ${minutes} minutes at ${TIMES} times the peak`,
    measured: `${count(early)} MiB in the second third, ${count(late)} MiB in the last; most ${count(spreadOf(samples).max)} MiB`,
    goal: 'flat',
    met: late <= early * 1.1,
  };
}

await runBench(command, run);
