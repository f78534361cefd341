import { createReadStream, existsSync } from 'node:fs';
import { open, truncate } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { CheckedUpTo, Manifest } from '../../src/modules/exports/index.ts';
import { createExportCheck, exportLines } from '../../src/modules/exports/index.ts';
import { startCounting } from '../terminal/progress.ts';
import type { Access } from './api.ts';
import { call, FIRST_PAUSE_MS, Refused } from './api.ts';
import { printBlock, Usage } from './command.ts';

export interface ExportOptions {
  /** Takes the export; standard output when left out. */
  readonly out?: string;
  readonly org?: string;
}

/** Where an export goes on: behind parts that are kept. */
interface Kept {
  readonly cursor?: string;
  readonly upTo?: CheckedUpTo;
}

/** Takes whole parts. */
type Keep = (bytes: Buffer) => Promise<void>;

const NEWLINE = Buffer.from('\n');
const PIECE_BYTES = 2 ** 20;
const RECORDS_A_LOOK = 100;

/**
 * Writes an export, a whole part at a time, each once its SHA-256 was found right. What breaks off goes on behind the
 * last part, as often as `tries` says without one more.
 * @returns the manifest
 * @throws Refused; Usage when the file holds something else, or all of an export
 */
export async function exportTo(access: Access, { out, org }: ExportOptions): Promise<Manifest> {
  let kept: Kept = out === undefined ? {} : await keptIn(out);
  const file = out === undefined ? null : await open(out, 'a', 0o600);
  const keep = file === null ? printBlock : async (bytes: Buffer) => void (await file.appendFile(bytes));
  const bar = startCounting('records', 'Exporting');
  try {
    for (let tries = 1; ; tries += 1) {
      const before = kept.cursor;
      try {
        const manifest = await receive(access, org, kept, {
          keep,
          onPart: (now) => (kept = now),
          onRecords: bar.update,
        });
        await file?.sync();
        return manifest;
      } catch (error) {
        if (error instanceof Refused && error.status === 422 && before !== undefined)
          throw new Usage(`What ${out ?? 'was begun'} holds is of other data, or from another registry.`);
        if (!(error instanceof BrokenOff)) throw error;
        if (kept.cursor !== before) tries = 0;
        else if (tries >= access.tries) throw error;
        await delay(FIRST_PAUSE_MS * 2 ** Math.max(0, tries - 1));
      }
    }
  } finally {
    bar.stop();
    await file?.close();
  }
}

/** The export came to an end before its manifest, or what came was damaged on the way. */
class BrokenOff extends Error {}

interface Receiving {
  readonly keep: Keep;
  readonly onPart: (kept: Kept) => void;
  readonly onRecords: (records: number) => void;
}

/** @throws BrokenOff, Refused */
async function receive(
  access: Access,
  org: string | undefined,
  { cursor, upTo }: Kept,
  { keep, onPart, onRecords }: Receiving,
): Promise<Manifest> {
  const query = new URLSearchParams({
    ...(org === undefined ? {} : { org }),
    ...(cursor === undefined ? {} : { cursor }),
  });
  const { body } = await call(access, `/v1/export?${query.toString()}`);
  if (body === null) throw new BrokenOff('The registry sent nothing.');
  const check = createExportCheck({ deep: false, ...(upTo === undefined ? {} : { from: upTo }) });
  let part: Buffer[] = [];
  for await (const each of exportLines(arriving(body))) {
    const { kind, faults, line, ...end } = check.take(each);
    const [fault] = faults;
    if (fault !== undefined) throw new BrokenOff(`The export broke off in line ${line}: ${fault}`);
    part.push(each.bytes ?? NEWLINE, NEWLINE);
    if (check.records() % RECORDS_A_LOOK === 0) onRecords(check.records());
    if (kind !== 'part' && kind !== 'manifest') continue;
    await keep(Buffer.concat(part));
    part = [];
    if (end.manifest !== undefined) return end.manifest;
    onPart({ cursor: end.cursor ?? '', upTo: check.upTo() });
  }
  throw new BrokenOff('The export broke off before its end.');
}

async function* arriving(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* body as unknown as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw new BrokenOff('The connection to the registry broke off.', { cause });
  }
}

/**
 * The whole parts that a file begins with; what is behind them is cut off.
 * @throws Usage when the file is no export, or a complete one
 */
async function keptIn(file: string): Promise<Kept> {
  if (!existsSync(file)) return {};
  const check = createExportCheck({ deep: false });
  let kept: Kept = {};
  let bytes = 0;
  let end = 0;
  for await (const each of exportLines(createReadStream(file, { highWaterMark: PIECE_BYTES }))) {
    const { kind, faults, line, cursor } = check.take(each);
    if (line === 1 && kind === 'unknown') throw new Usage(`The file ${file} is no export.`);
    if (faults.length > 0) break;
    if (kind === 'manifest') throw new Usage(`The file ${file} holds a complete export already.`);
    bytes += (each.bytes?.length ?? 0) + 1;
    if (cursor === undefined) continue;
    end = bytes;
    kept = { cursor, upTo: check.upTo() };
  }
  await truncate(file, end);
  return kept;
}

/** What was exported, in words. */
export function exportReport({ declarations, items, events, parts, sha256 }: Manifest): string {
  return `${declarations} declarations, ${items} items and ${events} events in ${parts} parts\nSHA-256 ${sha256}`;
}
