import { UnreadableFile } from './import.ts';
import { readXml, type XmlEvents } from './xml-texts.xlsx.ts';
import type { Zipped } from './zipped.xlsx.ts';

/** What has to be known of a workbook to read a sheet of it. */
export interface Workbook {
  /** The file of the first sheet that is not hidden. */
  readonly sheet: string;
  /** By number of a cell's style, whether its numbers are days. */
  readonly isDayStyle: (style: number) => boolean;
  /** Days are counted from 1904, as on old Macintoshes. */
  readonly from1904: boolean;
}

/** @throws UnreadableFile when it is none, or takes in what is outside of it */
export async function readWorkbook(zipped: Zipped): Promise<Workbook> {
  if (zipped.names.some((name) => name.startsWith('xl/externalLinks/'))) {
    const message = 'The workbook takes in cells of other files; give their values instead.';
    throw new UnreadableFile('external-links', message);
  }
  const sheets: { id: string; isHidden: boolean }[] = [];
  let from1904 = false;
  await readPart(zipped, 'xl/workbook.xml', (name, attributes) => {
    if (name === 'workbookPr') from1904 = /^(1|true)$/.test(attributes['date1904'] ?? '');
    if (name === 'sheet') {
      sheets.push({ id: attributes['id'] ?? '', isHidden: (attributes['state'] ?? 'visible') !== 'visible' });
    }
  });
  const targets = new Map<string, string>();
  await readPart(zipped, 'xl/_rels/workbook.xml.rels', (name, { Id: id = '', Target: target = '' }) => {
    if (name === 'Relationship') targets.set(id, target);
  });
  const shown = sheets.find(({ isHidden }) => !isHidden);
  const target = targets.get(shown?.id ?? '');
  if (target === undefined) throw new UnreadableFile('no-sheet', 'The workbook has no visible sheet.');
  const sheet = target.startsWith('/') ? target.slice(1) : `xl/${target}`;
  return { sheet, from1904, isDayStyle: await dayStyles(zipped) };
}

/** Formats that come with every workbook and show days: ECMA-376 part 1, 18.8.30. */
const DAY_FORMATS = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 34, 35, 36, 50, 51, 52, 53, 54, 57, 58]);

async function dayStyles(zipped: Zipped): Promise<(style: number) => boolean> {
  const dayFormats = new Set(DAY_FORMATS);
  const styles: number[] = [];
  let inCells = false;
  if (!zipped.names.includes('xl/styles.xml')) return () => false;
  await readPart(
    zipped,
    'xl/styles.xml',
    (name, { numFmtId = '0', formatCode = '' }) => {
      if (name === 'numFmt' && showsDay(formatCode)) dayFormats.add(Number(numFmtId));
      if (name === 'cellXfs') inCells = true;
      if (name === 'xf' && inCells) styles.push(Number(numFmtId));
    },
    (name) => {
      if (name === 'cellXfs') inCells = false;
    },
  );
  return (style) => dayFormats.has(styles[style] ?? 0);
}

/** Whether a format has a day or a year in it, outside of quoted text, colours and conditions. */
function showsDay(format: string): boolean {
  return /[dy]/i.test(format.replaceAll(/"[^"]*"|\[[^\]]*\]|\\./g, ''));
}

async function readPart(
  zipped: Zipped,
  name: string,
  open: XmlEvents['open'],
  close: XmlEvents['close'] = () => undefined,
): Promise<void> {
  const stream = zipped.open(name);
  if (stream === null)
    throw new UnreadableFile('xlsx-unreadable', `The file is no workbook: it lacks ${name}.`);
  const turns = readXml(stream, { open, close, text: () => undefined });
  while ((await turns.next()).done !== true);
}
