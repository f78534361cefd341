import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { Failure, type Fault } from '../../kernel/failure.ts';

export const NDJSON_TYPE = 'application/x-ndjson';

export interface LineLimits {
  readonly maxLineBytes: number;
  readonly maxLines: number;
  readonly maxBytes: number;
}
/** One line, counted from 1: its text, or why it cannot be read. */
export type Line =
  { readonly line: number; readonly text: string } | { readonly line: number; readonly fault: Fault };

const NEWLINE = 10;

/**
 * The lines of a body, empty ones left out (but counted), with at most one line and one chunk in memory.
 * A line that is too long or not UTF-8 is answered as a fault and the next one goes on.
 * @throws Failure `too-many-lines`, `body-too-large`; `body-incomplete` (malformed) when the client stops half-way
 */
export async function* ndjsonLines(request: IncomingMessage, limits: LineLimits): AsyncGenerator<Line> {
  let line = 1;
  let size = 0;
  let parts: Buffer[] = [];
  let length = 0;

  const add = (part: Buffer): void => {
    length += part.length;
    if (length <= limits.maxLineBytes) parts.push(part);
    else parts = [];
  };
  const take = (): Line | null => {
    const taken = length === 0 ? null : lineOf(line, Buffer.concat(parts), length > limits.maxLineBytes);
    line += 1;
    parts = [];
    length = 0;
    if (taken !== null && taken.line > limits.maxLines) {
      throw new Failure('too-large', 'too-many-lines', `The body has more than ${limits.maxLines} lines.`);
    }
    return taken;
  };

  for await (const chunk of readable(request)) {
    size += chunk.length;
    if (size > limits.maxBytes) {
      throw new Failure('too-large', 'body-too-large', `The body is larger than ${limits.maxBytes} bytes.`);
    }
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, end));
      start = end + 1;
      const taken = take();
      if (taken !== null) yield taken;
    }
    add(chunk.subarray(start));
  }
  const last = take();
  if (last !== null) yield last;
}

/** The request's chunks; unlike its own iterator this leaves the connection open, so that it can be answered. */
async function* readable(request: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } catch (cause) {
    throw new Failure('malformed', 'body-incomplete', 'The body ends too early.', { cause });
  }
}

function lineOf(line: number, bytes: Buffer, isTooLong: boolean): Line | null {
  if (isTooLong) return faulty(line, 'line-too-long', 'The line is too long.');
  if (!isUtf8(bytes)) return faulty(line, 'line-not-utf8', 'The line is not UTF-8.');
  const text = bytes.toString('utf8').trim();
  return text === '' ? null : { line, text };
}

function faulty(line: number, code: string, message: string): Line {
  return { line, fault: { field: `line ${line}`, code, message } };
}

/**
 * Writes one value as a line and waits while the client is slower than we are.
 * @returns false once the client is gone: there is no point in going on
 */
export async function writeNdjson(response: ServerResponse, value: unknown): Promise<boolean> {
  if (response.destroyed) return false;
  if (response.write(`${JSON.stringify(value)}\n`)) return true;
  const stop = new AbortController();
  try {
    await Promise.race([
      once(response, 'drain', { signal: stop.signal }),
      once(response, 'close', { signal: stop.signal }),
    ]);
  } finally {
    stop.abort();
  }
  return !response.destroyed;
}
