import { expect } from 'chai';
import { scratchIn } from '../../../src/main/scratch.ts';
import { templateRows } from '../../../src/modules/imports/template.ts';
import type { Row } from '../../../src/modules/imports/import.ts';
import { UnreadableFile } from '../../../src/modules/imports/import.ts';
import { workbookOf } from '../../../src/modules/imports/xlsx-template.xlsx.ts';
import { removeFolders, temporaryFolder } from '../../support/folders.ts';
import { chunksOf } from '../../support/importing.ts';
import { createSeededRandom } from '../../support/times.ts';
import { textRow, workbookParts, zipped } from '../../support/workbooks.ts';

const { xlsx } = scratchIn(temporaryFolder(), createSeededRandom()).readers;

async function rowsOf(file: Buffer): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of xlsx(chunksOf(file, 7_000), {})) rows.push(row);
  return rows;
}
const sheet = async (data: string, others: Parameters<typeof workbookParts>[1] = {}): Promise<Row[]> =>
  rowsOf(await zipped(workbookParts(data, others)));
async function refusal(file: Promise<Buffer> | Buffer): Promise<string> {
  try {
    await rowsOf(await file);
  } catch (error) {
    if (error instanceof UnreadableFile) return error.problem.code;
    throw error;
  }
  return 'none';
}
const HEAD = textRow(['reference', 'serial', 'stations', 'planned exit', 'description']);

