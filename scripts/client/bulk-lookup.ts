import { createReadStream, existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { startProgress } from '../terminal/progress.ts';
import type { Access } from './api.ts';
import { call } from './api.ts';

/** Lines of one call: below the API's limit of 100,000, so that a break costs little. */
const LINES_A_CALL = 10_000;

interface Answer {
  readonly line: number;
  readonly verdict?: string;
}

export interface BulkOptions {
  /** Takes the answers, and says where to go on when it holds some already; standard output when left out. */
  readonly out?: string;
}

/**
 * Looks every line of a file up, a serial or a JSON object each, and writes an answer a line, in order.
 * @returns how many there were, and how many of them are not clear
 * @throws Refused
 */
export async function bulkLookup(
  access: Access,
  file: string,
  { out }: BulkOptions,
): Promise<{ readonly lines: number; readonly notClear: number }> {
  const total = await countLines(file);
  const answered = out !== undefined && existsSync(out) ? await countLines(out) : 0;
  const target = out === undefined ? null : await open(out, 'a');
  const bar = startProgress(total, 'look-ups');
  let lines = 0;
  let notClear = 0;
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
    if (target === null) process.stdout.write(block);
    else {
      await target.write(block);
      await target.sync();
    }
    bar.update(lines);
  };
  try {
    let some: string[] = [];
    for await (const line of linesOf(file)) {
      lines += 1;
      if (lines <= answered) continue;
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

/** Those that are not empty. */
async function* linesOf(file: string): AsyncGenerator<string, void, void> {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const text = line.replace(/^\ufeff/, '').trim();
    if (text !== '') yield text;
  }
}

async function countLines(file: string): Promise<number> {
  const lines = linesOf(file);
  let count = 0;
  while ((await lines.next()).done !== true) count += 1;
  return count;
}
