import { expect } from 'chai';
import type { Regime } from '../../../../src/modules/catalogue/index.ts';
import type { Consignment } from '../../../../src/modules/declarations/declaration.ts';
import { homeRegimeAvoided } from '../../../../src/modules/verification/checks/home-regime-avoided.ts';
import { hsUnlikeKind } from '../../../../src/modules/verification/checks/hs-unlike-kind.ts';
import { licenceExpired } from '../../../../src/modules/verification/checks/licence-expired.ts';
import { regimeFieldMissing } from '../../../../src/modules/verification/checks/regime-field-missing.ts';
import { restrictedDestination } from '../../../../src/modules/verification/checks/restricted-destination.ts';
import { watchListed } from '../../../../src/modules/verification/checks/watch-listed.ts';
import { catalogue, factsOf, judged, press36, sent } from '../../../support/facts.ts';

describe('check hs-unlike-kind', () => {
  it('informs of a code that begins with none of the suggested ones', () => {
    const findings = hsUnlikeKind(factsOf({ lines: [press36({ hs: '8474.80' })] }));
    expect(judged(findings)).to.deep.equal(['hs-unlike-kind info']);
    expect(findings[0]?.because).to.contain('847989');
  });

  it('accepts longer codes however they are written, no code, and kinds without suggestion', () => {
    const { hs: _none, ...without } = press36();
    const lines = [
      press36({ hs: '8479.89.94' }),
      press36({ hs: '8479899400' }),
      without,
      sent({ kind: 'mixer', hs: '847990' }),
    ];
    expect(hsUnlikeKind(factsOf({ lines }))).to.deep.equal([]);
  });
});

describe('check home-regime-avoided', () => {
  it('warns of an item without a serial under another regime than the strict one at home', () => {
    const { serial: _serial, ...unmarked } = sent({ kind: 'die' });
    const lines = [unmarked, sent({ kind: 'die' }), { ...unmarked, kind: 'mixer' }];
    const findings = homeRegimeAvoided(factsOf({ lines, consignment: { regime: 'AU' } }));
    expect(judged(findings)).to.deep.equal(['home-regime-avoided warning']);
    expect(homeRegimeAvoided(factsOf({ lines, consignment: { regime: 'TW' } }))).to.deep.equal([]);
  });
});

describe('check regime-field-missing', () => {
  const regime: Regime = {
    code: 'XX',
    label: 'Made up',
    inForce: true,
    controls: ['press', 'die'],
    serialRule: 'if-any',
    requiredFields: [
      { path: 'licence.number', kinds: ['press', 'die'] },
      { path: 'items[].automation', kinds: ['press'] },
      { path: 'items[].marking.method', kinds: ['die'] },
      { path: 'items[].serial', kinds: ['die'] },
    ],
    sources: [],
  };
  const said = (
    lines: Parameters<typeof sent>[0][],
    consignment: Partial<Consignment> = {},
    changes: Partial<Regime> = {},
  ) =>
    regimeFieldMissing(
      factsOf({
        lines: lines.map((line) => sent(line)),
        consignment: { regime: 'XX', ...consignment },
        catalogue: { ...catalogue, findRegime: (code) => (code === 'XX' ? { ...regime, ...changes } : null) },
      }),
    );
  const press = { kind: 'press', automation: 'automatic' };
  const marking = { method: 'engraved', position: 'shank' };

  it('makes one finding a field and names the lines', () => {
    const findings = said([press, { kind: 'press' }, { marking }, {}, {}]);
    expect(findings.map(({ because }) => because)).to.deep.equal([
      'The regime XX asks for "licence.number", which the declaration leaves out.',
      'The regime XX asks for "automation", which line 2 leaves out.',
      'The regime XX asks for "marking.method", which lines 4 and 5 leave out.',
    ]);
    expect(findings.map(({ level, line }) => `${level} ${line}`)).to.deep.equal([
      'warning undefined',
      'warning 2',
      'warning undefined',
    ]);
    expect(findings[2]?.evidence).to.deep.equal({
      regime: 'XX',
      field: 'items[].marking.method',
      lines: [4, 5],
    });
  });

  it('has nothing to say when all is given, or about kinds the regime does not ask about', () => {
    expect(said([press, { marking }], { licence: { number: 'L-1' } })).to.deep.equal([]);
    expect(said([{ kind: 'hopper' }])).to.deep.equal([]);
  });

  it('counts a mark that the registry issued as no serial', () => {
    const { serial: _none, ...unmarked } = sent({ marking });
    const facts = factsOf({
      lines: [unmarked],
      consignment: { regime: 'XX', licence: { number: 'L-1' } },
      catalogue: { ...catalogue, findRegime: () => regime },
    });
    expect(regimeFieldMissing(facts).map(({ evidence }) => evidence?.['field'])).to.deep.equal([
      'items[].serial',
    ]);
  });

  it('shortens a long list of lines in the sentence alone', () => {
    const [finding] = said(
      Array.from({ length: 50 }, () => ({ kind: 'press' })),
      { licence: { number: 'L-1' } },
    );
    expect(finding?.because).to.contain('lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 40 more leave out');
    expect(finding?.evidence?.['lines']).to.have.length(50);
  });

  it('only informs under a bill that is not law, and says nothing without a regime', () => {
    expect(
      judged(said([{ kind: 'press' }], { licence: { number: 'L-1' } }, { inForce: false })),
    ).to.deep.equal(['regime-field-missing info']);
    expect(said([{ kind: 'press' }], { regime: 'ZZ' })).to.deep.equal([]);
  });

  it('asks a press under the shipped US rules for model, automation and licence', () => {
    const { model: _none, ...bare } = press36();
    const findings = regimeFieldMissing(factsOf({ lines: [bare], consignment: { regime: 'US' } }));
    expect(findings.map(({ evidence }) => evidence?.['field'])).to.deep.equal([
      'items[].model',
      'items[].automation',
      'licence',
    ]);
  });
});

