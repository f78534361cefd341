import { expect } from 'chai';
import { junkReason } from '../../src/kernel/junk-serial.ts';

const JUNK: Readonly<Record<string, readonly string[]>> = {
  'only zeros': ['0', '0000', '00-00/00', '００００', 'S/N 0000'],
  'one character repeated': ['XXXX', 'xx-xx', '1111', '99999999', 'AA', '無無', 'SN: 7777'],
  'a placeholder word': [
    ...['N/A', 'n.a.', 'SN', 'S/N', 'NONE', 'none', 'Unknown', 'TBD', 'SERIAL NUMBER', 'serial no.', 'Test'],
    ...[
      '無',
      '无',
      '不明',
      '待定',
      '序列号',
      'なし',
      'sans numéro',
      'нет',
      'ｎｏｎｅ',
      'S/N: N/A',
      'Serial No: unknown',
    ],
  ],
  'a run of consecutive digits': [
    '123',
    '1234',
    '12345678',
    '1234567890',
    '0123',
    '4567',
    '87654321',
    '1-2-3-4',
  ],
  'a run of consecutive letters': ['ABCD', 'abcdef'],
  'too short': ['', '-', '--/--', 'A1', '7', 'Z9', '?', '\uD800'],
};

const REAL = [
  ...[
    'ZP33-2025-00417',
    'TDP1.5/25/0B8S',
    '1001',
    '417',
    '456',
    'A12',
    '10B',
    '109',
    '8901',
    '1235',
    '100',
    '0001',
  ],
  ...['N11', 'TBA-7', 'NONE-77', 'SN-00417', 'SERIAL A1', 'ABC', 'ABC123', 'XXXY', 'SNX', '沖-12', 'ШЗ-417'],
];

describe('junkReason', () => {
  for (const [reason, serials] of Object.entries(JUNK)) {
    for (const serial of serials) {
      it(`calls ${JSON.stringify(serial)} ${reason}`, () => {
        expect(junkReason(serial)).to.equal(reason);
      });
    }
  }

  for (const serial of REAL) {
    it(`lets ${JSON.stringify(serial)} pass`, () => {
      expect(junkReason(serial)).to.equal(null);
    });
  }
});
