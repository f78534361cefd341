import { existsSync, rmSync, statSync } from 'node:fs';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { openSqliteStores } from '../../src/main/stores.ts';
import { createPrng } from '../generator/prng.ts';
import { node, runBench, whole } from './command.ts';
import { residentBytes } from './child.ts';
import { lookupPath } from './lookup-cases.ts';
import { openLoop } from './open-loop.ts';
import type { Serial } from './probe.ts';
import { openSqliteProbe } from './probe.ts';
import type { Product } from './product.ts';
import { freshDataDir, startProduct } from './product.ts';
import type { Row } from './report.ts';
import { count, markdown, ms, say } from './report.ts';
import { scanFloor } from './sqlite-scan-floor.ts';
import { percentile } from './statistics.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ITEMS = 1_000_000;
/** For a million items. */
const GOAL_SECONDS = 60;
const GOAL_BYTES = 300 * 1_000_000;
const GOAL_P95_MS = 300;
const LOOKUPS_PER_SECOND = 100;
const SAMPLE = 20_000;
const LOOK_EVERY_MS = 100;
/** As many as the registry reads at once for an export. */
const SCANNED_AT_ONCE = 100;

interface Options {
  readonly items: number;
  readonly dataDir?: string;
  readonly build: boolean;
}

/** What an export took. */
interface Taken {
  readonly seconds: number;
  readonly bytes: number;
  /** Memory of the server at most. */
  readonly most: number;
}

const command = new Command('bench:exports')
  .description('Exports a whole register on SQLite, alone, beside look-ups and by the command-line client.')
  .option('--items <count>', 'how many items the register has', whole, ITEMS)
  .option('--data-dir <folder>', 'keep the register there, and use the one that it holds')
  .option('--no-build', 'measure what `dist` holds')
  .addHelpText('after', '\nExample:\n  npm run bench:exports -- --items 100000')
  .exitOverride();

async function run({ items, dataDir: kept, build }: Options, typed: string): Promise<void> {
  const dataDir = kept === undefined ? freshDataDir(ROOT) : resolve(kept);
  const file = join(dataDir, 'registry.sqlite');
  const out = join(dataDir, 'export.ndjson');
  try {
    if (build) node(ROOT, join('scripts', 'build.mjs'));
    if (!existsSync(file)) {
      say(`seeding ${count(items)} items`);
      node(ROOT, join('dist', 'scripts', 'seed.js'), ['--items', String(items), '--data-dir', dataDir]);
    }
    const floor = scanFloor(file);
    const scan = await engineScan(file);
    const probe = openSqliteProbe(file);
    const there = await probe.countItems();
    await probe.close();
    const table: Row[] = [
      compared('the bare driver reads every item, event and declaration', `${floor.toFixed(1)} s`),
      compared('the store reads every item with its events', `${scan.toFixed(1)} s`),
    ];
    const product = await startProduct({
      root: ROOT,
      dataDir,
      env: {},
      openProbe: async () => openSqliteProbe(file),
    });
    try {
      table.push(alone(await exported(product), scan, there), await besideLookups(product));
      table.push(...byClient(product, out));
    } finally {
      await product.stop();
    }
    console.log(markdown(table, typed, there));
  } finally {
    rmSync(out, { force: true });
    if (kept === undefined) rmSync(dataDir, { recursive: true, force: true });
  }
}

async function engineScan(file: string): Promise<number> {
  const stores = openSqliteStores(file, 'none');
  const begun = performance.now();
  let position: string | null = null;
  do ({ next: position } = await stores.register.scan(position, SCANNED_AT_ONCE));
  while (position !== null);
  const seconds = (performance.now() - begun) / 1_000;
  await stores.close();
  return seconds;
}

