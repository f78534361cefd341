import { createHeadings } from './columns.ts';
import type { Cell, Row, RowFault } from './import.ts';
import { UnreadableFile } from './import.ts';

/** A file with more columns isn't one of declarations. */
export const MAX_COLUMNS = 200;
const SHOWN_HEADINGS = 10;
const SHOWN_CHARACTERS = 60;

/** Of each position in a row, the column of the register; null for those that are passed over. */
export type Columns = readonly (string | null)[];

/** @throws UnreadableFile when headings are not known, stand for the same, or are too many, or there is no reference */
export function columnsOf(
  headings: readonly string[],
  line: number,
  mapping: Readonly<Record<string, string>>,
): Columns {
  if (headings.length > MAX_COLUMNS) {
    throw new UnreadableFile('too-many-columns', `The file has more than ${MAX_COLUMNS} columns.`, line);
  }
  const meaningOf = createHeadings(mapping);
  const unknown: string[] = [];
  const columns = headings.map((heading) => {
    const meaning = meaningOf(heading);
    if (meaning === 'unknown') unknown.push(heading);
    return typeof meaning === 'object' ? meaning.column : null;
  });
  if (unknown.length > 0) {
    const shown = unknown
      .slice(0, SHOWN_HEADINGS)
      .map((each) => `"${each.trim().slice(0, SHOWN_CHARACTERS)}"`);
    const message = `Not known: the heading${shown.length === 1 ? '' : 's'} ${shown.join(', ')}. Correct them, or say in \`mapping\` what they stand for.`;
    throw new UnreadableFile('unknown-heading', message, line);
  }
  const twice = columns.find((name, index) => name !== null && columns.indexOf(name) < index);
  if (typeof twice === 'string') {
    throw new UnreadableFile('heading-twice', `Two headings stand for ${twice}.`, line);
  }
  if (!columns.includes('reference')) {
    throw new UnreadableFile('heading-missing', 'There is no heading for the reference.', line);
  }
  return columns;
}

/** A row of a table, by column. `at` is its place: the row's number and the line where it begins. */
export function tableRow(
  given: readonly (Cell | undefined)[],
  columns: Columns,
  at: Pick<Row, 'row' | 'line'>,
  faults: readonly RowFault[] = [],
): Row {
  const cells: Record<string, Cell> = {};
  columns.forEach((name, index) => {
    const cell = given[index];
    if (name !== null && cell !== undefined && !isEmpty(cell)) cells[name] = cell;
  });
  const isLonger = given.slice(columns.length).some((cell) => cell !== undefined && !isEmpty(cell));
  const found = isLonger ? [...faults, tooManyCells(columns.length)] : faults;
  return { ...at, cells, ...(found.length === 0 ? {} : { faults: found }) };
}

function tooManyCells(headings: number): RowFault {
  const message = `The row has cells to the right of the ${headings} headings.`;
  return { column: '', code: 'too-many-cells', message };
}

export function isEmpty(cell: Cell): boolean {
  return typeof cell === 'string' && cell.trim() === '';
}
