import { createReadStream, statSync } from 'node:fs';
import { linesOf } from '../../src/kernel/lines.ts';

/** A line of a file that is gone on with. */
interface KeptLine {
  /** What its JSON says; null when it is no JSON object. */
  readonly value: Readonly<Record<string, unknown>> | null;
  /** How many bytes of the file end with it and its line feed. */
  readonly end: number;
  /** True for a last line without a line feed. */
  readonly isCut: boolean;
}

const PIECE_BYTES = 2 ** 20;
const MAX_LINE_BYTES = 64 * 2 ** 20;

/** The lines of an NDJSON file, empty ones left out; a line ends with a line feed and with nothing else. */
export async function* keptLines(file: string): AsyncGenerator<KeptLine, void, void> {
  const { size } = statSync(file);
  let end = 0;
  let before = 0;
  for await (const { line, bytes } of linesOf(piecesOf(file), MAX_LINE_BYTES)) {
    const emptyLines = line - before - 1;
    end += emptyLines + (bytes?.length ?? MAX_LINE_BYTES) + 1;
    before = line;
    yield { value: bytes === null ? null : objectIn(bytes), end, isCut: end > size };
  }
}

/** What a file holds, in pieces, for `linesOf`. */
export function piecesOf(file: string): AsyncIterable<Buffer> {
  return createReadStream(file, { highWaterMark: PIECE_BYTES });
}

function objectIn(bytes: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
