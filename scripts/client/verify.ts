import { createReadStream, statSync } from 'node:fs';
import type { Manifest } from '../../src/modules/exports/index.ts';
import { createExportCheck, exportLines } from '../../src/modules/exports/index.ts';
import { startProgress } from '../terminal/progress.ts';

export interface Verified {
  /** True when nothing is wrong. */
  readonly whole: boolean;
  readonly manifest?: Manifest;
  /** How many things are wrong, and the first of them. */
  readonly faultCount: number;
  readonly faults: readonly { readonly line: number; readonly fault: string }[];
}

const NAMED = 20;
const PIECE_BYTES = 2 ** 20;
const MEBIBYTE = 2 ** 20;

/** Checks an export line by line, with one line in memory. @throws the system's error when the file can't be read */
export async function verifyFile(file: string): Promise<Verified> {
  const bar = startProgress(Math.ceil(statSync(file).size / MEBIBYTE), 'MiB', 'Checking');
  const check = createExportCheck({ deep: true });
  const faults: { line: number; fault: string }[] = [];
  let faultCount = 0;
  let manifest: Manifest | undefined;
  let line = 0;
  const note = (fault: string): void => {
    faultCount += 1;
    if (faults.length < NAMED) faults.push({ line, fault });
  };
  const source = createReadStream(file, { highWaterMark: PIECE_BYTES });
  try {
    for await (const each of exportLines(source)) {
      const checked = check.take(each);
      ({ line } = checked);
      checked.faults.forEach(note);
      manifest = checked.manifest ?? manifest;
      bar.update(Math.floor(source.bytesRead / MEBIBYTE));
    }
    line += 1;
    check.missing().forEach(note);
  } finally {
    bar.stop();
  }
  return {
    whole: faultCount === 0,
    ...(manifest === undefined ? {} : { manifest }),
    faultCount,
    faults,
  };
}

/** The same for people. */
export function verifyReport({ whole, manifest, faultCount, faults }: Verified): string {
  if (whole && manifest !== undefined) {
    const { declarations, items, events, parts, exporter, at } = manifest;
    const whose = exporter === undefined ? 'the register' : `the data of ${exporter}`;
    return `whole: ${declarations} declarations, ${items} items and ${events} events in ${parts} parts, ${whose} as of ${at}`;
  }
  const more = faultCount - faults.length;
  return [
    ...faults.map(({ line, fault }) => `line ${line}: ${fault}`),
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join('\n');
}
