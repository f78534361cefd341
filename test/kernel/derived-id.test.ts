import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { decodeBase32 } from '../../src/kernel/base32.ts';
import { derivedId, isDerivedId } from '../../src/kernel/derived-id.ts';

const parts = fc.array(fc.string({ unit: 'binary' }), { maxLength: 4 });

describe('derivedId', () => {
  it('stays what it is: ids in old registers depend on it', () => {
    expect(derivedId('itm', 'stokes', 'die', 'ZP33202500417')).to.equal('itm_v6bf893jj59t5bkrt5jd8v187m');
  });

  it('is the start of the SHA-256 of the parts as a JSON array', () => {
    const digest = createHash('sha256').update('["stokes","die"]').digest();
    // 24 of the 26 digits are 15 whole bytes.
    const start = decodeBase32(derivedId('itm', 'stokes', 'die').slice('itm_'.length, -2));
    expect(start && Buffer.from(start)).to.deep.equal(digest.subarray(0, 15));
  });

  it('is the same for the same parts, differs for others, and is recognised', () => {
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const id = derivedId('evt', ...one);
        expect(derivedId('evt', ...one)).to.equal(id);
        expect(isDerivedId('evt', id)).to.equal(true);
        expect(derivedId('evt', ...other) === id).to.equal(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });

  it('knows where a part ends', () => {
    const ids = [['ab', 'c'], ['a', 'bc'], ['abc'], ['abc', ''], ['a,b', 'c'], ['a', 'b,c'], ['a","b', 'c']];
    const all = [...ids, ['\uD800'], ['\uFFFD'], []].map((list) => derivedId('x', ...list));
    expect(new Set(all).size).to.equal(all.length);
  });
});

describe('isDerivedId', () => {
  const digits = '0123456789abcdefghjkmnpqrs';
  it('accepts the form', () => {
    expect(isDerivedId('itm', `itm_${digits}`)).to.equal(true);
  });

  const refused = [
    '',
    'itm_',
    digits,
    `evt_${digits}`,
    `itm-${digits}`,
    `itm_${digits}0`,
    `itm_${digits.slice(1)}`,
  ];
  for (const text of [
    ...refused,
    `itm_${digits.toUpperCase()}`,
    `itm_${digits.slice(1)}u`,
    `itm_${digits}\n`,
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(isDerivedId('itm', text)).to.equal(false);
    });
  }
});
