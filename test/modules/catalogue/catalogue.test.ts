import { expect } from 'chai';
import fc from 'fast-check';
import { countryName, loadCatalogue } from '../../../src/modules/catalogue/index.ts';

const catalogue = loadCatalogue('catalogue');

describe('the catalogue that is delivered', () => {
  it('holds every kind of item the register knows', () => {
    expect(catalogue.kinds.map((kind) => kind.code)).to.have.members([
      'press',
      'encapsulator',
      'upper-punch',
      'lower-punch',
      'die',
      'mould',
      'turret',
      'feed-frame',
      'hopper',
      'mixer',
      'other-part',
    ]);
    expect(catalogue.machineKinds).to.deep.equal(['press', 'encapsulator']);
  });

  it('says which regimes call a kind a key part', () => {
    expect(catalogue.findKind('die')?.keyPartIn).to.have.members(['TW', 'US-S2870', 'CA', 'CA-BC']);
    expect(catalogue.findKind('mould')?.keyPartIn).to.include.members(['CA', 'CA-BC']);
    expect(catalogue.findKind('mixer')?.keyPartIn).to.deep.equal(['CA-BC']);
    expect(catalogue.findKind('press')?.keyPartIn).to.deep.equal([]);
    expect(catalogue.findKind('spoon')).to.equal(null);
  });

  it('asks for a serial on machines and key parts under TW, and for no other field', () => {
    const taiwan = catalogue.findRegime('TW');
    expect(taiwan).to.include({ inForce: true, serialRule: 'required' });
    expect(taiwan?.controls).to.include.members([
      'press',
      'encapsulator',
      'upper-punch',
      'lower-punch',
      'die',
    ]);
    expect(taiwan?.requiredFields).to.deep.equal([]);
  });

  it('keeps the serial rules of the other regimes apart', () => {
    const rules = catalogue.regimes.map(({ code, serialRule, inForce }) => [code, serialRule, inForce]);
    expect(rules).to.have.deep.members([
      ['TW', 'required', true],
      ['US', 'if-any', true],
      ['US-S2870', 'required', false],
      ['CA', 'none', true],
      ['CA-BC', 'maker-or-part', true],
      ['AU', 'none', true],
    ]);
    expect(catalogue.findRegime('ZZ')).to.equal(null);
  });

  it('asks a field of the kinds it names, else of every controlled kind', () => {
    expect(catalogue.findRegime('US')?.requiredFields).to.deep.include({
      path: 'items[].automation',
      kinds: ['press', 'encapsulator'],
    });
    expect(catalogue.findRegime('CA-BC')?.requiredFields).to.deep.equal([
      { path: 'items[].automation', kinds: ['press', 'encapsulator', 'mixer'] },
    ]);
  });

  it('suggests HS codes by kind and none where none is known', () => {
    expect(catalogue.suggestHs('press')).to.deep.equal(['847989']);
    expect(catalogue.suggestHs('encapsulator')).to.deep.equal(['842230']);
    expect(catalogue.suggestHs('die')).to.deep.equal(['847990']);
    expect(catalogue.suggestHs('mixer')).to.deep.equal([]);
  });

  it('names countries in everyday English, and nothing else', () => {
    expect(['TW', 'ZA', 'XK'].map(countryName)).to.deep.equal(['Taiwan', 'South Africa', 'Kosovo']);
    expect(['tw', 'ZZ', 'EU', '', '<b>'].map(countryName)).to.deep.equal([null, null, null, null, null]);
  });

  it('knows countries by their upper-case code and ports by their form', () => {
    expect(['TW', 'DE', 'KP'].every(catalogue.isCountry)).to.equal(true);
    expect(['tw', 'TWN', '158', 'ZZ', ''].some(catalogue.isCountry)).to.equal(false);
    expect(['TWKHH', 'DEHAM', 'US2AB'].every(catalogue.isPort)).to.equal(true);
    expect(['TWKH', 'ZZKHH', 'TWKH1', 'twkhh', 'TWKHH ', 'TWKHH\n'].some(catalogue.isPort)).to.equal(false);
  });

  it('gives a reason for a restricted destination', () => {
    expect(catalogue.restricted('KP')?.reason).to.match(/^Illustrative entry/);
    expect(catalogue.restricted('DE')).to.equal(null);
  });
});