describe('check licence-expired', () => {
  const said = (licence: Consignment['licence']) =>
    judged(
      licenceExpired(
        factsOf({
          consignment: { plannedExit: '2026-12-15', ...(licence === undefined ? {} : { licence }) },
        }),
      ),
    );

  it('warns of a licence that ends before the planned exit', () => {
    expect(said({ number: 'L-1', validUntil: '2026-12-14' })).to.deep.equal(['licence-expired warning']);
  });

  it('accepts one that ends on that day or later, and one whose end is not known', () => {
    expect(said({ number: 'L-1', validUntil: '2026-12-15' })).to.deep.equal([]);
    expect(said({ number: 'L-1' })).to.deep.equal([]);
    expect(said('L-1')).to.deep.equal([]);
    expect(said(undefined)).to.deep.equal([]);
  });
});

describe('check restricted-destination', () => {
  const party = (country: string) => ({ name: 'Someone', country });
  const listed = {
    ...catalogue,
    restricted: (code: string) => (code === 'AQ' ? { reason: 'Nobody lives there.' } : null),
  };
  const said = (consignment: Partial<Consignment>) =>
    restrictedDestination(factsOf({ consignment, catalogue: listed }));

  it('blocks the destination, once', () => {
    const findings = said({ destination: 'AQ', consignee: party('AQ'), endUser: party('AQ') });
    expect(judged(findings)).to.deep.equal(['restricted-destination block']);
    expect(findings[0]?.because).to.equal(
      'The destination, AQ, is on the list of restricted destinations (Nobody lives there).',
    );
  });

  it("warns of the consignee's and the end user's country where the destination is another", () => {
    const findings = said({ consignee: party('AQ'), endUser: party('AQ') });
    expect(judged(findings)).to.deep.equal([
      'restricted-destination warning',
      'restricted-destination warning',
    ]);
    expect(findings.map(({ evidence }) => evidence?.['field'])).to.deep.equal([
      'consignee.country',
      'endUser.country',
    ]);
    expect(said({})).to.deep.equal([]);
  });
});

describe('check watch-listed', () => {
  it('warns of each hit, tells role, closeness and score, and keeps the entry for the evidence', () => {
    const hit = {
      entityId: 'ent-7',
      name: 'IVANOV, Pyotr',
      score: 0.9,
      how: 'fuzzy',
      listedCountries: ['RU'],
    } as const;
    const findings = watchListed(
      factsOf({
        partyHits: [
          { role: 'endUser', name: 'Piotr Ivanow', hit },
          { role: 'broker', name: 'X', hit: { ...hit, how: 'exact', score: 1 } },
        ],
      }),
    );
    expect(judged(findings)).to.deep.equal(['watch-listed warning', 'watch-listed warning']);
    expect(findings[0]?.because).to.equal(
      'The end user "Piotr Ivanow" is a possible match with the watch list: a fuzzy match of names, score 0.90.',
    );
    expect(findings[0]?.evidence).to.include({
      entityId: 'ent-7',
      score: 0.9,
      role: 'endUser',
      listedName: 'IVANOV, Pyotr',
    });
    expect(findings[1]?.because)
      .to.contain('broker "X"')
      .and.to.contain('an exact match of names, score 1.00');
    expect(watchListed(factsOf())).to.deep.equal([]);
  });
});
