import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const DOCUMENT = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** The files of a workbook whose one sheet has this XML in it; others can be given, or taken away with null. */
export function workbookParts(
  sheetData: string,
  others: Readonly<Record<string, string | null>> = {},
): Record<string, string> {
  const parts: Record<string, string | null> = {
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${DOCUMENT}"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${MAIN}"><sheetData>${sheetData}</sheetData></worksheet>`,
    ...others,
  };
  return Object.fromEntries(
    Object.entries(parts).filter((part): part is [string, string] => part[1] !== null),
  );
}

/** A zip archive of these files. */
export async function zipped(parts: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(parts)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  const stream = zip.outputStream as Readable;
  const all = buffer(stream);
  if (!stream.readableEnded) await once(stream, 'end');
  return all;
}

/** A row of texts. */
export function textRow(cells: readonly string[]): string {
  const escaped = cells.map((cell) => cell.replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
  return `<row>${escaped.map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`).join('')}</row>`;
}
