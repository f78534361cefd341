import { createReadStream, createWriteStream, existsSync, renameSync, truncateSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as delay } from 'node:timers/promises';
import { startProgress } from '../terminal/progress.ts';
import type { Access } from './api.ts';
import { ask, call, Refused } from './api.ts';

export interface AuditOptions {
  readonly out?: string;
  readonly days?: number;
  readonly regime?: string;
}

/** A line of a report. */
interface Line {
  readonly code?: string;
  readonly because?: string;
  readonly cursor?: string;
  readonly progress?: { readonly read: number; readonly of: number };
  readonly end?: object;
}

export interface Row extends Line {
  readonly code: string;
  readonly because: string;
}

const NDJSON = 'application/x-ndjson';
/** A report in one of these is written whole or not at all. */
const WHOLE_TYPES = { csv: 'text/csv', html: 'text/html' } as const;
const HEAD_LINES = 1;
const PAUSE_MS = 1_000;
const LINE_END = 10;

/** What ends the name of a file for a report, or null when it is none of these. */
export function fileTypeOf(file: string): 'ndjson' | 'csv' | 'html' | null {
  const [, type] = /\.(ndjson|csv|html)$/.exec(file) ?? [];
  return (type as 'ndjson' | 'csv' | 'html' | undefined) ?? null;
}

/** The reports there are, as a text. @throws Refused */
export async function reportList(access: Access): Promise<{ reports: object[]; text: string }> {
  const { reports } = await ask<{ reports: { name: string; title: string; heeds: string[] }[] }>(
    access,
    '/v1/audit',
  );
  const width = Math.max(0, ...reports.map(({ name }) => name.length));
  const lines = reports.map(({ name, title, heeds }) => {
    const told = heeds.map((each) => ` --${each}`).join('');
    return `${name.padEnd(width)}  ${title}${told === '' ? '' : ` (${told.trim()})`}`;
  });
  return { reports, text: lines.join('\n') };
}

/**
 * Runs a report and hands each row to `onRow`, or keeps it in a file: of NDJSON what is there already is gone on after,
 * also when the connection breaks.
 * @returns how many rows there are; null for a page, which is for people to read
 * @throws Refused
 */
export async function audit(
  access: Access,
  report: string,
  { out, days, regime }: AuditOptions,
  onRow: (row: Row) => void,
): Promise<number | null> {
  const type = out === undefined ? 'ndjson' : fileTypeOf(out);
  const query = new URLSearchParams({
    ...(days === undefined ? {} : { days: String(days) }),
    ...(regime === undefined ? {} : { regime }),
  });
  const path = `/v1/audit/${encodeURIComponent(report)}`;
  if (out !== undefined && type !== 'ndjson' && type !== null) {
    const lines = await wholeFile(access, `${path}?${query.toString()}`, out, WHOLE_TYPES[type]);
    return type === 'csv' ? lines - HEAD_LINES : null;
  }
  const before = out === undefined || !existsSync(out) ? NOTHING : await keptIn(out);
  if (before.isWhole) return before.rows;
  if (out !== undefined && existsSync(out)) truncateSync(out, before.bytes);
  const file = out === undefined ? null : await open(out, 'a');
  try {
    return await rowByRow(access, path, query, before, file, onRow);
  } finally {
    await file?.close();
  }
}

/** What a file holds of a report. */
interface Kept {
  readonly rows: number;
  /** Of the last whole row. */
  readonly cursor?: string;
  /** As long as its whole lines are. */
  readonly bytes: number;
  readonly isWhole: boolean;
}
const NOTHING: Kept = { rows: 0, bytes: 0, isWhole: false };

/** A last line that was cut counts for nothing. */
async function keptIn(file: string): Promise<Kept> {
  let kept: Kept = NOTHING;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const line = parsed(text);
    if (line === null) break;
    const bytes = kept.bytes + Buffer.byteLength(text) + 1;
    if (line.end !== undefined) return { ...kept, bytes, isWhole: true };
    if (line.cursor === undefined) break;
    kept = { rows: kept.rows + 1, cursor: line.cursor, bytes, isWhole: false };
  }
  return kept;
}

function parsed(text: string): Line | null {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return null;
  }
}

async function rowByRow(
  access: Access,
  path: string,
  query: URLSearchParams,
  before: Kept,
  file: FileHandle | null,
  onRow: (row: Row) => void,
): Promise<number> {
  let { rows, cursor } = before;
  let bar: ReturnType<typeof startProgress> | null = null;
  query.set('progress', 'true');
  try {
    for (let tries = 1; ; tries += 1) {
      if (cursor !== undefined) query.set('cursor', cursor);
      const response = await call(access, `${path}?${query.toString()}`, { accept: NDJSON });
      try {
        for await (const text of linesOf(response)) {
          const line = JSON.parse(text) as Line;
          if (line.progress !== undefined) {
            bar ??= startProgress(line.progress.of, 'records');
            bar.update(line.progress.read);
            continue;
          }
          await file?.write(`${text}\n`);
          if (line.end !== undefined) return rows;
          rows += 1;
          cursor = line.cursor;
          tries = 1;
          if (file === null) onRow(line as Row);
        }
        throw new Refused(0, 'The report ended early.');
      } catch (error) {
        if (tries >= access.tries || !isBroken(error)) throw error;
        await delay(PAUSE_MS);
      }
    }
  } finally {
    bar?.stop();
    await file?.sync();
  }
}

/** Only what the connection did can be gone on after. */
function isBroken(error: unknown): boolean {
  return (
    error instanceof Refused ||
    error instanceof TypeError ||
    (error as { code?: string }).code === 'UND_ERR_SOCKET'
  );
}

async function* linesOf(response: Response): AsyncGenerator<string, void, void> {
  let rest = '';
  for await (const text of bodyOf(response).setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

function bodyOf(response: Response): Readable {
  return Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
}

/** Appears under its name once all of it is there. @returns how many lines it has */
async function wholeFile(access: Access, path: string, out: string, accept: string): Promise<number> {
  const part = `${out}.part`;
  let lines = 0;
  const response = await call(access, path, { accept });
  await pipeline(
    bodyOf(response),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        for (const byte of chunk) if (byte === LINE_END) lines += 1;
        yield chunk;
      }
    },
    createWriteStream(part),
  );
  renameSync(part, out);
  return lines;
}
