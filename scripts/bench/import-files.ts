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

/** Made-up rows are more alike than real ones, and would be packed so tightly that the file counts as a zip bomb. */
const LIGHTLY = { compressionLevel: 1 };

type Cells = Readonly<Record<string, string | number>>;

/** Writes a file of so many rows of new items, and answers where it is. */
export async function importFile(folder: string, format: Format, rows: number): Promise<string> {
  const file = join(folder, `import.${format}`);
  const mark = `${Date.now().toString(36)}-${format}`.toUpperCase();
  const out = createWriteStream(file);
  if (format === 'xlsx') {
    const zip = new ZipFile();
    for (const [name, xml] of Object.entries(WORKBOOK)) zip.addBuffer(Buffer.from(xml), name);
    const shared = new Map<string, number>();
    zip.addReadStream(Readable.from(sheetOf(mark, rows, shared)), 'xl/worksheets/sheet1.xml', LIGHTLY);
    // As spreadsheets do; they are known once the sheet is written.
    zip.addReadStream(Readable.from(sharedTextsOf(shared)), 'xl/sharedStrings.xml', LIGHTLY);
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

function* sheetOf(mark: string, rows: number, shared: Map<string, number>): Generator<string> {
  yield '<worksheet><sheetData>';
  let names: string[] | undefined;
  for (const some of declarations(mark, rows)) {
    if (names === undefined) {
      names = headings(some);
      yield rowXml(names, shared);
    }
    const known = names;
    yield some
      .map((cells) =>
        rowXml(
          known.map((name) => cells[name] ?? ''),
          shared,
        ),
      )
      .join('');
  }
  yield '</sheetData></worksheet>';
}

function rowXml(cells: readonly (string | number)[], shared: Map<string, number>): string {
  const xml = cells.map((cell) => {
    if (typeof cell === 'number') return `<c><v>${cell}</v></c>`;
    const no = shared.get(cell) ?? shared.size;
    shared.set(cell, no);
    return `<c t="s"><v>${no}</v></c>`;
  });
  return `<row>${xml.join('')}</row>`;
}

function* sharedTextsOf(shared: ReadonlyMap<string, number>): Generator<string> {
  yield '<sst>';
  for (const text of shared.keys()) {
    yield `<si><t>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</t></si>`;
  }
  yield '</sst>';
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
