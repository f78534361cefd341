import { Command } from 'commander';
import { loadEnvironment } from '../src/config/config.ts';
import { placeOf } from '../src/main/places.ts';
import { runCommand } from './terminal/shell.ts';
import { copyAndTell } from './transfer/copy-command.ts';

interface Options {
  readonly from: string;
  readonly to: string;
  readonly json?: true;
}

const command = new Command('migrate-store')
  .description(
    `Copies a register into another store and compares the two. The registry on the old store may go on answering
meanwhile. Interrupted or run again, it goes on where it was; what is there already stays.`,
  )
  .requiredOption(
    '--from <place>',
    'a folder with a register or archive, or env:NAME for what a variable names',
  )
  .requiredOption('--to <place>', 'a new folder, or env:NAME')
  .option('--json', 'print the result as JSON')
  .addHelpText(
    'after',
    `
Exit code: 0 the two are equal, 1 they differ, 2 wrong usage, 3 could not run.

Example:
  npm run migrate-store -- --from data --to data-new`,
  )
  .allowExcessArguments(false)
  .exitOverride();

await runCommand(async () => {
  const { from, to, json = false } = command.parse().opts<Options>();
  const environment = loadEnvironment();
  return copyAndTell(placeOf(from, environment), placeOf(to, environment), json);
});
