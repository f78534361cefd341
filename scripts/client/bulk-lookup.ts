import { existsSync } from 'node:fs';
import { open, truncate } from 'node:fs/promises';
import { linesOf } from '../../src/kernel/lines.ts';
import { startProgress } from '../terminal/progress.ts';
import type { Access } from './api.ts';
import { call } from './api.ts';
import { printBlock, Usage } from './command.ts';
import { keptLines, piecesOf } from './kept-lines.ts';

/** Lines of one call: below the API's limit of 100,000, so that a break costs little. */
const LINES_A_CALL = 10_000;
/** Far more than the API takes. */
const MAX_LINE_BYTES = 2 ** 16;

interface Answer {
  readonly line: number;
  readonly verdict?: string;
}

export interface BulkOptions {
  /** Takes the answers, and says where to go on when it holds some already; standard output when left out. */
  readonly out?: string;
}

/** Answers, and how many of them are not clear. */
interface Counted {
  readonly lines: number;
  readonly notClear: number;
}

/**
 * Looks every line of a file up, a serial or a JSON object each, and writes an answer a line, in order.
 * @returns how many there were, and how many of them are not clear; those that `out` held are counted too
 * @throws Refused; Usage when `out` holds something else
 */
export async function bulkLookup(access: Access, file: string, { out }: BulkOptions): Promise<Counted> {
  const total = await countLines(file);
  const kept = out === undefined ? NOTHING : await keptIn(out);
  if (kept.lines > total)
    throw new Usage(`The file ${out ?? ''} holds more answers than ${file} has lines; name another file.`);
  if (out !== undefined && kept.isTorn) await truncate(out, kept.bytes);
  const target = out === undefined ? null : await open(out, 'a');
  const bar = startProgress(total, 'look-ups');
  let lines = 0;
  let { notClear } = kept;
  const flush = async (some: readonly string[]): Promise<void> => {
    const sent = { method: 'POST', type: 'application/x-ndjson', body: some.join('\n') } as const;
    const text = await (await call(access, '/v1/lookups', sent)).text();
    const answers = text.split('\n').filter((line) => line !== '');
    if (answers.length !== some.length) throw new Error('The answer is not complete; start again to go on.');
    const counted = answers.map((line) => {
      const answer = JSON.parse(line) as Answer;
      if (answer.verdict !== 'clear') notClear += 1;
      return JSON.stringify({ ...answer, line: lines - some.length + answer.line });
    });
    const block = `${counted.join('\n')}\n`;
    if (target === null) await printBlock(block);
    else {
      await target.appendFile(block);
      await target.sync();
    }
    bar.update(lines);
  };
  try {
    let some: string[] = [];
    for await (const line of lookUpsIn(file)) {
      lines += 1;
      if (lines <= kept.lines) continue;
      some.push(line.startsWith('{') ? line : JSON.stringify({ serial: line }));
      if (some.length < LINES_A_CALL) continue;
      await flush(some);
      some = [];
    }
    if (some.length > 0) await flush(some);
    return { lines, notClear };
  } finally {
    bar.stop();
    await target?.close();
  }
}

interface Kept extends Counted {
  /** As long as the whole answers are. */
  readonly bytes: number;
  /** True when something is behind them. */
  readonly isTorn: boolean;
}
const NOTHING: Kept = { lines: 0, notClear: 0, bytes: 0, isTorn: false };

/** The answers that a file begins with; a last line that was cut is none. @throws Usage when the file is no such file */
async function keptIn(file: string): Promise<Kept> {
  if (!existsSync(file)) return NOTHING;
  let kept = NOTHING;
  for await (const { value, end, isCut } of keptLines(file)) {
    const isOther = kept.isTorn || (value !== null && !isCut && value['line'] !== kept.lines + 1);
    if (isOther) throw somethingElse(file);
    if (value === null || isCut) kept = { ...kept, isTorn: true };
    else {
      const notClear = kept.notClear + (value['verdict'] === 'clear' ? 0 : 1);
      kept = { lines: kept.lines + 1, notClear, bytes: end, isTorn: false };
    }
  }
  if (kept.isTorn && kept.lines === 0) throw somethingElse(file);
  return kept;
}

function somethingElse(file: string): Usage {
  return new Usage(`The file ${file} holds something else than answers in order; name another file.`);
}

/** The lines that are not empty. @throws Usage when one is far too long */
async function* lookUpsIn(file: string): AsyncGenerator<string, void, void> {
  for await (const { line, bytes } of linesOf(piecesOf(file), MAX_LINE_BYTES)) {
    if (bytes === null) throw new Usage(`Line ${line} of ${file} is too long to be a look-up.`);
    // A byte order mark is trimmed as white space is.
    const text = bytes.toString('utf8').trim();
    if (text !== '') yield text;
  }
}

async function countLines(file: string): Promise<number> {
  const lines = lookUpsIn(file);
  let count = 0;
  while ((await lines.next()).done !== true) count += 1;
  return count;
}