/** A whole export, whose bytes are counted and thrown away. */
async function exported(product: Product): Promise<Taken> {
  let most = residentBytes(product.pid);
  const watch = setInterval(() => {
    most = Math.max(most, residentBytes(product.pid));
  }, LOOK_EVERY_MS);
  const begun = performance.now();
  try {
    const headers = { authorization: product.token('regulator', 'bench-export') };
    const response = await new Promise<IncomingMessage>((answered, failed) => {
      get(`${product.url}/v1/export`, { headers }, answered).on('error', failed);
    });
    if (response.statusCode !== 200) throw new Error(`the export was answered ${response.statusCode ?? 0}`);
    let bytes = 0;
    let last = '';
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      last = (last + chunk.subarray(-2_000).toString('latin1')).slice(-2_000);
    }
    if (!/\{"manifest":\{.+\}\}\n$/.test(last)) throw new Error('the export did not come to its end');
    return { seconds: (performance.now() - begun) / 1_000, bytes, most };
  } finally {
    clearInterval(watch);
  }
}

function alone({ seconds, bytes, most }: Taken, scan: number, items: number): Row {
  const goal = (GOAL_SECONDS * items) / 1_000_000;
  return {
    what: `export of ${count(items)} items over HTTP`,
    measured: `${seconds.toFixed(1)} s, ${(seconds / scan).toFixed(1)} × the store’s reading; ${count(bytes / 1e6)} MB, ${count(bytes / 1e6 / seconds)} MB/s; ${count(most / 1e6)} MB of memory at most`,
    goal: `≤ ${goal.toFixed(0)} s; ≤ ${GOAL_BYTES / 1e6} MB`,
    met: seconds <= goal && most <= GOAL_BYTES,
  };
}

/** Look-ups at a fixed rate for as long as an export takes. */
async function besideLookups(product: Product): Promise<Row> {
  const prng = createPrng(Date.now());
  const serials = (await product.probe.sample(prng, SAMPLE)) as [Serial, ...Serial[]];
  const latencies: number[] = [];
  let failures = 0;
  let isRunning = true;
  const taking = exported(product).finally(() => (isRunning = false));
  while (isRunning) {
    const some = await openLoop({
      perSecond: LOOKUPS_PER_SECOND,
      seconds: 1,
      random: prng.next,
      next: () => ({ url: product.url + lookupPath(prng.pick(serials)) }),
      headers: { authorization: product.token('customs', 'bench-customs') },
    });
    latencies.push(...some.latenciesMs);
    failures += some.failures;
  }
  const { seconds, most } = await taking;
  latencies.sort((one, other) => one - other);
  const [p50, p95, p99] = [50, 95, 99].map((percent) => ms(percentile(latencies, percent)));
  return {
    what: `exact look-up at ${LOOKUPS_PER_SECOND} requests/s while the register is exported`,
    measured: `p50 ${p50}, p95 ${p95}, p99 ${p99}; ${count(latencies.length)} answers, ${failures} failures; the export took ${seconds.toFixed(1)} s, ${count(most / 1e6)} MB of memory at most`,
    goal: `p95 ≤ ${GOAL_P95_MS} ms`,
    met: failures === 0 && percentile(latencies, 95) <= GOAL_P95_MS,
  };
}

/** `export` to a file and `verify`, each in a process of its own. */
function byClient(product: Product, out: string): Row[] {
  const token = product.token('regulator', 'bench-export').replace('Bearer ', '');
  const env = { REGISTRY_URL: product.url, REGISTRY_TOKEN: token };
  const timed = (...args: string[]): string => {
    const begun = performance.now();
    node(ROOT, join('dist', 'scripts', 'pill-press-registry.js'), args, env);
    return `${((performance.now() - begun) / 1_000).toFixed(1)} s`;
  };
  const taken = timed('export', '--out', out);
  const size = count(statSync(out).size / 1e6);
  return [
    compared(`\`export --out\` by the command-line client, ${size} MB`, taken),
    compared('`verify` of that file, every event against its digest', timed('verify', out)),
  ];
}

function compared(what: string, measured: string): Row {
  return { what, measured, goal: 'to compare with', met: true };
}

await runBench(command, run);
