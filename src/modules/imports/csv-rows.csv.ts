import { pipeline, Readable } from 'node:stream';
import { CsvError, parse, type Options } from 'csv-parse';
import { withoutGuard } from '../../kernel/csv.ts';
import type { Row } from './import.ts';
import { UnreadableFile } from './import.ts';
import type { Columns } from './table.ts';
import { columnsOf, tableRow } from './table.ts';

const MAX_RECORD_CHARACTERS = 1024 * 1024;
const DELIMITERS = [',', ';', '\t'];

interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * The rows of a CSV file (RFC 4180) with headings in its first line, separated by commas, semicolons or tabs; in UTF-8,
 * or in UTF-16 with a byte order mark.
 * @throws UnreadableFile when it can't be decoded or parsed, has no rows, or has headings that are not known
 */
export async function* csvRows(
  chunks: AsyncIterable<Buffer>,
  mapping: Readonly<Record<string, string>>,
): AsyncGenerator<Row, void, void> {
  const text = decoded(chunks);
  const { head, rest } = await beginning(text);
  // What goes wrong on either side is thrown by the loop.
  const parser = pipeline(Readable.from(rest), parse(optionsFor(delimiterOf(head))), () => undefined);
  let columns: Columns | null = null;
  let row = 0;
  let linesBefore = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      const line = linesBefore + 1;
      linesBefore = info.lines;
      if (record.every((cell) => cell === '')) continue;
      if (columns === null) {
        columns = columnsOf(record, line, mapping);
        continue;
      }
      row += 1;
      yield tableRow(record.map(withoutGuard), columns, { row, line });
    }
  } catch (error) {
    throw error instanceof CsvError ? unreadable(error) : error;
  }
}

function optionsFor(delimiter: string): Options {
  return {
    delimiter,
    bom: false,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD_CHARACTERS,
  };
}

/** Text in UTF-8 or UTF-16, without its byte order mark. */
async function* decoded(chunks: AsyncIterable<Buffer>): AsyncGenerator<string, void, void> {
  let decoder: ReturnType<typeof decoderFor> | null = null;
  let line = 1;
  let held: Buffer = Buffer.alloc(0);
  const decode = (bytes: Buffer, isLast: boolean): string => {
    decoder ??= decoderFor(bytes);
    try {
      const text = decoder.decode(bytes, { stream: !isLast });
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) line += 1;
      return text;
    } catch (cause) {
      const message = `The file is not text in ${decoder.encoding.toUpperCase()}, from about line ${line} on.`;
      throw new UnreadableFile('not-utf8', message, line, cause);
    }
  };
  for await (const chunk of chunks) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    if (held.length < 2) continue;
    const text = decode(held, false);
    held = Buffer.alloc(0);
    if (text !== '') yield text;
  }
  const last = decode(held, true);
  if (last !== '') yield last;
}

function decoderFor([first, second]: Buffer) {
  const isLittle = first === 0xff && second === 0xfe;
  const isBig = first === 0xfe && second === 0xff;
  return new TextDecoder(isLittle ? 'utf-16le' : isBig ? 'utf-16be' : 'utf-8', { fatal: true });
}

/** The first line, as far as it came, and the whole text from its start. */
async function beginning(
  text: AsyncGenerator<string, void, void>,
): Promise<{ head: string; rest: AsyncIterable<string> }> {
  let head = '';
  while (!/[\r\n]/.test(head) && head.length < MAX_RECORD_CHARACTERS) {
    const next = await text.next();
    if (next.done === true) break;
    head += next.value;
  }
  async function* whole(): AsyncGenerator<string, void, void> {
    if (head !== '') yield head;
    yield* text;
  }
  return { head: head.split(/[\r\n]/, 1)[0] ?? '', rest: whole() };
}

/** Whichever of them the headings hold most often, outside quotes. */
function delimiterOf(head: string): string {
  const bare = head.replaceAll(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((each) => bare.split(each).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

function unreadable(error: CsvError): UnreadableFile {
  const { code } = error;
  const line = typeof error['lines'] === 'number' ? error['lines'] : undefined;
  const where = line === undefined ? '' : ` near line ${line}`;
  if (code === 'CSV_MAX_RECORD_SIZE') {
    const message = `A row${where} is longer than ${MAX_RECORD_CHARACTERS} characters; perhaps a quotation mark is missing.`;
    return new UnreadableFile('row-too-long', message, line, error);
  }
  if (code === 'CSV_QUOTE_NOT_CLOSED') {
    const message = 'The file ends within quotation marks; perhaps a part of it is missing.';
    return new UnreadableFile('quote-not-closed', message, line, error);
  }
  return new UnreadableFile(
    'csv-unreadable',
    `The quotation marks${where} are not those of a CSV file.`,
    line,
    error,
  );
}
