import { openAsBlob, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { node, runBench, whole } from './command.ts';
import { residentBytes } from './child.ts';
import type { Format } from './import-files.ts';
import { FORMATS, importFile, MEDIA_TYPES } from './import-files.ts';
import { openSqliteProbe } from './probe.ts';
import type { Product } from './product.ts';
import { freshDataDir, startProduct } from './product.ts';
import type { Row } from './report.ts';
import { count, markdown, say } from './report.ts';
import { bulkInsertFloor } from './sqlite-bulk-floor.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ROWS = 1_000_000;
/** A sheet holds 1,048,576. */
const GOALS: Readonly<Record<Format, number>> = { ndjson: 5_000, csv: 4_000, xlsx: 2_500 };
const GOAL_BYTES = 300_000_000;
const FLOOR_ITEMS = 100_000;
const LOOK_EVERY_MS = 250;

interface Options {
  readonly rows: number;
  readonly build: boolean;
}

interface Seen {
  readonly status: string;
  readonly rowsRead: number;
  readonly rowsAccepted: number;
  readonly problem?: { readonly message: string };
}

const command = new Command('bench:imports')
  .description(
    'Imports a file of each format into a register of its own on SQLite, and prints how fast that was.',
  )
  .option('--rows <count>', 'how many rows each file has', whole, ROWS)
  .option('--no-build', 'measure what `dist` holds')
  .addHelpText('after', '\nExample:\n  npm run bench:imports -- --rows 100000')
  .exitOverride();

async function run({ rows, build }: Options, typed: string): Promise<void> {
  const dataDir = freshDataDir(ROOT);
  try {
    if (build) node(ROOT, join('scripts', 'build.mjs'));
    const registerFile = join(dataDir, 'registry.sqlite');
    const openProbe = async () => openSqliteProbe(registerFile);
    const product = await startProduct({ root: ROOT, dataDir, openProbe, env: {} });
    const table: Row[] = [];
    try {
      // "Durable, verified later"
      await product.hold();
      for (const format of FORMATS) {
        say(`writing a file of ${count(rows)} rows: ${format}`);
        const file = await importFile(dataDir, format, rows);
        table.push(await importCase(product, format, file, rows));
        rmSync(file);
      }
      const floor = bulkInsertFloor(registerFile, dataDir, FLOOR_ITEMS);
      table.push({
        what: `the bare driver's bulk insert of ${count(FLOOR_ITEMS)} items into the same tables`,
        measured: `${count(floor)} items/s`,
        goal: 'to compare with',
        met: true,
      });
    } finally {
      await product.stop();
    }
    console.log(markdown(table, typed, 0));
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function importCase(product: Product, format: Format, file: string, rows: number): Promise<Row> {
  const authorization = product.token('exporter', 'bench-1');
  let most = residentBytes(product.pid);
  const watch = setInterval(() => {
    most = Math.max(most, residentBytes(product.pid));
  }, LOOK_EVERY_MS);
  const begun = performance.now();
  try {
    const headers = { authorization, 'content-type': MEDIA_TYPES[format] };
    const sent = await fetch(`${product.url}/v1/imports`, {
      method: 'POST',
      headers,
      body: await openAsBlob(file),
    });
    if (sent.status !== 202) throw new Error(`the file was answered ${sent.status}: ${await sent.text()}`);
    const kept = (performance.now() - begun) / 1_000;
    const path = sent.headers.get('location') ?? '';
    for (;;) {
      const { status, rowsRead, rowsAccepted, problem } = (await (
        await fetch(`${product.url}${path}`, { headers: { authorization } })
      ).json()) as Seen;
      say(`${format}: ${status}, ${count(rowsRead)} rows read, ${count(rowsAccepted)} filed`);
      if (status === 'completed' && rowsAccepted === rows) break;
      if (problem !== undefined || status === 'completed')
        throw new Error(problem?.message ?? `${rowsAccepted} rows`);
      await delay(1_000);
    }
    const seconds = (performance.now() - begun) / 1_000;
    const goal = GOALS[format];
    return {
      what: `import of ${count(rows)} rows, ${format.toUpperCase()} of ${count(statSync(file).size / 2 ** 20)} MiB, checks held back`,
      measured: `${count(rows / seconds)} items/s from the first byte to the last declaration; kept after ${kept.toFixed(1)} s; ${count(most / 2 ** 20)} MiB at most`,
      goal: `≥ ${count(goal)} items/s; ≤ ${count(GOAL_BYTES / 2 ** 20)} MiB`,
      met: rows / seconds >= goal && most <= GOAL_BYTES,
    };
  } finally {
    clearInterval(watch);
  }
}

await runBench(command, run);
