import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { ConfigError } from '../src/config/config.ts';
import { Refused } from './client/api.ts';
import type { AuditOptions } from './client/audit.ts';
import { audit, fileTypeOf, reportList } from './client/audit.ts';
import { bulkLookup } from './client/bulk-lookup.ts';
import type { Shared } from './client/command.ts';
import {
  accessOf,
  askingCommands,
  COULD_NOT_RUN,
  FOUND,
  leaveUnread,
  offlineCommands,
  print,
  printBlock,
  readable,
  shown,
  Usage,
  USAGE,
} from './client/command.ts';
import { addExportCommands } from './client/export-commands.ts';
import { importFile, importReport, typeOf } from './client/import-file.ts';
import type { LookupOptions } from './client/lookup.ts';
import { lookup, lookupReport } from './client/lookup.ts';

/** Programs of their own, which need no registry that runs. */
const OTHERS = ['seed', 'token'] as const;

const program = new Command('pill-press-registry')
  .description(
    'Talks to a registry. REGISTRY_URL says where it is, REGISTRY_TOKEN who asks; both may stand in a file .env.',
  )
  .exitOverride();

const command = askingCommands(program);

command(
  'import <file>',
  'files what a CSV, XLSX or NDJSON file declares',
  'import shipment.xlsx --on-error proceed',
)
  .addOption(
    new Option('--on-error <what>', 'what becomes of good rows beside refused ones')
      .choices(['rollback', 'proceed'])
      .default('rollback'),
  )
  .option('--mapping <json>', 'what headings stand for: {"Werknummer":"serial"}')
  .option('--refused <file>', 'keep the refused rows there, to be mended and sent again')
  .option('--json', 'print what became of it as JSON')
  .action(async (file: string, options: Shared & { onError: string; mapping?: string; refused?: string }) => {
    const type = typeOf(file);
    if (type === null) throw new Usage('The name of the file must end with .csv, .xlsx or .ndjson.');
    const done = await importFile(accessOf(options), readable(file), type, options);
    await print(options, done, importReport(done));
    if (done.status !== 'completed' || done.rowsRefused > 0) process.exitCode = FOUND;
  });

command('lookup <serial>', 'looks one serial up, as it can be read', 'lookup "zp33 2O25-0O4l7" --case C-17')
  .option('--maker <name>', 'of which maker')
  .option('--kind <kind>', 'of which kind')
  .option('--case <reference>', 'for the log')
  .option('--json', 'print the answer as JSON')
  .action(async (serial: string, options: Shared & LookupOptions) => {
    const answer = await lookup(accessOf(options), serial, options);
    await print(options, answer, lookupReport(answer));
    if (answer.verdict !== 'clear') process.exitCode = FOUND;
  });

command(
  'bulk-lookup <file>',
  'looks every line of a file up, a serial or a JSON object each; prints a JSON object a line',
  'bulk-lookup serials.txt --out answers.ndjson',
)
  .option('--out <file>', 'write the answers there, and go on after those it holds')
  .action(async (file: string, options: Shared & { out?: string }) => {
    const { lines, notClear } = await bulkLookup(accessOf(options), readable(file), options);
    process.stderr.write(`${lines} look-ups, ${notClear} of them not clear\n`);
    if (notClear > 0) process.exitCode = FOUND;
  });

command(
  'audit [report]',
  'runs a report over the whole register; without one, lists those there are',
  'audit overdue-arrivals --days 60 --out overdue.html',
)
  .option('--days <count>', 'after how many days something is overdue, or how far back to look', days)
  .option('--regime <code>', 'the regime to hold declarations against')
  .option('--out <file>', 'keep it there: .ndjson (goes on after what it holds), .csv or .html')
  .option('--json', 'print a JSON object a row')
  .action(async (report: string | undefined, options: Shared & AuditOptions) => {
    if (report === undefined) {
      const { reports, text } = await reportList(accessOf(options));
      await print(options, reports, text);
      return;
    }
    if (options.out !== undefined && fileTypeOf(options.out) === null)
      throw new Usage('The name of the file must end with .ndjson, .csv or .html.');
    const rows = await audit(accessOf(options), report, options, (found) =>
      printBlock(found.map((row) => shown(options, row, `${row.code}: ${row.because}`)).join('')),
    );
    if (rows !== null) process.stderr.write(`${rows} rows\n`);
    if (rows !== null && rows > 0 && !report.startsWith('summary-')) process.exitCode = FOUND;
  });

addExportCommands(command, offlineCommands(program));

for (const name of OTHERS) {
  program
    .command(name)
    .description(`the same as \`npm run ${name}\``)
    .allowUnknownOption()
    .allowExcessArguments()
    .helpOption(false)
    .action(async () => {
      process.argv.splice(2, 1);
      await (name === 'seed' ? import('./seed.ts') : import('./token.ts'));
    });
}

function days(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of days.');
  return Number(text);
}

process.stdout.on('error', leaveUnread);
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : USAGE;
  else {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    const isUsage =
      error instanceof Usage ||
      error instanceof ConfigError ||
      (error instanceof Refused && [400, 404, 422].includes(error.status));
    process.exitCode = isUsage ? USAGE : COULD_NOT_RUN;
  }
}
