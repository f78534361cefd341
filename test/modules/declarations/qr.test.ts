import { inflateSync } from 'node:zlib';
import { expect } from 'chai';
import { qrPng, qrRows, qrSvg } from '../../../src/modules/declarations/qr.bwip.ts';

const TEXT = 'https://registry.example/?number=TW20267ZK49QXM2B1TM';
const FINDER = ['1111111', '1000001', '1011101', '1011101', '1011101', '1000001', '1111111'];

describe('the QR code', () => {
  const rows = qrRows(TEXT);

  it('is square, of a size that QR codes have, with its three finder patterns', () => {
    expect(rows.every((row) => row.length === rows.length)).to.equal(true);
    expect((rows.length - 17) % 4).to.equal(0);
    const far = rows.length - 7;
    for (const [top, left] of [
      [0, 0],
      [0, far],
      [far, 0],
    ] as const) {
      const corner = rows.slice(top, top + 7).map((row) =>
        row
          .slice(left, left + 7)
          .map(Number)
          .join(''),
      );
      expect(corner).to.deep.equal(FINDER);
    }
  });

  it('differs for another text', () => {
    expect(qrRows(`${TEXT}0`)).to.not.deep.equal(rows);
  });

  it('is drawn as a square SVG without script, with four modules of quiet zone', () => {
    const svg = qrSvg(TEXT);
    const side = (rows.length + 8) * 2;
    expect(svg).to.match(/^<svg [^>]*viewBox="0 0 (\d+) \1"/);
    expect(svg).to.include(`viewBox="0 0 ${side} ${side}"`);
    expect(svg).to.not.match(/<script|href/i);
  });

  it('is drawn as a PNG whose pixels are the modules, eight wide, with four modules of quiet zone', async () => {
    const png = await qrPng(TEXT);
    const side = (rows.length + 8) * 8;
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).to.deep.equal([side, side]);
    expect(darkModules(png, side)).to.deep.equal(padded(rows).map((row) => row.map(Number).join('')));
  });
});

function padded(rows: boolean[][]): boolean[][] {
  const quiet = (count: number) => new Array<boolean>(count).fill(false);
  const empty = Array.from({ length: 4 }, () => quiet(rows.length + 8));
  return [...empty, ...rows.map((row) => [...quiet(4), ...row, ...quiet(4)]), ...empty];
}

/** The middle pixel of each 8 × 8 block, '1' where dark; for PNG files with unfiltered rows of any bit depth. */
function darkModules(png: Buffer, side: number): string[] {
  const depth = png[24]!;
  const channels = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[png[25]!]!;
  const data: Buffer[] = [];
  let palette: Buffer = Buffer.alloc(0);
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    const type = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + png.readUInt32BE(at));
    if (type === 'IDAT') data.push(body);
    if (type === 'PLTE') palette = body;
  }
  const pixels = inflateSync(Buffer.concat(data));
  const stride = 1 + Math.ceil((side * depth * channels) / 8);
  const isDark = (x: number, y: number) => {
    expect(pixels[y * stride], 'row filter').to.equal(0);
    const bit = x * depth * channels;
    const byte = pixels[y * stride + 1 + (bit >> 3)]!;
    const value = depth === 8 ? byte : (byte >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
    return palette.length > 0 ? palette[value * 3]! < 128 : value === 0;
  };
  const middles = Array.from({ length: side / 8 }, (_, index) => index * 8 + 4);
  return middles.map((y) => middles.map((x) => (isDark(x, y) ? '1' : '0')).join(''));
}
