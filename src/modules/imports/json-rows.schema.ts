import joi from 'joi';
import { isFailure } from '../../kernel/failure.ts';
import { linesOf } from '../../kernel/lines.ts';
import { compileShape, parseJson } from '../../platform/http/index.ts';
import { createHeadings, type HeadingMeaning } from './columns.ts';
import type { Cell, Cells, Row, RowFault } from './import.ts';
import { UnreadableFile } from './import.ts';

const MAX_LINE_BYTES = 1024 * 1024;
const MAX_DEPTH = 4;
const checkObject = compileShape(joi.object().unknown(true).required(), 'body');
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/**
 * The rows of a file of JSON objects, one a line: flat, with a heading for each field, or shaped like the declarations
 * and items of the API. A line with `items` is a declaration, and each of them a row.
 * @throws UnreadableFile when it isn't UTF-8, or a line is no JSON object
 */
export async function* jsonRows(
  chunks: AsyncIterable<Buffer>,
  mapping: Readonly<Record<string, string>>,
): AsyncGenerator<Row, void, void> {
  const meaningOf = createHeadings(mapping);
  let row = 0;
  for await (const { line, bytes } of linesOf(chunks, MAX_LINE_BYTES)) {
    if (bytes === null) {
      throw new UnreadableFile('line-too-long', `Line ${line} is longer than ${MAX_LINE_BYTES} bytes.`, line);
    }
    const object = readLine(bytes, line);
    if (object === null) continue;
    for (const { cells, faults } of rowsOf(object, meaningOf)) {
      row += 1;
      yield { row, line, cells, ...(faults.length === 0 ? {} : { faults }) };
    }
  }
}

/** Null for a line of spaces. */
function readLine(bytes: Buffer, line: number): Record<string, unknown> | null {
  let text: string;
  try {
    text = UTF8.decode(bytes).trim();
  } catch (cause) {
    throw new UnreadableFile('not-utf8', `Line ${line} is not UTF-8.`, line, cause);
  }
  if (text === '') return null;
  try {
    return checkObject(parseJson(text, { maxDepth: MAX_DEPTH })) as Record<string, unknown>;
  } catch (error) {
    if (!isFailure(error)) throw error;
    const [fault] = error.faults;
    const why = fault === undefined ? error.message.replace('The body', `Line ${line}`) : fault.message;
    const message = fault === undefined ? why : `Line ${line} can not be accepted: ${why}`;
    throw new UnreadableFile(fault?.code ?? 'line-not-json', message, line, error);
  }
}

interface ReadRow {
  readonly cells: Cells;
  readonly faults: readonly RowFault[];
}

function rowsOf(
  { items, ...whole }: Record<string, unknown>,
  meaningOf: (heading: string) => HeadingMeaning,
): ReadRow[] {
  if (!Array.isArray(items)) return [rowOf(items === undefined ? whole : { ...whole, items }, meaningOf)];
  if (items.length === 0) return [rowOf(whole, meaningOf)];
  return items.map((item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? rowOf({ ...whole, ...item }, meaningOf)
      : rowOf({ ...whole, item }, meaningOf),
  );
}

/** An object's fields as cells; those of an object inside it under the name `outer.inner`. */
function rowOf(object: Record<string, unknown>, meaningOf: (heading: string) => HeadingMeaning): ReadRow {
  const cells: Record<string, Cell> = {};
  const faults: RowFault[] = [];
  const take = (heading: string, value: unknown): void => {
    if (value === null || value === '') return;
    const meaning = meaningOf(heading);
    if (meaning === 'left-out') return;
    if (meaning === 'unknown') {
      faults.push({ column: heading, code: 'unknown-column', message: `${heading} is not a known column.` });
    } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      cells[meaning.column] = value;
    } else {
      faults.push({ column: heading, code: 'no-value', message: `${heading} must be a text or a number.` });
    }
  };
  for (const [name, value] of Object.entries(object)) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [inner, each] of Object.entries(value)) {
        take(name === 'licence' && inner === 'number' ? name : `${name}.${inner}`, each);
      }
    } else take(name, value);
  }
  return { cells, faults };
}
