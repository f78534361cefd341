import type { AddCommand, Shared } from './command.ts';
import { accessOf, FOUND, print, readable } from './command.ts';

/** Adds `export`, which asks a registry, and `verify`, which needs none. */
export function addExportCommands(ask: AddCommand, offline: AddCommand): void {
  ask(
    'export',
    'writes the whole register, or the data of one exporter, to a file or to standard output',
    'export --out register.ndjson',
  )
    .option('--out <file>', 'write it there, and go on where an export into it was cut')
    .option('--org <name>', 'the data of this exporter')
    .option('--json', 'print the manifest as JSON')
    .action(async (options: Shared & { out?: string; org?: string }) => {
      const { exportReport, exportTo } = await import('./export.ts');
      const manifest = await exportTo(accessOf(options), options);
      // Standard output may be where the export itself went.
      if (options.out === undefined) process.stderr.write(`${exportReport(manifest)}\n`);
      else await print(options, manifest, exportReport(manifest));
    });

  offline(
    'verify <file>',
    'checks an export: nothing missing or damaged, every event as its digest says',
    'verify register.ndjson',
  )
    .option('--json', 'print what was found as JSON')
    .action(async (file: string, options: { json?: boolean }) => {
      const { verifyFile, verifyReport } = await import('./verify.ts');
      const result = await verifyFile(readable(file));
      await print(options, result, verifyReport(result));
      if (!result.whole) process.exitCode = FOUND;
    });
}
