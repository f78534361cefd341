import { FONT, GREY, INK, PAGE, TINT, linesOf } from './certificate-page.pdf.ts';
import type { CertificateItem } from './certificate.ts';
import { printable } from './printable-text.pdf.ts';

const COLUMNS = [
  { title: 'Line', x: 48, width: 30, font: FONT.plain },
  { title: 'Kind', x: 84, width: 78, font: FONT.plain },
  { title: 'Maker', x: 168, width: 112, font: FONT.plain },
  { title: 'Model', x: 286, width: 80, font: FONT.plain },
  { title: 'Serial as marked', x: 372, width: 173, font: FONT.monoBold },
] as const;
const SIZE = 8.5;
const LINE_HEIGHT = 10.5;
const ROW_PADDING = 2.5;
const HEADER_HEIGHT = 18;

/** Draws the items from `top` down, and on new pages under a header of their own. A row is never split. */
export function itemTable(doc: PDFKit.PDFDocument, items: readonly CertificateItem[], top: number): void {
  let y = header(doc, top);
  items.forEach((item, index) => {
    const cells = cellsOf(doc, item);
    const height = Math.max(...cells.map((lines) => lines.length)) * LINE_HEIGHT + 2 * ROW_PADDING;
    if (y + height > PAGE.bottom) {
      doc.addPage();
      y = header(doc, PAGE.top);
    }
    if (index % 2 === 1) doc.rect(PAGE.left - 4, y, PAGE.right - PAGE.left + 8, height).fill(TINT);
    doc.fontSize(SIZE).fillColor(INK);
    COLUMNS.forEach(({ x, font }, column) => {
      doc.font(font);
      cells[column]?.forEach((line, no) =>
        doc.text(line, x, y + ROW_PADDING + no * LINE_HEIGHT, { lineBreak: false }),
      );
    });
    y += height;
  });
}

function header(doc: PDFKit.PDFDocument, y: number): number {
  doc.font(FONT.bold).fontSize(SIZE).fillColor(GREY);
  for (const { title, x } of COLUMNS) doc.text(title, x, y, { lineBreak: false });
  const rule = y + HEADER_HEIGHT - 5;
  doc.moveTo(PAGE.left, rule).lineTo(PAGE.right, rule).lineWidth(0.75).strokeColor(INK).stroke();
  return y + HEADER_HEIGHT - 3;
}

function cellsOf(
  doc: PDFKit.PDFDocument,
  { line, kind, maker, model, serial, assignedMark }: CertificateItem,
): string[][] {
  const texts = [String(line), kind, maker, model ?? '', assignedMark ? `${serial} *` : serial];
  doc.fontSize(SIZE);
  return COLUMNS.map(({ width, font }, column) =>
    linesOf(doc.font(font), printable(texts[column] ?? ''), width),
  );
}
