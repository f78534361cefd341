import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import { REPORTS } from '../../src/modules/audit/index.ts';
import { createPrng } from '../generator/prng.ts';
import { node, runBench, whole } from './command.ts';
import { residentBytes } from './child.ts';
import { lookupPath } from './lookup-cases.ts';
import { fillLookups } from './lookup-log.ts';
import { openLoop } from './open-loop.ts';
import { openSqliteProbe } from './probe.ts';
import type { Product } from './product.ts';
import { freshDataDir, startProduct } from './product.ts';
import type { Row } from './report.ts';
import { count, markdown, ms, say } from './report.ts';
import { scanFloor } from './sqlite-scan-floor.ts';
import { percentile, spreadOf } from './statistics.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ITEMS = 1_000_000;
/** The register that growth is measured from is so much smaller. */
const SMALLER = 10;
const GOAL_SECONDS = 30;
const GOAL_BYTES = 300 * 1_000_000;
const GOAL_GROWTH = 11;
const GOAL_P95_MS = 300;
const LOOKUPS_PER_SECOND = 100;
const SAMPLE = 20_000;
/** How often each report runs, of which the median counts. */
const ROUNDS = { small: 3, large: 1 };
const LOOK_EVERY_MS = 100;

interface Options {
  readonly items: number;
  readonly dataDir?: string;
  readonly only?: string;
  readonly build: boolean;
}

const command = new Command('bench:audits')
  .description(
    'Runs every report over a register on SQLite and over one a tenth its size, alone and beside look-ups.',
  )
  .option('--items <count>', 'how many items the larger register has', whole, ITEMS)
  .option('--data-dir <folder>', 'keep the two registers there, and use those it holds')
  .addOption(new Option('--only <report>', 'leave the others out').choices(REPORTS.map(({ name }) => name)))
  .option('--no-build', 'measure what `dist` holds')
  .addHelpText('after', '\nExample:\n  npm run bench:audits -- --items 200000')
  .exitOverride();

/** What one run of a report took. */
interface Taken {
  readonly seconds: number;
  readonly rows: number;
  readonly most: number;
}

async function run({ items, dataDir: kept, only, build }: Options, typed: string): Promise<void> {
  const names = REPORTS.map(({ name }) => name).filter((name) => (only ?? name) === name);
  const folder = kept === undefined ? freshDataDir(ROOT) : resolve(kept);
  try {
    if (build) node(ROOT, join('scripts', 'build.mjs'));
    const small = await overRegister(folder, Math.ceil(items / SMALLER), (product) =>
      eachReport(product, names, ROUNDS.small),
    );
    const table: Row[] = [];
    await overRegister(folder, items, async (product, file) => {
      const floor = scanFloor(file);
      table.push({
        what: 'the bare driver reads every item, event and declaration',
        measured: `${floor.toFixed(1)} s`,
        goal: 'to compare with',
        met: true,
      });
      const large = await eachReport(product, names, ROUNDS.large);
      for (const name of names) {
        table.push(row(name, small.get(name), large.get(name), floor));
      }
      table.push(await besideReports(product, names));
    });
    console.log(markdown(table, typed, items));
  } finally {
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** Over a register of so many items, which is seeded where it isn't there, and as many look-ups. */
async function overRegister<T>(
  folder: string,
  items: number,
  measure: (product: Product, file: string) => Promise<T>,
): Promise<T> {
  const dataDir = join(folder, String(items));
  const file = join(dataDir, 'registry.sqlite');
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true });
    say(`seeding ${count(items)} items`);
    node(ROOT, join('dist', 'scripts', 'seed.js'), ['--items', String(items), '--data-dir', dataDir]);
  }
  fillLookups(file, items);
  const product = await startProduct({
    root: ROOT,
    dataDir,
    env: {},
    openProbe: async () => openSqliteProbe(file),
  });
  try {
    return await measure(product, file);
  } finally {
    await product.stop();
  }
}

