import { expect } from 'chai';
import { outcomeOf } from '../../../src/modules/declarations/index.ts';
import { RULE_SET_VERSION, runChecks } from '../../../src/modules/verification/checks.ts';
import {
  factsOf,
  historyOf,
  itemOf,
  PRESS_36,
  press36,
  registered,
  sent,
  tooling,
} from '../../support/facts.ts';

const wholeKit = [press36(), ...tooling({ upper: 36, lower: 36, die: 36 }, PRESS_36)];

describe('the checks together', () => {
  it('find nothing in an ordinary declaration of a press with its punches and dies', () => {
    expect(runChecks(factsOf({ lines: wholeKit }))).to.deep.equal([]);
  });

  it('find nothing when parts are sent after an ordinary press that is theirs', () => {
    const press = registered(press36());
    const facts = factsOf({
      lines: tooling({ upper: 36, lower: 36, die: 36 }),
      presses: new Map([[press.item.itemId, press]]),
    });
    const lines = facts.lines.map((each) => ({
      ...each,
      line: { ...each.line, pressId: press.item.itemId },
    }));
    expect(runChecks({ ...facts, lines })).to.deep.equal([]);
  });

  it('find nothing in a lone die of a known maker', () => {
    expect(runChecks(factsOf({ lines: [sent()] }))).to.deep.equal([]);
  });

  it('tell 20 findings of a code apart, the gravest first, and sum up the rest', () => {
    const lines = Array.from({ length: 60 }, (_, index) => sent({ serial: `K-${index}-D`, hs: '0101.21' }));
    const known = (line: { line: number; itemId: string }) => ({
      twins: [
        registered(line.line > 30 ? { serial: 'AOBB' } : { serial: 'AOBB', maker: 'Fette', kind: 'press' }),
      ],
    });
    const findings = runChecks(factsOf({ lines, known }));
    const twins = findings.filter(({ code }) => code === 'confusable-twin');
    expect(twins).to.have.length(21);
    expect(twins.slice(0, 20).map(({ line }) => line)).to.deep.equal(
      Array.from({ length: 20 }, (_, index) => index + 31),
    );
    expect(twins[20]).to.deep.include({ level: 'warning', because: 'The same goes for 40 more lines.' });
    expect(twins[20]?.evidence).to.deep.include({ more: 40 });
    expect(twins[20]?.evidence?.['lines']).to.include(60).and.to.include(1).and.not.to.include(31);
    expect(findings.filter(({ code }) => code === 'hs-unlike-kind')).to.have.length(21);
    expect(findings).to.have.length(42);
  });

  it('never lose the gravity of what they sum up', () => {
    const lines = Array.from({ length: 40 }, () => sent());
    const findings = runChecks(factsOf({ lines }));
    expect(outcomeOf(findings)).to.equal('refused');
    expect(findings.filter(({ level }) => level !== 'block')).to.deep.equal([]);
  });

  it('never tell the exporter what belongs to another organisation', () => {
    const hidden = [
      'other-exporter',
      'dcl_other',
      'evt_',
      'HIDDEN-TWIN',
      'HIDDEN-PRESS',
      'itm_',
      'Hidden',
      'Comprima 250',
      '77',
      'Listed Name',
      'ent-1',
    ];
    const other = registered(press36({ serial: 'HIDDEN-PRESS' })).item;
    const happened = (itemId: string) =>
      historyOf(
        itemId,
        { type: 'registered' },
        { type: 'declared' },
        { type: 'fitted', detail: { pressId: other.itemId } },
        { type: 'exited' },
        { type: 'destroyed' },
        { type: 'lost' },
        { type: 'stolen' },
        { type: 'seized' },
      );
    const lines = [press36({ stations: 36 }), sent({ partOf: PRESS_36 })];
    const facts = factsOf({
      lines,
      known: (line) => ({
        item: itemOf(line, { model: 'Comprima 250', stations: 77 }),
        before: happened(line.itemId),
        twins: [registered({ serial: 'HIDDEN-TWIN' })],
        sameSerial: [
          registered({ maker: 'Korsch Hidden' }),
          registered({ ...press36(), maker: 'IMA Hidden' }, { status: 'stolen' }),
        ],
        otherPress: other,
      }),
      partyHits: [
        {
          role: 'consignee',
          name: 'Given Name',
          hit: { entityId: 'ent-1', name: 'Listed Name', score: 0.9, how: 'fuzzy', listedCountries: ['AU'] },
        },
      ],
    });
    const findings = runChecks(facts);
    expect(new Set(findings.map(({ code }) => code))).to.include.all.keys(
      'claimed-by-another',
      'confusable-twin',
      'similar-maker',
      'exported-not-returned',
      'after-destroyed',
      'after-lost',
      'after-stolen',
      'after-seized',
      'same-serial-incident',
      'fitted-to-two-presses',
      'item-differs',
      'watch-listed',
    );
    for (const { code, because } of findings) {
      for (const secret of hidden) expect(because, code).not.to.contain(secret);
    }
  });

  it('are pure: the same facts give the same findings and stay as they were', () => {
    const facts = factsOf({ lines: [...wholeKit, sent({ serial: '0000' }), sent({ serial: '0000' })] });
    const before = JSON.stringify(facts.lines);
    expect(runChecks(facts)).to.deep.equal(runChecks(facts));
    expect(JSON.stringify(facts.lines)).to.equal(before);
  });

  it('carry a version', () => {
    expect(RULE_SET_VERSION).to.match(/^\d{4}-\d{2}-\d+$/);
  });
});
