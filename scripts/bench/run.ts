import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import { createPrng } from '../generator/prng.ts';
import { besideReader } from './beside-reader.ts';
import { bulkLookupCases } from './bulk-lookup-cases.ts';
import { node, runBench, whole } from './command.ts';
import { filingCases } from './filing-cases.ts';
import { lookupCases } from './lookup-cases.ts';
import { mongoPlace } from './mongo-place.ts';
import { openSqliteProbe } from './probe.ts';
import type { Place } from './product.ts';
import { freshDataDir, startProduct } from './product.ts';
import type { Row } from './report.ts';
import { count, markdown, say } from './report.ts';
import { bulkLookupFloor } from './sqlite-lookup-floor.ts';

interface Options {
  readonly items?: number;
  readonly quick: boolean;
  readonly dataDir?: string;
  readonly profile?: string;
  readonly build: boolean;
  readonly engine: 'sqlite' | 'mongo';
  readonly only?: 'lookup' | 'bulk' | 'filing' | 'reader';
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FULL = {
  rounds: 7,
  roundSeconds: 8,
  openLoopSeconds: 60,
  declarations: 100,
  more: 50,
  serials: 100_000,
  calls: 3,
};
const QUICK = {
  rounds: 3,
  roundSeconds: 2,
  openLoopSeconds: 5,
  declarations: 8,
  more: 4,
  serials: 10_000,
  calls: 2,
};
const ITEMS = 1_000_000;
const QUICK_ITEMS = 10_000;
const MONGO_ITEMS = 100_000;

const command = new Command('bench')
  .description('Measures the registry against its goals and prints a table. Progress goes to standard error.')
  .option(
    '--items <count>',
    `how many items the register holds before the first case; by default ${count(ITEMS)}`,
    whole,
  )
  .option(
    '--quick',
    `seconds instead of minutes, by default over ${count(QUICK_ITEMS)} items: to try, not to quote`,
    false,
  )
  .option('--data-dir <folder>', 'keep the register there, and go on with what it holds')
  .option('--profile <folder>', 'keep a processor profile of the server there, which slows it a little')
  .addOption(
    new Option(
      '--engine <name>',
      `mongo: a fresh database on the server of DATABASE_URL, by default with ${count(MONGO_ITEMS)} items`,
    )
      .choices(['sqlite', 'mongo'])
      .default('sqlite'),
  )
  .addOption(
    new Option('--only <cases>', 'leave the other cases out').choices(['lookup', 'bulk', 'filing', 'reader']),
  )
  .option('--no-build', 'measure what `dist` holds')
  .allowExcessArguments(false)
  .exitOverride();

async function run(options: Options, typed: string): Promise<void> {
  const { quick, dataDir: kept, profile, engine } = options;
  const items = options.items ?? (quick ? QUICK_ITEMS : engine === 'mongo' ? MONGO_ITEMS : ITEMS);
  const sizes = quick ? QUICK : FULL;
  const dataDir = kept === undefined ? freshDataDir(ROOT) : resolve(kept);
  try {
    if (options.build) node(ROOT, join('scripts', 'build.mjs'));
    mkdirSync(dataDir, { recursive: true });
    const place = await (engine === 'mongo' ? mongoPlace(items) : sqlitePlace(items, dataDir));
    try {
      const product = await startProduct({
        root: ROOT,
        dataDir,
        ...place,
        ...(profile === undefined ? {} : { profileDir: resolve(profile) }),
      });
      const rows: Row[] = [];
      let held: number;
      try {
        held = await product.probe.countItems();
        const prng = createPrng(Date.now());
        const isAsked = (cases: Options['only']) => (options.only ?? cases) === cases;
        if (isAsked('lookup'))
          rows.push(...(await lookupCases(product, { ...sizes, root: ROOT, dataDir, prng })));
        if (isAsked('bulk')) {
          const { lookupFloor } = place;
          rows.push(
            ...(await bulkLookupCases(product, {
              ...sizes,
              prng,
              ...(lookupFloor === undefined ? {} : { lookupFloor }),
            })),
          );
        }
        if (isAsked('filing'))
          rows.push(
            ...(await filingCases(product, {
              ...sizes,
              prng,
              ...(place.floor === undefined ? {} : { floor: place.floor }),
            })),
          );
        // Last, because its checks may go on for a while.
        if (engine === 'sqlite' && isAsked('reader'))
          rows.push(await besideReader(product, { ...sizes, root: ROOT, dataDir, prng }));
      } finally {
        await product.stop();
      }
      console.log(markdown(rows, typed, held));
    } finally {
      await place.clean();
    }
  } finally {
    if (kept === undefined) rmSync(dataDir, { recursive: true, force: true });
  }
}

async function sqlitePlace(items: number, dataDir: string): Promise<Place> {
  say(`a register of ${count(items)} items in ${dataDir}`);
  node(dataDir, join(ROOT, 'dist', 'scripts', 'seed.js'), ['--items', String(items), '--data-dir', dataDir]);
  const registerFile = join(dataDir, 'registry.sqlite');
  return {
    openProbe: async () => openSqliteProbe(registerFile),
    env: {},
    lookupFloor: async (serials) => bulkLookupFloor(registerFile, dataDir, serials),
    clean: () => Promise.resolve(),
  };
}

await runBench(command, run);
