import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { Failure, type Fault } from '../../kernel/failure.ts';
import { linesOf } from '../../kernel/lines.ts';

export const NDJSON_TYPE = 'application/x-ndjson';

export interface LineLimits {
  readonly maxLineBytes: number;
  readonly maxLines: number;
  readonly maxBytes: number;
}
/** One line, counted from 1: its text, or why it cannot be read. */
export type Line =
  { readonly line: number; readonly text: string } | { readonly line: number; readonly fault: Fault };

/**
 * The lines of a body, empty ones left out (but counted), with at most one line and one chunk in memory.
 * A line that is too long or not UTF-8 is answered as a fault and the next one goes on.
 * @throws Failure `too-many-lines`, `body-too-large`; `body-incomplete` (malformed) when the client stops half-way
 */
export async function* ndjsonLines(request: IncomingMessage, limits: LineLimits): AsyncGenerator<Line> {
  for await (const { line, bytes } of linesOf(bodyChunks(request, limits.maxBytes), limits.maxLineBytes)) {
    const taken = lineOf(line, bytes);
    if (taken === null) continue;
    if (line > limits.maxLines) {
      throw new Failure('too-large', 'too-many-lines', `The body has more than ${limits.maxLines} lines.`);
    }
    yield taken;
  }
}

/**
 * The chunks of a body; unlike the request's own iterator this leaves the connection open, so that it can be answered.
 * @throws Failure `body-too-large`; `body-incomplete` (malformed) when the client stops half-way
 */
export async function* bodyChunks(request: IncomingMessage, maxBytes: number): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of readable(request)) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new Failure('too-large', 'body-too-large', `The body is larger than ${maxBytes} bytes.`);
    }
    yield chunk;
  }
}

async function* readable(request: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } catch (cause) {
    throw new Failure('malformed', 'body-incomplete', 'The body ends too early.', { cause });
  }
}

function lineOf(line: number, bytes: Buffer | null): Line | null {
  if (bytes === null) return faulty(line, 'line-too-long', 'The line is too long.');
  if (!isUtf8(bytes)) return faulty(line, 'line-not-utf8', 'The line is not UTF-8.');
  const text = bytes.toString('utf8').trim();
  return text === '' ? null : { line, text };
}

function faulty(line: number, code: string, message: string): Line {
  return { line, fault: { field: `line ${line}`, code, message } };
}

/** Writes values, each as a line, in one piece; see `writeText`. */
export function writeNdjson(response: ServerResponse, values: readonly unknown[]): Promise<boolean> {
  return writeText(response, values.map((value) => `${JSON.stringify(value)}\n`).join(''));
}

/** A client that takes nothing for so long is cut off: what it holds up, others wait for. */
const STALLED_MS = 60_000;

/**
 * Writes a piece of an answer and waits while the client is slower than we are. One that takes nothing for `stalledMs`
 * milliseconds is cut off.
 * @returns false once the client is gone: there is no point in going on
 */
export async function writeText(
  response: ServerResponse,
  text: string | Buffer,
  stalledMs = STALLED_MS,
): Promise<boolean> {
  if (response.destroyed) return false;
  if (response.write(text)) return true;
  const stop = new AbortController();
  const stalled = setTimeout(() => response.destroy(), stalledMs);
  try {
    await Promise.race([
      once(response, 'drain', { signal: stop.signal }),
      once(response, 'close', { signal: stop.signal }),
    ]);
  } finally {
    clearTimeout(stalled);
    stop.abort();
  }
  return !response.destroyed;
}
