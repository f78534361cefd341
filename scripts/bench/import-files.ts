import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { csvRow } from '../../src/kernel/csv.ts';
import { createPrng } from '../generator/prng.ts';
import { consignment } from './consignment.ts';

export const FORMATS = ['ndjson', 'csv', 'xlsx'] as const;
export type Format = (typeof FORMATS)[number];

export const MEDIA_TYPES: Readonly<Record<Format, string>> = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** Rows of one declaration. */
const ROWS_EACH = 1_000;
const WORKBOOK = {
  'xl/workbook.xml':
    '<workbook xmlns:r="r"><sheets><sheet name="Declarations" sheetId="1" r:id="rId1"/></sheets></workbook>',
  'xl/_rels/workbook.xml.rels':
    '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
};

type Cells = Readonly<Record<string, string | number>>;

/** Writes a file of so many rows of new items, and answers where it is. */
export async function importFile(folder: string, format: Format, rows: number): Promise<string> {
  const file = join(folder, `import.${format}`);
  const mark = `${Date.now().toString(36)}-${format}`.toUpperCase();
  const out = createWriteStream(file);
  if (format === 'xlsx') {
    const zip = new ZipFile();
    for (const [name, xml] of Object.entries(WORKBOOK)) zip.addBuffer(Buffer.from(xml), name);
    zip.addReadStream(Readable.from(sheetOf(mark, rows)), 'xl/worksheets/sheet1.xml');
    zip.end();
    await pipeline(zip.outputStream as Readable, out);
  } else {
    await pipeline(Readable.from(format === 'csv' ? csvOf(mark, rows) : ndjsonOf(mark, rows)), out);
  }
  return file;
}

function* ndjsonOf(mark: string, rows: number): Generator<string> {
  for (const some of declarations(mark, rows))
    yield some.map((cells) => `${JSON.stringify(cells)}\n`).join('');
}

function* csvOf(mark: string, rows: number): Generator<string> {
  let names: string[] | undefined;
  for (const some of declarations(mark, rows)) {
    if (names === undefined) {
      names = headings(some);
      yield csvRow(names);
    }
    const known = names;
    yield some.map((cells) => csvRow(known.map((name) => String(cells[name] ?? '')))).join('');
  }
}

function* sheetOf(mark: string, rows: number): Generator<string> {
  yield '<worksheet><sheetData>';
  let names: string[] | undefined;
  for (const some of declarations(mark, rows)) {
    if (names === undefined) {
      names = headings(some);
      yield rowXml(names);
    }
    const known = names;
    yield some.map((cells) => rowXml(known.map((name) => cells[name] ?? ''))).join('');
  }
  yield '</sheetData></worksheet>';
}

function rowXml(cells: readonly (string | number)[]): string {
  const xml = cells.map((cell) =>
    typeof cell === 'number'
      ? `<c><v>${cell}</v></c>`
      : `<c t="inlineStr"><is><t>${cell.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</t></is></c>`,
  );
  return `<row>${xml.join('')}</row>`;
}

function headings(some: readonly Cells[]): string[] {
  return [...new Set(some.flatMap((cells) => Object.keys(cells)))];
}

/** The rows of one declaration after the other. */
function* declarations(mark: string, rows: number): Generator<Cells[]> {
  const prng = createPrng(1);
  for (let no = 0; no < rows; no += ROWS_EACH) {
    const { items, ...whole } = consignment(prng, 'bench-1', `${mark}-${no}`, Math.min(ROWS_EACH, rows - no));
    const said = flat(whole);
    yield items.map((item) => ({ ...said, ...flat(item) }));
  }
}

/** `{a: {b: 1}}` as `{'a.b': 1}`, as the columns of a file are named. */
function flat(object: object, before = ''): Record<string, string | number> {
  const cells: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(object) as [string, unknown][]) {
    if (typeof value === 'object' && value !== null) Object.assign(cells, flat(value, `${before}${name}.`));
    else if (typeof value === 'string' || typeof value === 'number') {
      cells[before + name === 'licence.number' ? 'licence' : before + name] = value;
    }
  }
  return cells;
}