describe('findMaker and makerKey', () => {
  for (const spelling of [
    'Kikusui',
    'KIKUSUI',
    ' kiku-sui ',
    'Ｋｉｋｕｓｕｉ',
    '菊水製作所',
    'Kikusui Seisakusho, Ltd',
  ]) {
    it(`finds Kikusui as ${JSON.stringify(spelling)}`, () => {
      expect(catalogue.findMaker(spelling)?.id).to.equal('kikusui');
      expect(catalogue.makerKey(spelling)).to.equal('kikusui');
    });
  }

  it('keeps a maker that is no other maker apart', () => {
    expect(catalogue.findMaker('Kikusui Electronics')).to.equal(null);
    expect(catalogue.makerKey('Kikusui Electronics')).to.equal('kikusui-electronics');
    expect(catalogue.makerKey('IMA')).to.not.equal(catalogue.makerKey('IMA Kilian'));
  });

  it('makes one key of two forms of an unknown name', () => {
    expect(catalogue.makerKey('  Örtel & Söhne, GmbH ')).to.equal('örtel-söhne');
    expect(catalogue.makerKey('ÖRTEL — SÖHNE gmbh')).to.equal('örtel-söhne');
    expect(catalogue.makerKey('北辰機械')).to.equal('北辰機械');
  });

  const knownForms: [string, string][] = [
    ['Korsch GmbH', 'korsch'],
    ['KORSCH Inc.', 'korsch'],
    ['Kilian GmbH & Co. KG', 'kilian'],
    ['Natoli Engineering Co LLC', 'natoli'],
    ['IMA SpA', 'ima'],
    ['IMA S. p. A.', 'ima'],
    ['(株)菊水製作所', 'kikusui'],
  ];
  for (const [spelling, id] of knownForms) {
    it(`finds ${id} as ${spelling}, a legal form that the catalogue does not list`, () => {
      expect(catalogue.findMaker(spelling)?.id).to.equal(id);
      expect(catalogue.makerKey(spelling)).to.equal(id);
    });
  }

  const unknownForms: [string, string][] = [
    ['Acme Press Co., Ltd.', 'acme-press'],
    ['ACME PRESS (Pte) Limited', 'acme-press'],
    ['Acme Press S.A. de C.V.', 'acme-press'],
    ['Acme Press A/S', 'acme-press'],
    ['PT Acme Press', 'acme-press'],
    ['ООО «Акме Пресс»', 'акме-пресс'],
    ['北辰機械股份有限公司', '北辰機械'],
  ];
  for (const [spelling, key] of unknownForms) {
    it(`makes the key ${key} of ${spelling}`, () => {
      expect(catalogue.makerKey(spelling)).to.equal(key);
    });
  }

  it('keeps a name that is nothing but a legal form, and forms inside a name', () => {
    expect(catalogue.makerKey('Co., Ltd.')).to.equal('co-ltd');
    expect(catalogue.makerKey('株式会社')).to.equal('株式会社');
    expect(catalogue.makerKey('Co Press Works')).to.equal('co-press-works');
    expect(catalogue.makerKey('Press and Tool')).to.equal('press-and-tool');
  });

  it('gives keys that stand still whatever legal forms a name is made of', () => {
    const word = fc.constantFrom('Co.', 'Ltd', 'S.A.', 'de', 'C.V.', 'PT', 'OOO', 'ООО', '(株)', '有限公司', 'x', 'a', 'and', 'Acme');
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), fc.constantFrom(' ', '', '-'), (words, between) => {
        const key = catalogue.makerKey(words.join(between));
        expect(key).to.not.equal('');
        expect(catalogue.makerKey(key)).to.equal(key);
      }),
    );
  });

  it('tells makers that may be one under two spellings from two makers', () => {
    const alike: [string, string][] = [
      ['korsch', 'korsh'],
      ['korsch', 'korsch-berlin'],
      ['acme-press', 'acmepress'],
      ['fette-compacting', 'fette-compakting'],
    ];
    for (const [one, other] of alike) {
      expect(catalogue.makersAlike(one, other), other).to.equal(true);
      expect(catalogue.makersAlike(other, one), other).to.equal(true);
    }
    expect(catalogue.makersAlike('korsch', 'kilian')).to.equal(false);
    expect(catalogue.makersAlike('korsch', 'stokes-berlin')).to.equal(false);
    expect(catalogue.makersAlike('北辰機械', '金莲')).to.equal(false);
    expect(catalogue.makersAlike('ptk', 'kikusui')).to.equal(false);
  });

  it('never makes an empty key of a name with a letter or digit, and its keys stand still', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (name) => {
        const key = catalogue.makerKey(name);
        expect(catalogue.makerKey(key)).to.equal(key);
        if (/[\p{L}\p{N}]/u.test(name)) expect(key).to.not.equal('');
      }),
    );
    expect(catalogue.makerKey('--- !')).to.equal('');
  });
});

describe('findModel', () => {
  it('finds a model of its maker, whatever the spacing', () => {
    const model = catalogue.findModel('ima', 'COMPRIMA-300', 'press');
    expect(model).to.include({ stations: 36, tabletsPerHour: 300_000, sizeClass: 'industrial' });
    expect(catalogue.findModel('ima', 'comprima250', 'press')).to.include({ stations: 30 });
  });

  it('finds a model that many makers sell under any maker', () => {
    expect(catalogue.findModel('someone-else', 'zp-33', 'press')?.name).to.equal('ZP33');
    expect(catalogue.findModel('', 'ZP 21 W', 'press')?.stations).to.equal(21);
  });

  it("finds neither another maker's model nor one of another kind", () => {
    expect(catalogue.findModel('korsch', 'Comprima 300', 'press')).to.equal(null);
    expect(catalogue.findModel('ima', 'Comprima 300', 'die')).to.equal(null);
    expect(catalogue.findModel('ima', '', 'press')).to.equal(null);
  });

  it('tells whether a serial reads like the model, whatever its form', () => {
    const model = catalogue.findModel('', 'ZP33', 'press');
    const tooling = catalogue.findModel('natoli', 'TSM B', 'die');
    if (model === null || tooling === null) throw new Error('the models are missing');
    expect(catalogue.fitsSerialPattern(model, 'zp33 2025/00417')).to.equal(true);
    expect(catalogue.fitsSerialPattern(model, 'ZP35-2025-00417')).to.equal(false);
    expect(catalogue.fitsSerialPattern(tooling, 'anything')).to.equal(null);
  });

  it('marks every invented serial pattern as synthetic', () => {
    const invented = catalogue.models.filter((model) => model.serialPattern !== null);
    expect(invented).to.not.have.length(0);
    expect(invented.every((model) => model.synthetic)).to.equal(true);
  });
});
