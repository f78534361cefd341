import { expect } from 'chai';
import type { LineInput } from '../../../../src/modules/declarations/declaration.ts';
import type { ItemWithHead } from '../../../../src/modules/register/index.ts';
import { fittedToTwoPresses } from '../../../../src/modules/verification/checks/fitted-to-two-presses.ts';
import { kitIncomplete } from '../../../../src/modules/verification/checks/kit-incomplete.ts';
import { partsAddUp } from '../../../../src/modules/verification/checks/parts-add-up.ts';
import { pressUnknown } from '../../../../src/modules/verification/checks/press-unknown.ts';
import type { Facts } from '../../../../src/modules/verification/facts.ts';
import {
  factsOf,
  historyOf,
  itemOf,
  judged,
  PRESS_36,
  press36,
  registered,
  sent,
  tooling,
} from '../../../support/facts.ts';

describe('check press-unknown', () => {
  it('warns of a press that was not found, and of nothing else', () => {
    const lines = [
      press36(),
      sent({ partOf: PRESS_36 }),
      sent({ serial: 'K-2', partOf: 'ZP-NOWHERE' }),
      sent({ serial: 'K-3' }),
    ];
    const findings = pressUnknown(factsOf({ lines }));
    expect(findings.map(({ level, line }) => `${level} ${line}`)).to.deep.equal(['warning 3']);
    expect(findings[0]?.because).to.equal(
      'The die "K-2" is said to belong to the press "ZP-NOWHERE", but no machine of that serial is declared here or registered.',
    );
  });

  it('tells one fault from another', () => {
    const about = (machines: number, line: LineInput) =>
      pressUnknown(factsOf({ lines: [line], machinesNamed: new Map([['ZP7', machines]]) }))[0]?.because;
    expect(about(2, sent({ partOf: 'zp 7' }))).to.contain('but several machines carry that serial');
    expect(about(1, sent({ partOf: 'ZP-7' }))).to.contain('which was registered only afterwards');
    const press = factsOf({
      lines: [press36({ serial: 'ZP-7', partOf: 'ZP-7' })],
      machinesNamed: new Map([['ZP7', 1]]),
    });
    const lines = press.lines.map((each) => {
      const { pressId: _itself, ...line } = each.line;
      return { ...each, line };
    });
    expect(pressUnknown({ ...press, lines })[0]?.because).to.contain('which is itself');
  });
});

describe('check kit-incomplete', () => {
  const kit = (counts: Parameters<typeof tooling>[0], press: LineInput = press36()) =>
    kitIncomplete(factsOf({ lines: [press, ...tooling(counts, press.serial)] }));

  it('warns with the exact counts when a kind falls short', () => {
    const findings = kit({ upper: 20, lower: 36, die: 1 });
    expect(judged(findings)).to.deep.equal(['kit-incomplete warning']);
    expect(findings[0]?.because).to.equal(
      `The press "${PRESS_36}" has 36 stations, but the declaration holds 20 upper punches, 36 lower punches and 1 die for it.`,
    );
    expect(findings[0]?.evidence).to.deep.equal({
      stations: 36,
      'upper-punch': 20,
      'lower-punch': 36,
      die: 1,
    });
    expect(findings[0]?.line).to.equal(1);
    expect(judged(kit({ upper: 0, lower: 0, die: 36 }))).to.deep.equal(['kit-incomplete warning']);
    expect(judged(kit({ upper: 40, lower: 35, die: 36 }))).to.deep.equal(['kit-incomplete warning']);
  });

  it('accepts a whole kit and a press without any', () => {
    expect(kit({ upper: 36, lower: 36, die: 36 })).to.deep.equal([]);
    expect(kit({ upper: 0, lower: 0, die: 0 })).to.deep.equal([]);
  });

  it('informs of more than the stations carry', () => {
    expect(judged(kit({ upper: 36, lower: 36, die: 40 }))).to.deep.equal(['kit-oversized info']);
  });

  it('counts an item once however many lines it is on', () => {
    const parts = tooling({ upper: 36, lower: 36, die: 35 }, PRESS_36);
    const facts = factsOf({ lines: [press36(), ...parts, ...parts.slice(-1)] });
    expect(judged(kitIncomplete(facts))).to.deep.equal(['kit-incomplete warning']);
  });

  it('takes the stations from the line first, and leaves presses of unknown size and other machines alone', () => {
    const counts = { upper: 30, lower: 30, die: 30 };
    const { model: _none, ...unknown } = press36();
    expect(kit(counts, press36({ stations: 30 }))).to.deep.equal([]);
    expect(kit(counts, unknown)).to.deep.equal([]);
    expect(kit(counts, press36({ kind: 'encapsulator', stations: 36 }))).to.deep.equal([]);
  });

  it('uses the registered number of stations, which only the evidence tells', () => {
    const { model: _none, ...unknown } = press36();
    const lines = [unknown, ...tooling({ upper: 20, lower: 20, die: 20 }, PRESS_36)];
    const facts = factsOf({ lines, known: (line) => ({ item: itemOf(line, { stations: 24 }) }) });
    const [finding] = kitIncomplete(facts);
    expect(finding?.evidence?.['stations']).to.equal(24);
    expect(finding?.because).not.to.contain('24');
    expect(finding?.because).to.contain('20 upper punches, 20 lower punches and 20 dies');
  });

  describe('for a press that another declaration brought in', () => {
    const press = registered(press36());
    const { itemId } = press.item;
    const whole = { upper: 36, lower: 36, die: 36 };
    /** Parts on record, besides those of the declaration. */
    const onRecord = (counts: Parameters<typeof tooling>[0], head: Partial<ItemWithHead['head']> = {}) =>
      new Map([
        [itemId, tooling(counts).map((part) => registered({ ...part, serial: `R-${part.serial}` }, head))],
      ]);
    const lone = (fitted: Facts['fitted'], counts = { upper: 0, lower: 0, die: 1 }) => {
      const facts = factsOf({ lines: tooling(counts), presses: new Map([[itemId, press]]), fitted });
      const lines = facts.lines.map((each) => ({ ...each, line: { ...each.line, pressId: itemId } }));
      return kitIncomplete({ ...facts, lines });
    };

    it('only informs, and tells no counts of what is on record', () => {
      const findings = lone(onRecord({ upper: 29, lower: 36, die: 36 }));
      expect(judged(findings)).to.deep.equal(['kit-incomplete info']);
      expect(findings[0]?.line).to.equal(undefined);
      expect(findings[0]?.itemId).to.equal(itemId);
      expect(findings[0]?.because)
        .to.contain('0 upper punches, 0 lower punches and 1 die')
        .and.not.to.contain('29');
    });

    it('has nothing to say where parts on record complete the set', () => {
      expect(lone(onRecord(whole))).to.deep.equal([]);
      expect(lone(onRecord({ ...whole, die: 35 }))).to.deep.equal([]);
    });

    it('does not count parts on record that are gone or were never sent, nor a part twice', () => {
      for (const status of ['withdrawn', 'refused', 'destroyed'] as const) {
        expect(judged(lone(onRecord(whole, { status }))), status).to.deep.equal(['kit-incomplete info']);
      }
      const itself = new Map([[itemId, tooling({ ...whole, die: 35 }).map((part) => registered(part))]]);
      expect(judged(lone(itself))).to.deep.equal(['kit-incomplete info']);
    });

    it('has nothing to say where the parts on record are not known, or the press is not', () => {
      expect(lone(new Map())).to.deep.equal([]);
      expect(kitIncomplete(factsOf({ lines: tooling({ upper: 0, lower: 0, die: 1 }) }))).to.deep.equal([]);
    });
  });
});

