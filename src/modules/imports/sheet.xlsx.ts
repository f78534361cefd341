import { UnreadableFile } from './import.ts';
import { MAX_COLUMNS } from './table.ts';
import { readXml } from './xml-texts.xlsx.ts';

/** A cell as it stands in a sheet. */
export interface SheetCell {
  /** 0 for the column A. */
  readonly column: number;
  /** `s` shared text, `str`, `inlineStr`, `b`, `n`, `d`, `e` an error: ECMA-376 part 1, 18.18.11. */
  readonly type: string;
  readonly style: number;
  readonly text: string;
  readonly isFormula: boolean;
}
export interface SheetRow {
  /** As the sheet counts. */
  readonly line: number;
  readonly cells: readonly SheetCell[];
}

/** Twice as many as a spreadsheet allows. */
const MAX_CELL_CHARACTERS = 65_536;

/** The rows of a sheet, as many at a time as came with a piece of it. @throws UnreadableFile */
export async function* sheetRows(
  pieces: AsyncIterable<Buffer>,
): AsyncGenerator<readonly SheetRow[], void, void> {
  let rows: SheetRow[] = [];
  let line = 0;
  let cells: SheetCell[] = [];
  let cell: { -readonly [Key in keyof SheetCell]: SheetCell[Key] } | null = null;
  let takesText = false;
  const turns = readXml(pieces, {
    open(name, attributes) {
      if (name === 'row') {
        line = Number(attributes['r'] ?? line + 1);
        cells = [];
      } else if (name === 'c') {
        const column = columnOf(attributes['r']) ?? (cells.at(-1)?.column ?? -1) + 1;
        const { t: type = 'n', s: style = '0' } = attributes;
        cell = { column, type, style: Number(style), text: '', isFormula: false };
      } else if (name === 'f' && cell !== null) cell.isFormula = true;
      takesText = name === 'v' || name === 't';
    },
    text(text) {
      if (!takesText || cell === null) return;
      cell.text += text;
      if (cell.text.length > MAX_CELL_CHARACTERS) {
        const message = `A cell in row ${line} holds more than ${MAX_CELL_CHARACTERS} characters.`;
        throw new UnreadableFile('cell-too-long', message, line);
      }
    },
    close(name) {
      if (name === 'c' && cell !== null) {
        // What lies beyond all columns is known to be too many by one of them.
        if (cell.column <= MAX_COLUMNS || cells.at(-1)?.column !== MAX_COLUMNS) {
          cells.push({ ...cell, column: Math.min(cell.column, MAX_COLUMNS) });
        }
        cell = null;
      } else if (name === 'row') rows.push({ line, cells });
      takesText = false;
    },
  });
  while ((await turns.next()).done !== true) {
    if (rows.length > 0) yield rows;
    rows = [];
  }
}

/** The texts that cells share, as many at a time as came with a piece. @throws UnreadableFile */
export async function* sharedTexts(
  pieces: AsyncIterable<Buffer>,
): AsyncGenerator<readonly string[], void, void> {
  let texts: string[] = [];
  let text = '';
  let takesText = false;
  let inPhonetic = false;
  const turns = readXml(pieces, {
    open(name) {
      if (name === 'si') text = '';
      if (name === 'rPh') inPhonetic = true;
      takesText = name === 't' && !inPhonetic;
    },
    text(more) {
      if (takesText && text.length <= MAX_CELL_CHARACTERS) text += more;
    },
    close(name) {
      if (name === 'si') texts.push(text);
      if (name === 'rPh') inPhonetic = false;
      takesText = false;
    },
  });
  while ((await turns.next()).done !== true) {
    if (texts.length > 0) yield texts;
    texts = [];
  }
}

/** 0 for `A7`, 26 for `AA1`. */
function columnOf(reference: string | undefined): number | null {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0];
  if (letters === undefined) return null;
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}
