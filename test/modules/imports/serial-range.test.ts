import { expect } from 'chai';
import { serialsOf } from '../../../src/modules/imports/serial-range.ts';

const serials = (text: string): readonly string[] => {
  const range = serialsOf(text);
  return 'serials' in range ? range.serials : [range.code];
};

describe('a range of serials', () => {
  it('stands for every serial from its first to its last', () => {
    const all = serials('ZP33-2026-00001..00108');
    expect(all).to.have.length(108);
    expect([all[0], all[8], all[107]]).to.deep.equal([
      'ZP33-2026-00001',
      'ZP33-2026-00009',
      'ZP33-2026-00108',
    ]);
  });

  it('keeps zeros, and takes a short end for the last digits', () => {
    expect(serials('D-098..101')).to.deep.equal(['D-098', 'D-099', 'D-100', 'D-101']);
    expect(serials('D2026007..9')).to.deep.equal(['D2026007', 'D2026008', 'D2026009']);
    expect(serials('7..7')).to.deep.equal(['7']);
  });

  it('may name its last serial in full, and have spaces around the dots', () => {
    expect(serials('AB-8 .. AB-10')).to.deep.equal(['range-unreadable']);
    expect(serials('AB-08 .. AB-10')).to.deep.equal(['AB-08', 'AB-09', 'AB-10']);
  });

  it('is a single serial without dots, whatever that is', () => {
    for (const text of ['ZP33-1', '0', '...'.slice(0, 1), 'A.B.1'])
      expect(serials(text)).to.deep.equal([text]);
  });

  it('is refused when it can not be read, runs backwards or is too long', () => {
    for (const text of ['A..9', '1..', '..5', 'A-1..B-2', 'A-1..2..3', `A-1..${'9'.repeat(20)}`]) {
      expect(serials(text), text).to.deep.equal(['range-unreadable']);
    }
    expect(serials('A-9..3')).to.deep.equal(['range-backwards']);
    expect(serials('A-0001..2001')).to.deep.equal(['range-too-long']);
    expect(serials('A-0001..2000')).to.have.length(2_000);
  });
});
