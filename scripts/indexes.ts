import cliProgress from 'cli-progress';
import { Command, CommanderError } from 'commander';
import { loadEnvironment, readStoreSettings } from '../src/config/config.ts';
import { systemClock } from '../src/main/clock.ts';
import { buildMongoIndexes } from '../src/main/mongo-stores.ts';

const USAGE = 2;
const COULD_NOT_RUN = 3;

const command = new Command('indexes')
  .description(
    'Builds the indexes that the MongoDB of DATABASE_URL lacks, while the registry runs on it. A start refuses without them.',
  )
  .addHelpText(
    'after',
    '\nExample:\n  DATABASE_URL=mongodb://db1,db2,db3/registry?replicaSet=rs0 npm run indexes',
  )
  .allowExcessArguments(false)
  .exitOverride();

async function run(): Promise<void> {
  const { databaseUrl } = readStoreSettings(loadEnvironment());
  if (databaseUrl === undefined) {
    throw new Error('DATABASE_URL is not set: SQLite needs no such step, it makes its indexes at the start.');
  }
  const bar = new cliProgress.SingleBar({ format: '{bar} {value} of {total} indexes, {collection}' });
  let begun = false;
  try {
    const total = await buildMongoIndexes({ url: databaseUrl, clock: systemClock() }, (progress) => {
      if (!begun) bar.start(progress.total, 0, { collection: progress.collection });
      begun = true;
      bar.update(progress.done, { collection: progress.collection });
    });
    bar.stop();
    console.log(`All ${total} indexes are there.`);
  } finally {
    bar.stop();
  }
}

try {
  command.parse();
  await run();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : USAGE;
  } else {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = COULD_NOT_RUN;
  }
}