describe('the rows of a workbook', () => {
  after(removeFolders);

  it('are those of the template that the registry hands out', async () => {
    const rows = await rowsOf(await workbookOf(templateRows()));
    expect(rows.map(({ row, line, cells }) => [row, line, cells['serial'], cells['stations']])).to.deep.equal(
      [
        [1, 2, '2090-2026-00417', 36],
        [2, 3, 'D-2026-0001..0036', undefined],
      ],
    );
  });

  it('hold shared and rich texts, numbers, days and truths, wherever their cells are', async () => {
    const shared = `<sst><si><t>reference</t></si><si><r><t>plan</t></r><r><t>ned exit</t></r><rPh><t>x</t></rPh></si><si><t xml:space="preserve"> S&amp;T </t></si></sst>`;
    const styles = `<styleSheet><numFmts><numFmt numFmtId="200" formatCode="[Red]yyyy\\-mm&quot;d&quot;"/><numFmt numFmtId="201" formatCode="0.00 &quot;days&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="200"/><xf numFmtId="201"/></cellXfs></styleSheet>`;
    const data = `<row r="3"><c r="B3" t="s"><v>0</v></c><c r="D3" t="s"><v>1</v></c><c r="E3" t="inlineStr"><is><t>stations</t></is></c><c r="F3" t="str"><v>description</v></c></row>
      <row r="4"/>
      <row r="7"><c r="B7" t="s"><v>2</v></c><c r="D7" s="1"><v>50024</v></c><c r="E7"><v>36</v></c><c r="F7" t="b"><v>1</v></c></row>
      <row><c r="B8"><v>417</v></c><c r="D8" s="2"><v>50024.5</v></c><c r="E8" s="3"><v>2</v></c></row>`;
    const rows = await sheet(data, { 'xl/sharedStrings.xml': shared, 'xl/styles.xml': styles });
    expect(rows).to.deep.equal([
      {
        row: 1,
        line: 7,
        cells: { reference: ' S&T ', plannedExit: '2036-12-15', stations: 36, description: true },
      },
      { row: 2, line: 8, cells: { reference: 417, plannedExit: '2036-12-15T12:00:00Z', stations: 2 } },
    ]);
  });

  it('are those of the first sheet that is not hidden, its days counted as the workbook says', async () => {
    const head = '<sheets><sheet name="H" state="hidden" r:id="rId9"/><sheet name="A" r:id="rId1"/></sheets>';
    const book = `<x:workbook xmlns:x="m" xmlns:r="r"><x:workbookPr date1904="1"/>${head.replaceAll('<s', '<x:s').replaceAll('</s', '</x:s')}</x:workbook>`;
    const styles = '<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>';
    const data = `${HEAD}<row><c r="A2" t="str"><v>R</v></c><c r="D2"><v>48562</v></c></row>`;
    const rows = await sheet(data, { 'xl/workbook.xml': book, 'xl/styles.xml': styles });
    expect(rows[0]?.cells).to.deep.equal({ reference: 'R', plannedExit: '2036-12-15' });
  });

  it('are refused one by one for formulas, errors and cells beyond the headings', async () => {
    const data = `${HEAD}<row><c r="A2" t="str"><f>B1</f><v>R</v></c></row><row><c r="B3" t="e"><v>#REF!</v></c></row><row><c r="ZZ4"><v>1</v></c></row>`;
    expect(
      (await sheet(data)).map(({ line, faults }) => [
        line,
        faults?.map(({ column, code }) => `${column} ${code}`),
      ]),
    ).to.deep.equal([
      [2, ['reference formula-cell']],
      [3, ['serial error-cell']],
      [4, [' too-many-cells']],
    ]);
  });

  it('are not read at all from what is no sound workbook', async () => {
    const good = workbookParts(`${HEAD}${textRow(['R'])}`);
    const whole = await zipped(good);
    const without = (name: string) => zipped(workbookParts(HEAD, { [name]: null }));
    const withSheet = (xml: string) => zipped({ ...good, 'xl/worksheets/sheet1.xml': xml });
    const bomb = Buffer.alloc(60 * 1024 * 1024, ' ');
    const cases: [string, Promise<Buffer> | Buffer, string][] = [
      ['nothing', Buffer.alloc(0), 'xlsx-unreadable'],
      ['text', Buffer.from('reference,serial\nA,B'), 'xlsx-unreadable'],
      ['cut', whole.subarray(0, whole.length - 40), 'xlsx-unreadable'],
      ['other archive', zipped({ 'a.txt': 'a' }), 'xlsx-unreadable'],
      ['no sheet list', without('xl/workbook.xml'), 'xlsx-unreadable'],
      ['no sheet', without('xl/worksheets/sheet1.xml'), 'xlsx-unreadable'],
      ['old', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'encrypted'],
      ['bomb', zipped({ ...good, 'xl/media/image1.png': bomb }), 'too-large-unpacked'],
      ['links', zipped({ ...good, 'xl/externalLinks/externalLink1.xml': '<a/>' }), 'external-links'],
      ['no XML', withSheet('<worksheet><sheetData><row>'), 'xlsx-unreadable'],
      ['entities', withSheet('<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'), 'xlsx-unreadable'],
      ['entity', withSheet('<worksheet>&b;</worksheet>'), 'xlsx-unreadable'],
      [
        'latin',
        zipped({ ...good, 'xl/worksheets/sheet1.xml': Buffer.from('<a>\xe9</a>', 'latin1') }),
        'not-utf8',
      ],
      [
        'long cell',
        withSheet(`<worksheet><row><c t="str"><v>${'x'.repeat(70_000)}</v></c></row></worksheet>`),
        'cell-too-long',
      ],
      [
        'wide',
        withSheet(`<worksheet><row>${'<c t="str"><v>x</v></c>'.repeat(300)}</row></worksheet>`),
        'too-many-columns',
      ],
    ];
    for (const [name, file, code] of cases) expect(await refusal(file), name).to.equal(code);
    expect(await refusal(whole)).to.equal('none');
  });

  it('are not read from an archive whose files are larger than it says', async () => {
    const file = await zipped(workbookParts(`${HEAD}${textRow(['R', 'x'.repeat(5_000)])}`));
    // The size unpacked, in the directory and in front of the file, as 10 bytes.
    const name = Buffer.from('xl/worksheets/sheet1.xml');
    for (let at = file.indexOf(name); at >= 0; at = file.indexOf(name, at + 1)) {
      const isDirectory = file.readUInt32LE(at - 46) === 0x02014b50;
      if (isDirectory) file.writeUInt32LE(10, at - 46 + 24);
    }
    expect(await refusal(file)).to.equal('xlsx-unreadable');
  });
});