async function eachReport(
  product: Product,
  names: readonly string[],
  rounds: number,
): Promise<Map<string, Taken>> {
  const found = new Map<string, Taken>();
  for (const name of names) {
    const runs: Taken[] = [];
    for (let round = 0; round < rounds; round += 1) runs.push(await oneReport(product, name));
    const seconds = spreadOf(runs.map((each) => each.seconds)).median;
    const most = Math.max(...runs.map((each) => each.most));
    say(`${name}: ${seconds.toFixed(2)} s, ${count(most / 1e6)} MB`);
    found.set(name, { seconds, rows: runs[0]?.rows ?? 0, most });
  }
  return found;
}

async function oneReport(product: Product, name: string): Promise<Taken> {
  let most = residentBytes(product.pid);
  const watch = setInterval(() => {
    most = Math.max(most, residentBytes(product.pid));
  }, LOOK_EVERY_MS);
  const begun = performance.now();
  try {
    const headers = { authorization: product.token('regulator', 'bench-audit') };
    const answer = await fetch(`${product.url}/v1/audit/${name}`, { headers });
    if (answer.body === null || answer.status !== 200)
      throw new Error(`${name} was answered ${answer.status}`);
    let lines = 0;
    let tail = '';
    for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
      lines += text.split('\n').length - 1;
      tail = (tail + text).slice(-200);
    }
    if (!/\{"end":\{"rows":\d+\}\}\n$/.test(tail)) throw new Error(`${name} did not come to its end`);
    return { seconds: (performance.now() - begun) / 1_000, rows: lines - 1, most };
  } finally {
    clearInterval(watch);
  }
}

function row(name: string, small: Taken | undefined, large: Taken | undefined, floor: number): Row {
  if (small === undefined || large === undefined) throw new Error(`${name} was not measured`);
  const growth = large.seconds / small.seconds;
  return {
    what: `report ${name}`,
    measured: `${large.seconds.toFixed(1)} s, ${(large.seconds / floor).toFixed(1)} × the bare scan; ${growth.toFixed(1)} × a register a tenth its size; ${count(large.rows)} rows; ${count(large.most / 1e6)} MB at most`,
    goal: `≤ ${GOAL_SECONDS} s, ≤ ${GOAL_GROWTH} ×, ≤ ${GOAL_BYTES / 1e6} MB`,
    met: large.seconds <= GOAL_SECONDS && growth <= GOAL_GROWTH && large.most <= GOAL_BYTES,
  };
}

/** Look-ups at a fixed rate while every report runs, one after the other. */
async function besideReports(product: Product, names: readonly string[]): Promise<Row> {
  const prng = createPrng(Date.now());
  const serials = await product.probe.sample(prng, SAMPLE);
  const headers = { authorization: product.token('customs', 'bench-customs') };
  let worst = { name: '', p95: 0 };
  let answers = 0;
  let failures = 0;
  for (const name of names) {
    let running = true;
    const report = (async () => {
      const taken = await oneReport(product, name);
      running = false;
      return taken;
    })();
    const latencies: number[] = [];
    while (running) {
      const some = await openLoop({
        perSecond: LOOKUPS_PER_SECOND,
        seconds: 1,
        random: prng.next,
        next: () => ({
          url: product.url + lookupPath(prng.pick(serials as [(typeof serials)[0], ...typeof serials])),
        }),
        headers,
      });
      latencies.push(...some.latenciesMs);
      failures += some.failures;
    }
    await report;
    answers += latencies.length;
    const p95 = percentile(
      latencies.toSorted((one, other) => one - other),
      95,
    );
    say(`${name}: look-ups beside it p95 ${ms(p95)}`);
    if (p95 > worst.p95) worst = { name, p95 };
  }
  return {
    what: `exact look-up at ${LOOKUPS_PER_SECOND} requests/s while each report runs`,
    measured: `p95 ${ms(worst.p95)} beside the slowest neighbour (${worst.name}); ${count(answers)} answers, ${failures} failures`,
    goal: `p95 ≤ ${GOAL_P95_MS} ms`,
    met: worst.p95 <= GOAL_P95_MS && failures === 0,
  };
}

await runBench(command, run);
