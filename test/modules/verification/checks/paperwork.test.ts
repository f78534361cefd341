import { expect } from 'chai';
import type { Regime } from '../../../../src/modules/catalogue/index.ts';
import type { Consignment, Declaration } from '../../../../src/modules/declarations/declaration.ts';
import { exitElsewhere } from '../../../../src/modules/verification/checks/exit-elsewhere.ts';
import { homeRegimeAvoided } from '../../../../src/modules/verification/checks/home-regime-avoided.ts';
import { hsUnlikeKind } from '../../../../src/modules/verification/checks/hs-unlike-kind.ts';
import { licenceExpired } from '../../../../src/modules/verification/checks/licence-expired.ts';
import { plannedExitPast } from '../../../../src/modules/verification/checks/planned-exit-past.ts';
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

  it('only informs of a missing licence under a bill that is not law', () => {
    const asksLicence = { inForce: false, requiredFields: [{ path: 'licence', kinds: ['press'] }] };
    expect(judged(said([press], {}, asksLicence))).to.deep.equal(['licence-missing info']);
    expect(said([press], { licence: 'L-1' }, asksLicence)).to.deep.equal([]);
  });

  it('asks a press under the shipped US rules for model, automation and licence', () => {
    const { model: _none, ...bare } = press36();
    const findings = regimeFieldMissing(factsOf({ lines: [bare], consignment: { regime: 'US' } }));
    expect(findings.map(({ code, evidence }) => [code, evidence?.['field']])).to.deep.equal([
      ['regime-field-missing', 'items[].model'],
      ['regime-field-missing', 'items[].automation'],
      ['licence-missing', 'licence'],
    ]);
    expect(findings[2]?.because).to.equal('The regime US asks for a licence, and none is given.');
    expect(findings[2]?.level).to.equal('warning');
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
      'Exports to the destination, AQ, are not allowed: it is on the list of restricted destinations (Nobody lives there).',
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
    expect(findings[1]?.because)
      .to.contain('The end user is in AQ')
      .and.to.contain('a regulator has to decide')
      .and.not.to.contain('not allowed');
    expect(said({})).to.deep.equal([]);
  });
});

describe('check planned-exit-past', () => {
  const said = (plannedExit: string, declaration: Partial<Declaration> = {}) =>
    judged(plannedExitPast(factsOf({ consignment: { plannedExit }, declaration })));
  const informed = ['planned-exit-past info'];

  it('informs of a day that was over at the filing, and of no other', () => {
    expect(said('2026-11-18')).to.deep.equal(informed);
    expect(said('2026-11-20')).to.deep.equal([]);
    expect(said('2026-12-15')).to.deep.equal([]);
  });

  it('gives a day until it is over everywhere', () => {
    expect(said('2026-11-19', { filedAt: '2026-11-20T11:59:00.000Z' })).to.deep.equal([]);
    expect(said('2026-11-19', { filedAt: '2026-11-20T12:00:00.000Z' })).to.deep.equal(informed);
  });

  it('judges by the last amendment', () => {
    const recordedAt = '2026-12-20T08:00:00.000Z';
    const amended = {
      no: 2,
      type: 'amended',
      state: 'filed',
      occurredAt: recordedAt,
      recordedAt,
      by: null,
    } as const;
    expect(said('2026-12-15', { moves: [amended] })).to.deep.equal(informed);
  });
});

describe('check exit-elsewhere', () => {
  it("informs of a port of exit in another country than the exporter's", () => {
    expect(judged(exitElsewhere(factsOf({ consignment: { portOfExit: 'HKHKG' } })))).to.deep.equal([
      'exit-elsewhere info',
    ]);
    expect(exitElsewhere(factsOf({ consignment: { portOfExit: 'TWTPE' } }))).to.deep.equal([]);
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
          { role: 'broker', name: 'Pyotr Ivanov', hit: { ...hit, how: 'exact', score: 1 } },
          { role: 'consignee', name: hit.name, hit: { ...hit, how: 'exact', score: 1 } },
        ],
      }),
    );
    expect(judged(findings)).to.deep.equal(Array.from({ length: 3 }, () => 'watch-listed warning'));
    expect(findings[0]?.because).to.equal(
      'The end user "Piotr Ivanow" is a possible match with the watch list, which holds a similar name, score 0.90.',
    );
    expect(findings[0]?.evidence).to.include({
      entityId: 'ent-7',
      score: 0.9,
      role: 'endUser',
      listedName: 'IVANOV, Pyotr',
    });
    expect(findings[1]?.because)
      .to.contain('broker "Pyotr Ivanov"')
      .and.to.contain('holds the same name but for case, word order, script or legal form.')
      .and.not.to.contain('1.00');
    expect(findings[2]?.because).to.contain('holds the very name.');
    expect(watchListed(factsOf())).to.deep.equal([]);
  });
});
