import { expect } from 'chai';
import { differences, serialKey } from '../../src/kernel/serial.ts';
import { markedParts } from '../../src/web/marking.ts';

/** The serial as marked, with what differs from the one read in square brackets. */
function marked(read: string, serial: string): string {
  return markedParts(serial, serialKey(serial), differences(read, serial))
    .map(({ text, differs }) => (differs ? `[${text}]` : text))
    .join('');
}

describe('markedParts', () => {
  it('marks the characters of the serial that were read differently', () => {
    expect(marked('zp33 2O25-0O4l7', 'ZP33-2025-00417')).to.equal('ZP33-2[0]25-0[0]4[1]7');
    expect(marked('AOBB', 'A0-B8')).to.equal('A[0]-B[8]');
  });

  it('marks nothing when only the form differs', () => {
    expect(marked('zp33 2025', 'ZP33-2025')).to.equal('ZP33-2025');
  });

  it('keeps its place past characters that the key drops or widens', () => {
    expect(marked('ZP332O', '№ ＺＰ-33/20'.slice(2))).to.equal('ＺＰ-33/2[0]');
    expect(marked('NO5O', '№50')).to.equal('№5[0]');
  });

  it('marks the key when the serial cannot be traced to it character by character', () => {
    const parts = markedParts('e\u0301-O', 'ÉO', [
      { position: 1, read: '0', marked: 'O', kind: 'confusable' },
    ]);
    expect(parts).to.deep.equal([
      { text: 'É', differs: false },
      { text: 'O', differs: true },
    ]);
  });
});
