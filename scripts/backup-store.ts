import { resolve } from 'node:path';
import { Command } from 'commander';
import { loadEnvironment } from '../src/config/config.ts';
import { systemClock } from '../src/main/clock.ts';
import { archiveAll } from '../src/main/copying.ts';
import { configuredPlace } from '../src/main/places.ts';
import { namedPlace } from './transfer/named-place.ts';
import { runCommand } from './terminal/shell.ts';
import { manifestTable, pace, phases } from './transfer/report.ts';

interface Options {
  readonly to: string;
  readonly from?: string;
  readonly json?: true;
}

const command = new Command('backup-store')
  .description(
    [
      'Writes all records of a register into a new folder, those of SQLite as they are at one moment.',
      'The registry may work on meanwhile.',
      'An archive without manifest.json was not completed: run it again.',
    ].join(' '),
  )
  .requiredOption('--to <folder>', 'a new folder')
  .option(
    '--from <place>',
    'a folder, the address of a MongoDB, or env:NAME for the variable that holds it; default: the store that the settings name',
  )
  .option('--json', 'print the result as JSON')
  .addHelpText(
    'after',
    `
Exit code: 0 done, 2 wrong usage, 3 could not run.

Example:
  npm run backup-store -- --to backups/2026-11-02`,
  )
  .allowExcessArguments(false)
  .exitOverride();

await runCommand(async () => {
  const { from, to, json = false } = command.parse().opts<Options>();
  const environment = loadEnvironment();
  const place = from === undefined ? configuredPlace(environment) : namedPlace(from, environment);
  const begun = performance.now();
  const { onPhase, stop } = phases();
  const written = archiveAll(place, resolve(to), { clock: systemClock(), onPhase });
  const manifest = await written.finally(stop);
  const seconds = (performance.now() - begun) / 1_000;
  const text = `${manifestTable(manifest)}\nWrote ${pace(manifest.kinds.items.count, 'items', seconds)}.`;
  console.log(json ? JSON.stringify({ ...manifest, seconds }) : text);
  return 0;
});
