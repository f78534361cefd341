import type { RawLine } from '../../kernel/lines.ts';
import { linesOf } from '../../kernel/lines.ts';

/** A line of an export; `isCut` where the text ends without the line's end. */
export interface ExportLine extends RawLine {
  readonly isCut: boolean;
}

/** No record is longer: what is, is no export. */
const MAX_LINE_BYTES = 256 * 2 ** 20;

/** The lines of an export that comes in chunks, empty ones left out (but counted), with one line in memory. */
export async function* exportLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<ExportLine, void, void> {
  let hasEnded = false;
  async function* watched(): AsyncGenerator<Buffer, void, void> {
    for await (const chunk of chunks) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    hasEnded = true;
  }
  for await (const line of linesOf(watched(), MAX_LINE_BYTES)) yield { ...line, isCut: hasEnded };
}
