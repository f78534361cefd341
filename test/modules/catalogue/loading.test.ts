import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadCatalogue, parseFtmLines } from '../../../src/modules/catalogue/index.ts';

describe('loadCatalogue', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'catalogue-'));
    cpSync('catalogue', directory, { recursive: true });
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  const write = (file: string, text: string | Uint8Array) => {
    writeFileSync(join(directory, file), text);
  };
  const edit = (file: string, from: string, to: string) => {
    const text = readFileSync(join(directory, file), 'utf8');
    expect(text).to.include(from);
    write(
      file,
      text.replace(from, () => to),
    );
  };
  const refuses = (file: string, fault: RegExp) => {
    expect(() => loadCatalogue(directory))
      .to.throw(Error, fault)
      .with.property('message')
      .that.includes(file);
  };

  it('gives one version to the same files and another after any edit', () => {
    const before = loadCatalogue(directory).version;
    expect(before).to.equal(loadCatalogue('catalogue').version);
    expect(before).to.match(/^[0-9a-f]{12}$/);
    edit('hs.json', '847989', '847982');
    expect(loadCatalogue(directory).version).to.not.equal(before);
  });

  it('takes the watch list from another file when one is named', () => {
    const line = JSON.stringify({ id: 'x-1', schema: 'Person', properties: { name: ['Somebody Else'] } });
    write('mine.jsonl', `${line}\n`);
    const catalogue = loadCatalogue(directory, join(directory, 'mine.jsonl'));
    expect(catalogue.watchedParties.map((party) => party.id)).to.deep.equal(['x-1']);
    expect(catalogue.version).to.not.equal(loadCatalogue(directory).version);
  });

  it('names a file that is missing', () => {
    rmSync(join(directory, 'makers.json'));
    refuses('makers.json', /is missing$/);
  });

  it('names a file that is no JSON, or no UTF-8', () => {
    write('makers.json', '{"makers": [');
    refuses('makers.json', /is not JSON/);
    write('makers.json', Uint8Array.of(0x22, 0xff, 0x22));
    refuses('makers.json', /is not UTF-8/);
  });

  const shapes: [string, string, string, string, RegExp][] = [
    [
      'a wrong type',
      'models.json',
      '"stations": 19',
      '"stations": "19"',
      /models\[1\]\.stations.* must be a number/,
    ],
    ['an unknown member', 'kinds.json', '"machine": true', '"machin": true', /kinds\[0\]\.machin/],
    ['a code used twice', 'kinds.json', '"code": "die"', '"code": "press"', /kinds\[4\].* duplicate/],
    [
      'a broken pattern',
      'models.json',
      '"^ZP19[0-9]{9}$"',
      '"^ZP19["',
      /models\[1\]\.serialPattern.* regular/,
    ],
    ['an unknown serial rule', 'regimes.json', '"if-any"', '"sometimes"', /regimes\[1\]\.serialRule/],
    ['an HS code with dots', 'hs.json', '"847989"', '"8479.89"', /suggestions\[0\]\.codes\[0\]/],
    [
      'a country with no such code',
      'restricted-destinations.json',
      '"KP"',
      '"ZZ"',
      /destinations\[0\]\.country/,
    ],
    [
      'a model of no known maker',
      'models.json',
      '"maker": "ima"',
      '"maker": "imma"',
      /models\[8\]\.maker: imma/,
    ],
    [
      'a regime with an unknown kind',
      'regimes.json',
      '"hopper"',
      '"happer"',
      /regimes\[0\]\.controls: happer/,
    ],
    [
      'a field asked of a kind not controlled',
      'regimes.json',
      '"mixer"] }',
      '"hopper"] }',
      /hopper is not controlled/,
    ],
    [
      'an HS suggestion for no kind',
      'hs.json',
      '"kind": "die"',
      '"kind": "dye"',
      /suggestions\[4\]\.kind: dye/,
    ],
    [
      'one spelling of two makers',
      'makers.json',
      '"Korsch AG"',
      '"FETTE"',
      /makers\[2\]: FETTE .*fette-compacting/,
    ],
    [
      'one spelling of two makers but for its legal form',
      'makers.json',
      '"Korsch AG"',
      '"Fette Ltd"',
      /makers\[2\]: Fette Ltd .*fette-compacting/,
    ],
    ['a model listed twice', 'models.json', '"name": "ZP33"', '"name": "ZP-19"', /models\[2\]: .*zp19/],
    [
      'an example unlike its pattern',
      'models.json',
      'ZP19-2025-00112',
      'ZP91-2025-00112',
      /models\[1\]\.serialExample/,
    ],
  ];
  for (const [what, file, from, to, fault] of shapes) {
    it(`refuses ${what} and names the place`, () => {
      edit(file, from, to);
      refuses(file, fault);
    });
  }

  it('names the line of the watch list that cannot be read', () => {
    write('watchlist.ftm.jsonl', '\n{"id": "a"\n');
    refuses('watchlist.ftm.jsonl', /line 2: is not JSON$/);
  });
});

describe('parseFtmLines', () => {
  const line = (entity: object) => JSON.stringify(entity);

  it('reads names, aliases, countries and topics', () => {
    const text = line({
      id: 'a-1',
      schema: 'Company',
      caption: 'A',
      datasets: ['x'],
      properties: { name: ['A Works'], alias: ['Works of A', 'A Works'], weakAlias: ['A'], country: ['tw'] },
    });
    expect(parseFtmLines(`${text}\r\n\n`)).to.deep.equal([
      { id: 'a-1', schema: 'Company', names: ['A Works', 'Works of A'], countries: ['TW'], topics: [] },
    ]);
  });

  it('passes over entities that are no parties', () => {
    expect(
      parseFtmLines(line({ id: 'a-1', schema: 'Address', properties: { full: ['Road 1'] } })),
    ).to.deep.equal([]);
    expect(parseFtmLines('')).to.deep.equal([]);
  });

  const bad: [object, RegExp][] = [
    [{ schema: 'Person', properties: { name: ['A'] } }, /line 1: "id" is required/],
    [{ id: 'a', schema: 'Person', properties: { name: 'A' } }, /line 1: "properties\.name" must be an array/],
    [{ id: 'a', schema: 'Person', properties: {} }, /line 1: the entity a has no name/],
    [['a'], /line 1: .* must be of type object/],
  ];
  for (const [entity, fault] of bad) {
    it(`refuses ${line(entity)}`, () => {
      expect(() => parseFtmLines(line(entity))).to.throw(Error, fault);
    });
  }

  it('refuses an id used twice', () => {
    const entity = line({ id: 'a', schema: 'Person', properties: { name: ['A'] } });
    expect(() => parseFtmLines(`${entity}\n${entity}`)).to.throw(Error, /line 2: the id a is used twice/);
  });
});
