import { Command } from 'commander';
import { loadEnvironment } from '../src/config/config.ts';
import { archiveAt, configuredPlace } from '../src/main/places.ts';
import { namedPlace } from './transfer/named-place.ts';
import { runCommand } from './terminal/shell.ts';
import { copyAndTell } from './transfer/copy-command.ts';

interface Options {
  readonly from: string;
  readonly to?: string;
  readonly json?: true;
}

const command = new Command('restore-store')
  .description(
    [
      'Copies an archive into a store and compares the two.',
      'The archive is read once before, and refused when a file of it is damaged.',
      'Interrupted or run again, it goes on where it was; what is there already stays.',
    ].join(' '),
  )
  .requiredOption('--from <folder>', 'what backup-store wrote, or env:NAME for the variable that names it')
  .option('--to <place>', 'a new folder or database, likewise; default: the store that the settings name')
  .option('--json', 'print the result as JSON')
  .addHelpText(
    'after',
    `
Exit code: 0 the two are equal, 1 they differ, 2 wrong usage, 3 could not run.

Example:
  npm run restore-store -- --from backups/2026-11-02 --to data-restored`,
  )
  .allowExcessArguments(false)
  .exitOverride();

await runCommand(async () => {
  const { from, to, json = false } = command.parse().opts<Options>();
  const environment = loadEnvironment();
  const archive = archiveAt(namedPlace(from, environment));
  return copyAndTell(
    archive,
    to === undefined ? configuredPlace(environment) : namedPlace(to, environment),
    json,
  );
});
