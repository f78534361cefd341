import { existsSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { startProgress } from '../terminal/progress.ts';
import type { Access } from './api.ts';
import { ask, bodyOf, call, isBroken, Refused } from './api.ts';
import { Usage } from './command.ts';
import { keptLines } from './kept-lines.ts';
import { wholeFile } from './whole-file.ts';

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
const HEAD_RECORDS = 1;
const PAUSE_MS = 1_000;

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

/** Takes rows that came together. */
type OnRows = (rows: readonly Row[]) => Promise<void>;

/**
 * Runs a report and hands its rows to `onRows`, or keeps them in a file: of NDJSON what is there already is gone on
 * after, also when the connection breaks.
 * @returns how many rows there are; null for a page, which is for people to read
 * @throws Refused, also when a file is of another report or other settings; Usage when it is no report, or a complete
 *   one. The file is then as it was.
 */
export async function audit(
  access: Access,
  report: string,
  { out, days, regime }: AuditOptions,
  onRows: OnRows,
): Promise<number | null> {
  const type = out === undefined ? 'ndjson' : fileTypeOf(out);
  const query = new URLSearchParams({
    ...(days === undefined ? {} : { days: String(days) }),
    ...(regime === undefined ? {} : { regime }),
  });
  const path = `/v1/audit/${encodeURIComponent(report)}`;
  if (out !== undefined && type !== 'ndjson' && type !== null) {
    const records = await wholeFile(access, `${path}?${query.toString()}`, out, WHOLE_TYPES[type]);
    return type === 'csv' ? Math.max(0, records - HEAD_RECORDS) : null;
  }
  if (out === undefined) return rowByRow(access, path, query, NOTHING, { accepted: doNothing, keep: onRows });
  const before = await keptIn(out);
  let file: FileHandle | undefined;
  try {
    return await rowByRow(access, path, query, before, {
      accepted: async () => {
        if (file !== undefined) return;
        file = await open(out, 'a');
        await file.truncate(before.bytes);
      },
      keep: async (_rows, lines) => void (await file?.appendFile(lines)),
    });
  } finally {
    await file?.sync();
    await file?.close();
  }
}

const doNothing = (): Promise<void> => Promise.resolve();

/** What a file holds of a report. */
interface Kept {
  readonly rows: number;
  /** Of the last whole row. */
  readonly cursor?: string;
  /** As long as its whole rows are. */
  readonly bytes: number;
}
const NOTHING: Kept = { rows: 0, bytes: 0 };

/** A last line that was cut counts for nothing. @throws Usage when the file is no report, or a complete one */
async function keptIn(file: string): Promise<Kept> {
  if (!existsSync(file)) return NOTHING;
  let kept = NOTHING;
  let isTorn = false;
  for await (const { value, end, isCut } of keptLines(file)) {
    const { cursor, end: ending } = (value ?? {}) as { cursor?: unknown; end?: { rows?: unknown } | null };
    if (!isTorn && typeof ending?.rows === 'number')
      throw new Usage(`The file ${file} holds a complete report already.`);
    if (isTorn) throw somethingElse(file);
    if (isCut || typeof cursor !== 'string') isTorn = true;
    else kept = { rows: kept.rows + 1, cursor, bytes: end };
  }
  if (isTorn && kept.rows === 0) throw somethingElse(file);
  return kept;
}

function somethingElse(file: string): Usage {
  return new Usage(`The file ${file} holds something else; name another file.`);
}

interface Keeping {
  /** Called each time the registry takes what it is asked. */
  readonly accepted: () => Promise<void>;
  /** @param lines the same rows as they came; the last ones with the end of the report */
  readonly keep: (rows: readonly Row[], lines: string) => Promise<void>;
}

async function rowByRow(
  access: Access,
  path: string,
  query: URLSearchParams,
  before: Kept,
  { accepted, keep }: Keeping,
): Promise<number> {
  let { rows, cursor } = before;
  let bar: ReturnType<typeof startProgress> | null = null;
  query.set('progress', 'true');
  try {
    for (let tries = 1; ; tries += 1) {
      if (cursor !== undefined) query.set('cursor', cursor);
      const response = await call(access, `${path}?${query.toString()}`, { accept: NDJSON });
      await accepted();
      try {
        for await (const texts of blocksOf(response)) {
          const block = sorted(texts);
          await keep(block.rows, block.lines);
          if (block.progress !== undefined) {
            bar ??= startProgress(block.progress.of, 'records');
            bar.update(block.progress.read);
          }
          rows += block.rows.length;
          if (block.isEnd) return rows;
          if (block.rows.length === 0) continue;
          cursor = block.rows.at(-1)?.cursor;
          tries = 1;
        }
        throw new Refused(0, 'The report ended early.');
      } catch (error) {
        if (tries >= access.tries || !isBroken(error)) throw error;
        await delay(PAUSE_MS);
      }
    }
  } finally {
    bar?.stop();
  }
}

/** What lines that came together say. */
interface Block {
  readonly rows: readonly Row[];
  readonly lines: string;
  readonly progress?: NonNullable<Line['progress']>;
  readonly isEnd: boolean;
}

function sorted(texts: readonly string[]): Block {
  const all = texts.map((text) => ({ text, line: JSON.parse(text) as Line }));
  const found = all.filter(({ line }) => line.progress === undefined);
  const progress = all.findLast(({ line }) => line.progress !== undefined)?.line.progress;
  return {
    rows: found.flatMap(({ line }) => (line.end === undefined ? [line as Row] : [])),
    lines: found.map(({ text }) => `${text}\n`).join(''),
    ...(progress === undefined ? {} : { progress }),
    isEnd: found.some(({ line }) => line.end !== undefined),
  };
}

/** The lines of an answer, those together that came together. */
async function* blocksOf(response: Response): AsyncGenerator<string[], void, void> {
  let rest = '';
  for await (const text of bodyOf(response).setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) yield lines;
  }
}
