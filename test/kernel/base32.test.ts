import { expect } from 'chai';
import fc from 'fast-check';
import { decodeBase32, encodeBase32 } from '../../src/kernel/base32.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const bytes = fc.uint8Array({ maxLength: 40 });

describe('base32', () => {
  it('writes known bytes, most significant bit first, without padding', () => {
    expect(encodeBase32(new Uint8Array())).to.equal('');
    expect(encodeBase32(Uint8Array.of(0))).to.equal('00');
    expect(encodeBase32(Uint8Array.of(255))).to.equal('ZW');
    // RFC 4648's vector "foobar" = MZXW6YTBOI, its digits replaced by Crockford's of the same value.
    expect(encodeBase32(bytesOf('foobar'))).to.equal('CSQPYRK1E8');
  });

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(bytes, (input) => {
        expect(decodeBase32(encodeBase32(input))).to.deep.equal(input);
      }),
    );
  });

  it('reads what people make of it', () => {
    fc.assert(
      fc.property(bytes, (input) => {
        const asTyped = encodeBase32(input).replaceAll('0', 'o').replaceAll('1', 'L').replace(/..../g, '$&-');
        expect(decodeBase32(asTyped.toLowerCase())).to.deep.equal(input);
        expect(decodeBase32(asTyped.replaceAll('L', 'I').toUpperCase())).to.deep.equal(input);
      }),
    );
  });

  for (const text of ['U0', 'u0', '0 ', '0=', 'Ö0', 'ı0', '０0', '0_']) {
    it(`refuses the characters of ${JSON.stringify(text)}`, () => {
      expect(decodeBase32(text)).to.equal(null);
    });
  }

  for (const text of ['0', '000', '000000', '000000000']) {
    it(`refuses a length that no bytes have: ${String(text.length)}`, () => {
      expect(decodeBase32(text)).to.equal(null);
    });
  }

  it('refuses leftover bits that are not zero, so that bytes have one spelling', () => {
    expect(decodeBase32('01')).to.equal(null);
    expect(decodeBase32('ZX')).to.equal(null);
  });
});