describe('check fitted-to-two-presses', () => {
  const other = registered(press36({ serial: 'C300-22-0007' })).item;
  const fitted = { type: 'fitted', detail: { pressId: other.itemId } } as const;
  const said = (partOf: string | undefined, ...events: Parameters<typeof historyOf>[1][]) => {
    const part = sent(partOf === undefined ? {} : { partOf });
    const known = (line: { itemId: string }) => ({
      before: historyOf(line.itemId, ...events),
      otherPress: other,
    });
    return fittedToTwoPresses(factsOf({ lines: [press36(), part], known })).filter(({ line }) => line === 2);
  };

  it('warns of another press, which only the evidence names', () => {
    const findings = said(PRESS_36, fitted);
    expect(judged(findings)).to.deep.equal(['fitted-to-two-presses warning']);
    expect(findings[0]?.because).not.to.contain('C300-22-0007');
    expect(findings[0]?.evidence).to.include({ press: other.itemId, pressSerial: 'C300-22-0007' });
  });

  it('accepts a part that was removed, never fitted, said to be fitted by mistake or not fitted now', () => {
    expect(said(PRESS_36)).to.deep.equal([]);
    expect(said(PRESS_36, fitted, { type: 'removed' })).to.deep.equal([]);
    expect(said(PRESS_36, fitted, { type: 'withdrawn' })).to.deep.equal([]);
    expect(said(PRESS_36, fitted, { type: 'corrected', detail: { corrects: 'evt_1' } })).to.deep.equal([]);
    expect(said(undefined, fitted)).to.deep.equal([]);
  });

  it('accepts the press it was fitted to before', () => {
    const pressId = factsOf({ lines: [press36()] }).lines[0]?.line.itemId;
    expect(said(PRESS_36, fitted, { type: 'fitted', detail: { pressId } })).to.deep.equal([]);
  });
});

describe('check parts-add-up', () => {
  const earlier = (upper: number, lower: number, die: number) => [
    { day: '2026-10-01', items: upper + lower, looseByKind: { 'upper-punch': upper, 'lower-punch': lower } },
    { day: '2026-10-20', items: die, looseByKind: { die } },
  ];

  it('warns once loose parts of 90 days make a whole press', () => {
    const facts = factsOf({ lines: tooling({ upper: 0, lower: 0, die: 6 }), volumes: earlier(20, 18, 10) });
    const findings = partsAddUp(facts);
    expect(judged(findings)).to.deep.equal(['parts-add-up warning']);
    expect(findings[0]?.because).to.contain('20 upper punches, 18 lower punches and 16 dies');
    expect(findings[0]?.because).to.contain('16 stations');
  });

  it('accepts one part fewer, and declarations that add none', () => {
    const volumes = earlier(20, 18, 10);
    expect(partsAddUp(factsOf({ lines: tooling({ upper: 0, lower: 0, die: 5 }), volumes }))).to.deep.equal(
      [],
    );
    expect(
      partsAddUp(factsOf({ lines: [sent({ kind: 'hopper' })], volumes: earlier(40, 40, 40) })),
    ).to.deep.equal([]);
  });

  it('does not count parts whose press is named', () => {
    const lines = [press36(), ...tooling({ upper: 36, lower: 36, die: 36 }, PRESS_36)];
    expect(partsAddUp(factsOf({ lines, volumes: earlier(40, 40, 40) }))).to.deep.equal([]);
    const unnamed = lines.map(({ partOf: _none, ...line }) => line);
    expect(judged(partsAddUp(factsOf({ lines: unnamed })))).to.deep.equal(['parts-add-up warning']);
  });
});
