import { expect } from 'chai';
import fc from 'fast-check';
import { differences, MAX_SERIAL_LENGTH, serialFold, serialKey } from '../../src/kernel/serial.ts';

const anyText = fc.string({ unit: 'binary', maxLength: MAX_SERIAL_LENGTH });
/** Any UTF-16 code units at all: surrogates without their other half are the rule. */
const anyCodeUnits = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
  .map((units) => String.fromCharCode(...units));
const nearSurrogates = fc
  .array(
    fc.constantFrom('\uD801', '\uDC00', '-', 'a', '0', '\u0301', '\u1100', '\u1161', '\u11A8', '\u0345'),
    {
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(''));
const texts = fc.oneof(anyText, anyCodeUnits, nearSurrogates);

function* everyCharacter(): Generator<string> {
  for (let code = 0; code <= 0x10ffff; code += 1) yield String.fromCodePoint(code);
}

describe('serialKey', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['ZP33-2025-00417', 'ZP33202500417'],
    ['zp33 2025/00417', 'ZP33202500417'],
    ['ＺＰ３３－２０２５－００４１７', 'ZP33202500417'],
    ['TDP1.5/25/0B8S', 'TDP15250B8S'],
    ['straße', 'STRASSE'],
    ['e\u0301-1', 'É1'],
    ['№ 12', 'NO12'],
    ['\uD800A\uDFFF1', 'A1'],
    ['\uD801-\uDC00', ''],
    [' -_./\t\n', ''],
    ['', ''],
  ];
  for (const [serial, key] of cases) {
    it(`makes ${JSON.stringify(key)} of ${JSON.stringify(serial)}`, () => {
      expect(serialKey(serial)).to.equal(key);
    });
  }

  it('is idempotent for every single character', () => {
    for (const character of everyCharacter()) {
      const key = serialKey(character);
      if (serialKey(key) !== key) expect.fail(`U+${character.codePointAt(0)?.toString(16) ?? ''}`);
    }
  });

  it('is idempotent where dropping a character lets its neighbours compose', () => {
    const key = serialKey('\u1100-\u1161');
    expect(key).to.equal('\uAC00');
    expect(serialKey(key)).to.equal(key);
  });

  it('is idempotent and holds letters and digits only, for any text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const key = serialKey(text);
        expect(key).to.match(/^[\p{L}\p{N}]*$/u);
        expect(serialKey(key)).to.equal(key);
      }),
    );
  });

  it('treats ASCII like any other text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        // U+0301 and the dash are dropped, but force the general path.
        expect(serialKey(text)).to.equal(serialKey(`${text}-\u0301`));
        expect(serialFold(text)).to.equal(serialFold(`${text}-\u0301`));
      }),
    );
  });
});

describe('serialFold', () => {
  const equals: readonly (readonly [string, string, string])[] = [
    ['O, Q and 0', 'OQ0', '000'],
    ['I, L and 1, small ones too', 'ILil1', '11111'],
    ['Z S G B', 'zsgb', '2568'],
    ['a plate as read', 'zp33 2O25-0O4l7', serialFold('ZP33-2025-00417')],
    ['a twin', 'A0B8', serialFold('AOBB')],
    ['Cyrillic capitals', 'АВЕКМНОРСТХУЅІЈ', serialFold('ABEKMHOPCTXYSIJ')],
    ['Cyrillic small letters', 'аекморсхуѕіј', serialFold('AEKMOPCXYSIJ')],
    ['Greek capitals', 'ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', serialFold('ABEZHIKMNOPTYX')],
    ['Greek small letters', 'αβεζηικμνορτυχ', serialFold('ABEZHIKMNOPTYX')],
    ['Armenian and Cherokee', 'ՕՍᎪᏴᏟ', serialFold('OUABC')],
    ['Turkish i in both shapes', 'ıİ', '11'],
    ['long s', 'ſ', '5'],
    ['the ideographic zero', '二〇', '二0'],
    ['Cyrillic Ze', 'З3', '33'],
  ];
  for (const [title, serial, fold] of equals) {
    it(`folds ${title}`, () => {
      expect(serialFold(serial)).to.equal(fold);
    });
  }

  it('keeps serials apart that differ in anything else', () => {
    expect(serialFold('ZP33-2025-00417')).to.not.equal(serialFold('ZP33-2025-00477'));
    expect(serialFold('ACDEFHJKMNPRTUVWXY34579')).to.equal('ACDEFHJKMNPRTUVWXY34579');
  });

  it('is idempotent, and as long as the key, for every single character', () => {
    for (const character of everyCharacter()) {
      const fold = serialFold(character);
      const wrong = serialFold(fold) !== fold || fold.length !== serialKey(character).length;
      if (wrong) expect.fail(`U+${character.codePointAt(0)?.toString(16) ?? ''}`);
    }
  });

  it('is idempotent, and the same for a serial and its key, for any text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const fold = serialFold(text);
        expect(serialFold(fold)).to.equal(fold);
        expect(serialFold(serialKey(text))).to.equal(fold);
        expect(fold).to.have.lengthOf(serialKey(text).length);
      }),
    );
  });
});

describe('differences', () => {
  it('finds none between identical texts', () => {
    expect(differences('ZP33-1', 'ZP33-1')).to.deep.equal([]);
  });

  it('marks each confusable character by its place in the marked key', () => {
    expect(differences('zp33 2O25-0O4l7', 'ZP33-2025-00417')).to.deep.equal([
      { kind: 'confusable', position: 5, read: 'O', marked: '0' },
      { kind: 'confusable', position: 9, read: 'O', marked: '0' },
      { kind: 'confusable', position: 11, read: 'L', marked: '1' },
    ]);
  });

  it('says form, once, when only the writing differs', () => {
    expect(differences('zp33/1', 'ZP33-1')).to.deep.equal([
      { kind: 'form', position: -1, read: 'zp33/1', marked: 'ZP33-1' },
    ]);
  });

  it('counts places behind a character of two code units', () => {
    expect(differences('\u{20000}O', '\u{20000}0')).to.deep.equal([
      { kind: 'confusable', position: 2, read: 'O', marked: '0' },
    ]);
  });

  it('refuses serials that differ by more', () => {
    expect(() => differences('A1', 'A2')).to.throw(RangeError);
  });

  it('turns the marked key into the read key wherever it says so', () => {
    const lookAlikes = fc.array(
      fc.tuple(fc.constantFrom('0OQ', '1IL', '2Z', '5S', '6G', '8B', 'AА', 'EΕ'), fc.nat(2), fc.nat(2)),
    );
    fc.assert(
      fc.property(lookAlikes, (choices) => {
        const pick = (set: string, at: number): string => set.charAt(at % set.length);
        const read = choices.map(([set, at]) => pick(set, at)).join('');
        const marked = choices.map(([set, , at]) => pick(set, at)).join('');
        const patched = [...marked];
        for (const found of differences(read, marked)) {
          expect(patched[found.position]).to.equal(found.marked);
          patched[found.position] = found.read;
        }
        expect(patched.join('')).to.equal(read);
      }),
    );
  });
});
