import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { loadEnvironment, readConfig } from '../src/config/config.ts';
import { systemClock } from '../src/main/clock.ts';
import { lockDataDirectory } from '../src/platform/sqlite/index.ts';
import { startProgress } from './terminal/progress.ts';
import { seedInThreads } from './seeding/seed-in-threads.ts';

interface Options {
  readonly items: number;
  readonly seed: number;
  readonly threads: number;
  readonly dataDir?: string;
}

const USAGE = 2;
const COULD_NOT_RUN = 3;
/** Only one can write at a time: more would wait for each other. */
const MAX_THREADS = 3;

const whole = (text: string) => {
  if (!/^\d{1,9}$/.test(text))
    throw new InvalidArgumentError('It must be a whole number below 1,000,000,000.');
  return Number(text);
};
const atLeastOne = (text: string) => Math.max(1, whole(text));
const command = new Command('seed')
  .description(
    'Fills the register in DATA_DIR with realistic synthetic data. The server must not run meanwhile.',
  )
  .option('--items <count>', 'how many items to declare, at least', whole, 100_000)
  .option('--seed <number>', 'the same number gives the same data', whole, 1)
  .option(
    '--threads <count>',
    'how many work at it',
    atLeastOne,
    Math.min(availableParallelism(), MAX_THREADS),
  )
  .option('--data-dir <folder>', 'instead of DATA_DIR')
  .allowExcessArguments(false)
  .addHelpText('after', '\nExample:\n  npx pill-press-registry seed --items 100000 --data-dir data')
  .exitOverride();

async function run({ items, seed, threads, dataDir }: Options): Promise<void> {
  const environment = loadEnvironment();
  const config = readConfig(dataDir === undefined ? environment : { ...environment, DATA_DIR: dataDir });
  const { catalogueDir, watchlistFile } = config;
  const lock = lockDataDirectory(config.dataDir);
  const bar = startProgress(items);
  try {
    const place = { storeFile: join(config.dataDir, 'registry.sqlite'), catalogueDir, watchlistFile };
    const begun = performance.now();
    const report = await seedInThreads(place, {
      seed,
      items,
      threads,
      now: systemClock().now(),
      onProgress: bar.update,
    });
    bar.stop();
    const seconds = (performance.now() - begun) / 1_000;
    const fresh = report.declarations - report.known;
    const changed = fresh === 0 ? 'all were there before, nothing changed' : `${fresh} of them new`;
    console.log(`${report.declarations} declarations, ${changed}; took ${seconds.toFixed(1)} s.`);
    console.log(`${report.itemsNow} items are in the register now.`);
  } finally {
    bar.stop();
    lock.release();
  }
}

try {
  await run(command.parse().opts<Options>());
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : USAGE;
  } else {
    console.error(`Nothing more was seeded: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = COULD_NOT_RUN;
  }
}
