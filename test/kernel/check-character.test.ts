import { expect } from 'chai';
import fc from 'fast-check';
import { checkCharacter, hasValidCheckCharacter } from '../../src/kernel/check-character.ts';

const CHARACTERS = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const character = fc.constantFrom(...CHARACTERS);
const body = fc.string({ unit: character, minLength: 1, maxLength: 30 });

describe('checkCharacter', () => {
  it('gives the published example its M', () => {
    expect(checkCharacter('A12425GABC1234002')).to.equal('M');
    expect(hasValidCheckCharacter('A12425GABC1234002M')).to.equal(true);
  });

  for (const text of ['', 'a', 'A-1', 'É', ' ', 'Ａ', '\uD800']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => checkCharacter(text)).to.throw(RangeError);
    });
  }

  it('makes every text valid with its own check character and no other', () => {
    fc.assert(
      fc.property(body, (text) => {
        const valid = CHARACTERS.filter((last) => hasValidCheckCharacter(text + last));
        expect(valid).to.deep.equal([checkCharacter(text)]);
      }),
    );
  });

  it('reveals every single substitution', () => {
    fc.assert(
      fc.property(body, fc.nat(), character, (text, at, other) => {
        const numbered = [...(text + checkCharacter(text))];
        const index = at % numbered.length;
        fc.pre(numbered[index] !== other);
        numbered[index] = other;
        expect(hasValidCheckCharacter(numbered.join(''))).to.equal(false);
      }),
    );
  });

  it('reveals 629 of 630 swaps of two different neighbours, wherever they stand', () => {
    for (const prefix of ['', 'A', 'TW25', 'A12425GABC']) {
      let swaps = 0;
      let missed = 0;
      for (const one of CHARACTERS) {
        for (const other of CHARACTERS) {
          if (one === other) continue;
          swaps += 1;
          if (checkCharacter(prefix + one + other) === checkCharacter(prefix + other + one)) missed += 1;
        }
      }
      expect([swaps, missed], prefix).to.deep.equal([1260, 2]);
    }
  });
});

describe('hasValidCheckCharacter', () => {
  for (const text of ['', '1', 'a12425gabc1234002m', 'A12425GABC1234002-M', 'A12425GABC1234002M\n', ' M']) {
    it(`is false for ${JSON.stringify(text)}`, () => {
      expect(hasValidCheckCharacter(text)).to.equal(false);
    });
  }
});
