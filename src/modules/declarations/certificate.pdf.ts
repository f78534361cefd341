import PDFDocument from 'pdfkit';
import type { CertificateItem, CertificateView } from './certificate.ts';
import type { Party } from './declaration.ts';
import { itemTable } from './certificate-table.pdf.ts';
import { FONT, GREY, INK, PAGE, linesOf, roomFor } from './certificate-page.pdf.ts';
import { isRespelled, printable } from './printable-text.pdf.ts';
import { qrRows } from './qr.bwip.ts';

const QR_SIZE = 104;
const COLUMN_GAP = 18;
const FACT_SIZE = 10;
const FACT_LINE = 12.5;
const FACT_LABEL = 10;
/** Three lines of kinds, two notes and the head of the table. */
const SUMMARY_HEIGHT = 100;

/**
 * The certificate as a PDF file: A4, black on white, the items in a table over as many pages as they need.
 * The same bytes for the same view. Takes about a second for 2,000 items.
 */
export async function certificatePdf(view: CertificateView): Promise<Buffer> {
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    bufferPages: true,
    info: {
      Title: `Certificate ${view.printedNumber}`,
      Subject: 'Verified declaration of serialised equipment',
      Creator: 'Pill press registry',
      CreationDate: new Date(Date.parse(view.verifiedAt)),
    },
  });
  const chunks: Buffer[] = [];
  const whole = new Promise<Buffer>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk));
    doc.on('end', () => resolve(Buffer.concat(chunks)));
    doc.on('error', reject);
  });
  let y = head(doc, view);
  y = facts(doc, view, y);
  y = summary(doc, view, y);
  itemTable(doc, view.items, y);
  footers(doc, view);
  doc.end();
  return whole;
}

function head(doc: PDFKit.PDFDocument, view: CertificateView): number {
  const { left, right, top } = PAGE;
  qr(doc, view.checkUrl, right - QR_SIZE, top);
  doc.font(FONT.bold).fontSize(19).fillColor(INK);
  doc.text('Certificate of verified declaration', left, top, { lineBreak: false });
  doc.font(FONT.plain).fontSize(9.5).fillColor(GREY);
  doc.text('Serialised tablet presses, encapsulating machines and their key parts', left, top + 24, {
    lineBreak: false,
  });
  label(doc, 'Number', left, top + 52);
  doc.font(FONT.monoBold).fontSize(23).fillColor(INK);
  doc.text(view.printedNumber, left, top + 63, { lineBreak: false });
  doc.font(FONT.bold).fontSize(10.5).fillColor(INK);
  doc.text(validity(view), left, top + 92, { lineBreak: false });
  const end = top + QR_SIZE + 14;
  doc.moveTo(left, end).lineTo(right, end).lineWidth(1).strokeColor(INK).stroke();
  return end + 14;
}

function validity({ usedAt, usedPlace, expiresAt }: CertificateView): string {
  if (usedAt !== undefined)
    return `USED at exit on ${day(usedAt)}${usedPlace === undefined ? '' : ` at ${usedPlace}`}: not valid again`;
  return `For one exit${expiresAt === undefined ? '' : `, valid until ${day(expiresAt)}`}`;
}

/** Crisp at any size: one rectangle for each run of dark modules. */
function qr(doc: PDFKit.PDFDocument, text: string, x: number, y: number): void {
  const rows = qrRows(text);
  const module = QR_SIZE / rows.length;
  rows.forEach((row, rowNo) => {
    let from = row.indexOf(true);
    while (from >= 0) {
      const gap = row.indexOf(false, from);
      const to = gap < 0 ? row.length : gap;
      doc.rect(x + from * module, y + rowNo * module, (to - from) * module, module);
      from = row.indexOf(true, to);
    }
  });
  doc.fill('#000000');
}

/** Label and value pairs in two columns, each row as tall as its taller cell. */
function facts(doc: PDFKit.PDFDocument, view: CertificateView, top: number): number {
  const width = (PAGE.right - PAGE.left - COLUMN_GAP) / 2;
  const cells = factsOf(view);
  let y = top;
  for (let index = 0; index < cells.length; index += 2) {
    doc.font(FONT.plain).fontSize(FACT_SIZE);
    const row = cells.slice(index, index + 2).map(([name, lines]) => ({
      name,
      wrapped: lines.flatMap((line) => linesOf(doc, printable(line), width)),
    }));
    const height = FACT_LABEL + Math.max(...row.map(({ wrapped }) => wrapped.length)) * FACT_LINE;
    y = roomFor(doc, y, height);
    row.forEach(({ name, wrapped }, column) => {
      const x = PAGE.left + column * (width + COLUMN_GAP);
      label(doc, name, x, y);
      doc.fontSize(FACT_SIZE).fillColor(INK);
      wrapped.forEach((line, no) => doc.text(line, x, y + FACT_LABEL + no * FACT_LINE, { lineBreak: false }));
    });
    y += height + 8;
  }
  return y;
}

