import { Command } from 'commander';
import { loadEnvironment } from '../src/config/config.ts';
import { namedPlace } from './transfer/named-place.ts';
import { runCommand } from './terminal/shell.ts';
import { copyAndTell } from './transfer/copy-command.ts';

interface Options {
  readonly from: string;
  readonly to: string;
  readonly json?: true;
}

const command = new Command('migrate-store')
  .description(
    [
      'Copies a register into another store and compares the two.',
      'The registry on the old store may go on answering meanwhile.',
      'Interrupted or run again, it goes on where it was; what is there already stays.',
    ].join(' '),
  )
  .requiredOption(
    '--from <place>',
    'a folder, the address of a MongoDB, or env:NAME for the variable that holds it',
  )
  .requiredOption('--to <place>', 'a new folder or database, likewise')
  .option('--json', 'print the result as JSON')
  .addHelpText(
    'after',
    `
Exit code: 0 the two are equal, 1 they differ, 2 wrong usage, 3 could not run.

Example:
  DATABASE_URL=mongodb://… npm run migrate-store -- --from data --to env:DATABASE_URL`,
  )
  .allowExcessArguments(false)
  .exitOverride();

await runCommand(async () => {
  const { from, to, json = false } = command.parse().opts<Options>();
  const environment = loadEnvironment();
  return copyAndTell(namedPlace(from, environment), namedPlace(to, environment), json);
});
