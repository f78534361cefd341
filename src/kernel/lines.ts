/** A line of a text as bytes, counted from 1; null when it is longer than it may be. */
export interface RawLine {
  readonly line: number;
  readonly bytes: Buffer | null;
}

const NEWLINE = 10;

/** The lines of a text that comes in chunks, empty ones left out (but counted), with one line and one chunk in memory. */
export async function* linesOf(
  chunks: AsyncIterable<Buffer>,
  maxLineBytes: number,
): AsyncGenerator<RawLine, void, void> {
  let line = 1;
  let parts: Buffer[] = [];
  let length = 0;

  const add = (part: Buffer): void => {
    length += part.length;
    if (length <= maxLineBytes) parts.push(part);
    else parts = [];
  };
  const take = (): RawLine | null => {
    const isTooLong = length > maxLineBytes;
    const taken = length === 0 ? null : { line, bytes: isTooLong ? null : Buffer.concat(parts) };
    line += 1;
    parts = [];
    length = 0;
    return taken;
  };

  for await (const chunk of chunks) {
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
