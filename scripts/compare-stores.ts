import { Command } from 'commander';
import { loadEnvironment } from '../src/config/config.ts';
import { compareAll } from '../src/main/copying.ts';
import { namedPlace } from './transfer/named-place.ts';
import { FINDINGS, runCommand } from './terminal/shell.ts';
import { comparisonTable, differenceLines, phases } from './transfer/report.ts';

const command = new Command('compare-stores')
  .description(
    'Compares every record of two places and names the first that differ. Nothing is changed; registries may work on.',
  )
  .argument(
    '<one>',
    'a folder with a register or archive, the address of a MongoDB, or env:NAME for the variable that holds it',
  )
  .argument('<other>', 'likewise')
  .option('--json', 'print the result as JSON')
  .addHelpText(
    'after',
    `
Exit code: 0 the two are equal, 1 they differ, 2 wrong usage, 3 could not run.

Example:
  npm run compare-stores -- data backups/2026-11-02`,
  )
  .allowExcessArguments(false)
  .exitOverride();

await runCommand(async () => {
  const [one = '', other = ''] = command.parse().args;
  const { json = false } = command.opts<{ json?: true }>();
  const environment = loadEnvironment();
  const { onPhase, stop } = phases();
  const compared = compareAll(namedPlace(one, environment), namedPlace(other, environment), onPhase);
  const comparison = await compared.finally(stop);
  const verdict = comparison.equal ? 'Both hold the same.' : 'They differ.';
  const text = [comparisonTable(comparison), ...differenceLines(comparison), verdict].join('\n');
  console.log(json ? JSON.stringify(comparison) : text);
  return comparison.equal ? 0 : FINDINGS;
});
