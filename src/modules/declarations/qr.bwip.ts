import bwip from 'bwip-js';

/** bwip-js draws a module 2 units wide at scale 1, and takes the padding in those units. */
const UNITS_PER_MODULE = 2;
/** ISO/IEC 18004 asks for four modules of quiet zone on each side. */
const QUIET_MODULES = 4;
/** Gives 8 pixels a module. */
const PNG_SCALE = 4;

/** `text` as a QR code (error correction M), black on white with its quiet zone: a whole SVG document. */
export function qrSvg(text: string): string {
  return bwip.toSVG({ ...symbol(text), scale: 1 });
}

/** `text` as a QR code (error correction M), black on white with its quiet zone: a PNG file, 8 pixels a module. */
export async function qrPng(text: string): Promise<Buffer> {
  return bwip.toBuffer({ ...symbol(text), scale: PNG_SCALE });
}

/** The modules of the QR code of `text`, row by row, true where dark; no quiet zone, as many rows as columns. */
export function qrRows(text: string): boolean[][] {
  const [drawn] = bwip.raw('qrcode', text, 'eclevel=M');
  if (drawn === undefined || !('pixs' in drawn)) throw new Error('the QR code came without modules');
  const { pixs, pixx } = drawn;
  return Array.from({ length: pixs.length / pixx }, (_, row) =>
    pixs.slice(row * pixx, (row + 1) * pixx).map((pixel) => pixel === 1),
  );
}

function symbol(text: string) {
  const padding = QUIET_MODULES * UNITS_PER_MODULE;
  return { bcid: 'qrcode', text, eclevel: 'M', backgroundcolor: 'FFFFFF', padding };
}
