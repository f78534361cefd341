import { closeSync, openSync, rmSync, write } from 'node:fs';
import { promisify } from 'node:util';
import type { Cell, Row, RowFault } from './import.ts';
import { UnreadableFile } from './import.ts';
import type { SheetCell, SheetRow } from './sheet.xlsx.ts';
import { sharedTexts, sheetRows } from './sheet.xlsx.ts';
import type { Columns } from './table.ts';
import { columnsOf, isEmpty, tableRow } from './table.ts';
import type { OpenTexts, Texts } from './texts.ts';
import type { Workbook } from './workbook.xlsx.ts';
import { readWorkbook } from './workbook.xlsx.ts';
import type { Zipped } from './zipped.xlsx.ts';
import { openZipped } from './zipped.xlsx.ts';

const DAY_MS = 86_400_000;
/** Day 0 of the two ways to count days; the first takes into account that 1900 is held for a leap year. */
const DAY_ZERO = { 1900: Date.UTC(1899, 11, 30), 1904: Date.UTC(1904, 0, 1) };
const LAST_DAY = 2_958_465;
/** Files that Excel encrypts, and those of before 2007, begin so. */
const OLE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);

export interface XlsxParts {
  /** A new name for a file that is there only for a moment. */
  readonly scratchFile: () => string;
  readonly openTexts: OpenTexts;
}

/** Reads the first visible sheet of a workbook, with headings in its first row that isn't empty. */
export function createXlsxReader({ scratchFile, openTexts }: XlsxParts) {
  /** @throws UnreadableFile when it is no workbook, is damaged, too large, or has headings that are not known */
  return async function* (
    chunks: AsyncIterable<Buffer>,
    mapping: Readonly<Record<string, string>>,
  ): AsyncGenerator<Row, void, void> {
    const zipped = await unpacked(chunks, scratchFile());
    const texts = openTexts();
    try {
      const workbook = await readWorkbook(zipped);
      const shared = zipped.open('xl/sharedStrings.xml');
      if (shared !== null) for await (const some of sharedTexts(shared)) texts.add(some);
      yield* rowsOf(sheetOf(zipped, workbook), { workbook, texts, mapping });
    } finally {
      texts.close();
      zipped.close();
    }
  };
}

/** Brings the file to disk, where a zip archive can be read: its directory is at the end. */
async function unpacked(chunks: AsyncIterable<Buffer>, file: string): Promise<Zipped> {
  const fd = openSync(file, 'wx+', 0o600);
  rmSync(file);
  try {
    let bytes = 0;
    for await (const chunk of chunks) {
      if (bytes === 0 && chunk.subarray(0, OLE.length).equals(OLE)) {
        const message = 'The workbook is protected by a password, or in the format of before 2007.';
        throw new UnreadableFile('encrypted', message);
      }
      for (let from = 0; from < chunk.length;) from += (await writeTo(fd, chunk, from)).bytesWritten;
      bytes += chunk.length;
    }
    return await openZipped(fd, bytes);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

const writeTo = promisify(write);

function sheetOf(zipped: Zipped, { sheet }: Workbook): AsyncIterable<Buffer> {
  const stream = zipped.open(sheet);
  if (stream === null) throw new UnreadableFile('xlsx-unreadable', `The workbook lacks its sheet ${sheet}.`);
  return stream;
}

interface Reading {
  readonly workbook: Workbook;
  readonly texts: Texts;
  readonly mapping: Readonly<Record<string, string>>;
}

async function* rowsOf(
  sheet: AsyncIterable<Buffer>,
  { workbook, texts, mapping }: Reading,
): AsyncGenerator<Row, void, void> {
  let columns: Columns | null = null;
  let row = 0;
  for await (const some of sheetRows(sheet)) {
    for (const each of some) {
      const { cells, faults } = valuesOf(each, workbook, texts);
      if (cells.every((cell) => cell === undefined || isEmpty(cell)) && faults.length === 0) continue;
      if (columns === null) {
        columns = columnsOf(
          Array.from(cells, (cell) => String(cell ?? '')),
          each.line,
          mapping,
        );
        continue;
      }
      row += 1;
      yield tableRow(cells, columns, { row, line: each.line }, faultsByColumn(faults, columns));
    }
  }
}

/** What is wrong with the cell at a position. */
interface CellFault {
  readonly index: number;
  readonly code: string;
  readonly what: string;
}

function valuesOf(
  { cells }: SheetRow,
  { isDayStyle, from1904 }: Workbook,
  texts: Texts,
): { cells: (Cell | undefined)[]; faults: CellFault[] } {
  const values: (Cell | undefined)[] = [];
  const faults: CellFault[] = [];
  for (const cell of cells) {
    const { column: index, type, isFormula } = cell;
    if (isFormula)
      faults.push({ index, code: 'formula-cell', what: 'holds a formula; give its value instead' });
    else if (type === 'e') faults.push({ index, code: 'error-cell', what: 'holds an error' });
    else values[index] = valueOf(cell, texts, isDayStyle(cell.style) ? from1904 : null);
  }
  return { cells: values, faults };
}

/** @param dayCount null where a number is no day; otherwise whether days are counted from 1904 */
function valueOf({ type, text }: SheetCell, texts: Texts, dayCount: boolean | null): Cell {
  switch (type) {
    case 's':
      return texts.get(Number(text)) ?? '';
    case 'n':
      return numberOf(text, dayCount);
    case 'b':
      return text === '1';
    default:
      return text;
  }
}

function numberOf(text: string, dayCount: boolean | null): Cell {
  const value = Number(text);
  if (text === '' || !Number.isFinite(value)) return text;
  if (dayCount === null || value < 1 || value > LAST_DAY) return value;
  const at = new Date(DAY_ZERO[dayCount ? 1904 : 1900] + Math.round(value * DAY_MS)).toISOString();
  return Number.isInteger(value) ? at.slice(0, 10) : `${at.slice(0, 19)}Z`;
}

function faultsByColumn(faults: readonly CellFault[], columns: Columns): RowFault[] {
  return faults.flatMap(({ index, code, what }) => {
    const column = columns[index];
    return column === null || column === undefined ? [] : [{ column, code, message: `${column} ${what}.` }];
  });
}