function factsOf(view: CertificateView): [string, string[]][] {
  const { exporter, regime, ruleSet, licence, expiresAt } = view;
  return [
    ['Exporter', [`${exporter.org} (${exporter.country})`]],
    ['Exporter’s reference', [view.reference]],
    ['Consignee', partyLines(view.consignee)],
    ['End user', partyLines(view.endUser)],
    ['Destination', [view.destination]],
    ['End use', [view.endUse]],
    ['Port of exit', [view.portOfExit]],
    ['Transport, planned exit', [`${view.transport}, ${view.plannedExit}`]],
    ['Filed', [instant(view.filedAt)]],
    ['Verified', [instant(view.verifiedAt)]],
    ['Expires', [expiresAt === undefined ? 'no date set' : instant(expiresAt)]],
    ['Regime, rule-set version', [`${regime ?? 'none'}, ${ruleSet ?? 'not recorded'}`]],
    ...(licence === undefined ? [] : [['Export licence', [licence]] satisfies [string, string[]]]),
  ];
}

function partyLines({ name, address, country, id }: Party): string[] {
  return [
    name,
    ...(address === undefined ? [] : [address]),
    `${country}${id === undefined ? '' : `, no. ${id}`}`,
  ];
}

function summary(doc: PDFKit.PDFDocument, view: CertificateView, y: number): number {
  const counts = new Map<string, number>();
  for (const { kind } of view.items) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const kinds = [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ');
  const total = view.items.length === 1 ? '1 item' : `${view.items.length} items`;
  const notes = [
    ...(view.items.some((item) => item.assignedMark)
      ? ['* mark issued by the registry: the maker gave no serial.']
      : []),
    ...(holdsRespelled(view) ? ['† names transliterated: the registry holds the text as it was given.'] : []),
  ];
  doc.font(FONT.bold).fontSize(11).fillColor(INK);
  let at = roomFor(doc, y + 4, SUMMARY_HEIGHT);
  for (const line of linesOf(doc, printable(`${total}: ${kinds}`), PAGE.right - PAGE.left)) {
    doc.text(line, PAGE.left, at, { lineBreak: false });
    at += 14;
  }
  doc.font(FONT.plain).fontSize(8.5).fillColor(GREY);
  for (const note of notes) {
    doc.text(note, PAGE.left, at, { lineBreak: false });
    at += 11;
  }
  return at + 6;
}

function holdsRespelled(view: CertificateView): boolean {
  const texts = [...factsOf(view).flatMap(([, lines]) => lines), ...view.items.flatMap(itemTexts)];
  return texts.some((text) => isRespelled(printable(text)));
}

function itemTexts({ kind, maker, model, serial }: CertificateItem): string[] {
  return [kind, maker, model ?? '', serial];
}

function footers(doc: PDFKit.PDFDocument, view: CertificateView): void {
  const { count } = doc.bufferedPageRange();
  const { left, right, footer } = PAGE;
  for (let page = 0; page < count; page += 1) {
    doc.switchToPage(page);
    doc.moveTo(left, footer).lineTo(right, footer).lineWidth(0.5).strokeColor(GREY).stroke();
    doc.font(FONT.plain).fontSize(8).fillColor(GREY);
    doc.text('This number is used up once, at exit. To check it, scan the code or open:', left, footer + 6, {
      lineBreak: false,
    });
    doc.text(printable(view.checkUrl), left, footer + 17, { lineBreak: false });
    const where = `${view.printedNumber}   page ${page + 1} of ${count}`;
    doc.text(where, right - doc.widthOfString(where), footer + 6, { lineBreak: false });
  }
}

function label(doc: PDFKit.PDFDocument, text: string, x: number, y: number): void {
  doc.font(FONT.plain).fontSize(8).fillColor(GREY).text(text, x, y, { lineBreak: false });
}

function day(instantText: string): string {
  return instantText.slice(0, 10);
}

function instant(text: string): string {
  return `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;
}
