import { expect } from 'chai';
import fc from 'fast-check';
import { createScreening, loadCatalogue, type WatchedParty } from '../../../src/modules/catalogue/index.ts';

const parties = loadCatalogue('catalogue').watchedParties;
const screening = createScreening(parties);
const idOf = (name: string) => parties.find((party) => party.names.includes(name))?.id;

function watched(id: string, ...names: string[]): WatchedParty {
  return { id, schema: 'LegalEntity', names, countries: [], topics: [] };
}

describe('screening a party', () => {
  it('knows how many parties are watched', () => {
    expect(screening.size).to.equal(parties.length);
    expect(screening.size).to.be.at.least(25);
  });

  const sameName: [string, string][] = [
    ['Brackwater Tooling GmbH', 'BRACKWATER TOOLING'],
    ['Brackwater Tooling GmbH', 'Tooling, Brackwater (Ltd.)'],
    ['Golden Lotus Pharma Machinery Co., Ltd.', 'golden lotus pharma machinery company limited'],
    ['Comercializadora Peñasco Azul S.A. de C.V.', 'Comercializadora Penasco Azul'],
    ['Nordhavn Granulation A/S', 'Nordhavn Granulation'],
    ['José Ramón Núñez Ibarra', 'NUNEZ IBARRA, Jose Ramon'],
    ['María Ángeles Quiñones Tévez', 'Maria Angeles Quinones Tevez'],
    ['Дмитрий Алексеевич Воронцов', 'Воронцов Дмитрий Алексеевич'],
    ['ООО «Северный Пресс»', 'Северный пресс'],
    ['ЗАО Таблетмаш', 'OOO Tabletmash'],
    ['王砚舟', 'Yanzhou WANG'],
    ['王砚舟', 'Wang Yan Zhou'],
    ['金莲制药机械有限公司', '金莲制药机械'],
    ['黒潮打錠機株式会社', '黒潮打錠機(株)'],
    ['شركة النخلة الذهبية للمعدات', 'النخلة الذهبية للمعدات'],
    ['محمود الحسيني القاضي', 'Mahmoud Al Husseini AL-QADI'],
  ];
  for (const [listed, asked] of sameName) {
    it(`hits ${listed} exactly when asked for ${asked}`, () => {
      const [hit] = screening.screen({ name: asked });
      expect(hit).to.include({ how: 'exact', score: 1 });
      expect(parties.find((party) => party.id === hit?.entityId)?.names).to.include(listed);
    });
  }

  const alike: [string, string][] = [
    ['Brackwater Tooling GmbH', 'Brackwatter Tooling'],
    ['Brackwater Tooling GmbH', 'Drackwater Tooling GmbH'],
    ['Brackwater Tooling GmbH', 'Broadwater Tooling GmbH'], // the limit: a person decides
    ['Kestrelvane Industries Ltd', 'Kestrelvain Industries'],
    ['Kestrelvane', 'Kestrelvan'],
    ['ЗАО Таблетмаш', 'Tabletmach'],
    ['Дмитрий Алексеевич Воронцов', 'Dmitry Alekseevich Vorontsov'],
    ['Олександр Коваленчук', 'Oleksander Kovalenchuk'],
    ['Mahmoud Al-Husseini Al-Qadi', 'Mahmud Al-Husseini Al-Qadi'],
    ['Harrowgate Compounding Collective', 'Harrogate Compounding Colective'],
    ['Golden Palm Equipment Trading FZE', 'Goldenpalm Equipment Tradings'],
    ['Jinlian Zhiyao Jixie', 'Jin Lian Zhi Yao Ji Xe'],
  ];
  for (const [listed, asked] of alike) {
    it(`hits ${listed} with a score when asked for ${asked}`, () => {
      const [hit] = screening.screen({ name: asked });
      expect(hit).to.include({ how: 'fuzzy', entityId: idOf(listed) });
      expect(hit?.score).to.be.within(0.88, 0.99);
    });
  }

  const ordinary = [
    'Golden Lotus Tea House',
    'Golden Locust Farm Machinery Co., Ltd.',
    'Golden Dragon Pharma Machinery Co., Ltd.',
    'Silver Lotus Pharma Machinery Co., Ltd.',
    'Shenzhen Tablet Equipment Co Ltd',
    'Shenzhen Haifeng Tablet Equipment Co Ltd',
    'Beijing Mould Factory',
    'Three Bridges Encapsulation Inc',
    'Wang Wei',
    'Wang Yan',
    '王伟',
    'Chen Chih-ming',
    'Dmitri Ivanov',
    'José Núñez',
    'María Quiñones',
    'Distribuidora El Dorado S.A.',
    'Thaddeus Marlowe',
    'Blackwood Tooling GmbH',
    'Kestrel Industries Ltd',
    'Acme Pharmaceuticals Inc.',
    'Taipei Precision Works',
    'Co., Ltd.',
    'Zura',
    'Suri',
    '---',
    '',
  ];
  for (const name of ordinary) {
    it(`leaves ${JSON.stringify(name)} alone`, () => {
      expect(screening.screen({ name })).to.deep.equal([]);
    });
  }

  it('hits a name of fewer than five letters only when it is exact', () => {
    expect(screening.screen({ name: 'ZURI' })[0]).to.include({ how: 'exact', name: 'Zuri' });
    expect(screening.screen({ name: 'Zurri' })).to.deep.equal([]);
  });

  it('takes names that differ in a number for different names', () => {
    const plants = createScreening([watched('p', 'Pharmaceutical Plant 17')]);
    expect(plants.screen({ name: 'Pharmaceutical Plant 18' })).to.deep.equal([]);
    expect(plants.screen({ name: 'Pharmaceutical Plant no. 17' })).to.have.length(1);
  });

  it('answers once for a party with many spellings that fit, with the best of them', () => {
    const twice = createScreening([watched('p', 'Merrowdale Systems', 'Merrowdale System')]);
    expect(twice.screen({ name: 'Merrowdale Systems' })).to.deep.equal([
      { entityId: 'p', name: 'Merrowdale Systems', score: 1, how: 'exact', listedCountries: [] },
    ]);
  });

  it('names the very spelling asked for where several are equal', () => {
    const twice = createScreening([watched('p', 'Merrowdale Systems Ltd', 'Systems Merrowdale')]);
    expect(twice.screen({ name: 'Systems Merrowdale' })[0]?.name).to.equal('Systems Merrowdale');
    expect(twice.screen({ name: 'Merrowdale Systems Ltd' })[0]?.name).to.equal('Merrowdale Systems Ltd');
  });

  it('puts the party listed in the same country first among equals, asked in either order', () => {
    const both = createScreening([
      { ...watched('a', 'Merrowdale'), countries: ['FR'] },
      { ...watched('b', 'Merrowdale'), countries: ['NL'] },
    ]);
    const ids = (country: string) => both.screen({ name: 'Merrowdale', country }).map((hit) => hit.entityId);
    expect(ids('NL')).to.deep.equal(['b', 'a']);
    expect(ids('FR')).to.deep.equal(['a', 'b']);
  });

  it('finds every listed name exactly, whatever the order of its words', () => {
    const spellings = parties.flatMap((party) => party.names.map((name) => ({ party, name })));
    fc.assert(
      fc.property(fc.constantFrom(...spellings), fc.boolean(), ({ party, name }, upper) => {
        const asked = upper ? name.toUpperCase() : name;
        const hits = screening.screen({ name: asked });
        expect(hits.filter((hit) => hit.how === 'exact').map((hit) => hit.entityId)).to.include(party.id);
      }),
    );
  });

  it('answers for any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        for (const hit of screening.screen({ name })) expect(hit.score).to.be.within(0.88, 1);
      }),
    );
  });

  it('finds one misspelt name among thousands that share its words', () => {
    const crowd = Array.from({ length: 5_000 }, (_, at) =>
      watched(`c-${String(at)}`, `${at.toString(26).padStart(4, 'x')}on Pharma Machinery Trading`),
    );
    const crowded = createScreening([...crowd, watched('wanted', 'Quillbracken Pharma Machinery Trading')]);
    const [hit, ...others] = crowded.screen({ name: 'Quilbracken Pharma Machinery Trading' });
    expect(hit).to.include({ entityId: 'wanted', how: 'fuzzy' });
    expect(others).to.deep.equal([]);
  });

  it('gives the same answer again after 10,000 other names went by', () => {
    const asked = { name: 'Kestrelvain Industries' };
    const before = screening.screen(asked);
    for (let at = 0; at <= 10_000; at += 1) screening.screen({ name: `Q${String(at)}` });
    expect(screening.screen(asked)).to.deep.equal(before);
  });
});
