/** The page: A4 in points, with what stays free around the text. */
export const PAGE = { left: 48, right: 547, top: 48, bottom: 778, footer: 790 } as const;

/** Fonts every PDF reader brings, so that none is embedded. */
export const FONT = {
  plain: 'Helvetica',
  bold: 'Helvetica-Bold',
  mono: 'Courier',
  monoBold: 'Courier-Bold',
} as const;

export const INK = '#111111';
export const GREY = '#5a5a5a';
export const TINT = '#f1f3f5';

/** Where something `height` points tall goes: at `y`, or at the top of a new page when it doesn't fit any more. */
export function roomFor(doc: PDFKit.PDFDocument, y: number, height: number): number {
  if (y + height <= PAGE.bottom) return y;
  doc.addPage();
  return PAGE.top;
}

/**
 * `text` broken into lines no wider than `width` points in the current font: at spaces, and within a word that is
 * wider than a line. No character is lost but the spaces at the breaks.
 */
export function linesOf(doc: PDFKit.PDFDocument, text: string, width: number): string[] {
  if (doc.widthOfString(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (doc.widthOfString(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (line.length > 1 && doc.widthOfString(line) > width) {
      const fitting = fittingLength(doc, line, width);
      lines.push(line.slice(0, fitting));
      line = line.slice(fitting);
    }
  }
  return [...lines, line];
}

/** How many characters of `word` fit; at least one, so that breaking always ends. */
function fittingLength(doc: PDFKit.PDFDocument, word: string, width: number): number {
  let length = word.length - 1;
  while (length > 1 && doc.widthOfString(word.slice(0, length)) > width) length -= 1;
  return Math.max(length, 1);
}
