import { expect } from 'chai';
import type { LineInput } from '../../../../src/modules/declarations/declaration.ts';
import type { ItemWithHead } from '../../../../src/modules/register/index.ts';
import { confusableTwin } from '../../../../src/modules/verification/checks/confusable-twin.ts';
import { itemDiffers } from '../../../../src/modules/verification/checks/item-differs.ts';
import {
  FILED_AT,
  factsOf,
  historyOf,
  itemOf,
  judged,
  press36,
  registered,
  sent,
} from '../../../support/facts.ts';

const warned = ['confusable-twin warning'];
const informed = ['confusable-twin info'];

describe('check confusable-twin', () => {
  const marked = sent({ serial: 'A0B8' });
  const beside = (...twins: ItemWithHead[]) =>
    confusableTwin(factsOf({ lines: [marked], known: () => ({ twins }) }));

  it('warns of a registered twin of the same maker or kind, and informs of one further off', () => {
    expect(judged(beside(registered({ serial: 'AOBB' })))).to.deep.equal(warned);
    expect(judged(beside(registered({ serial: 'AOBB', kind: 'press' })))).to.deep.equal(warned);
    expect(judged(beside(registered({ serial: 'AOBB', maker: 'Fette' })))).to.deep.equal(warned);
    expect(judged(beside(registered({ serial: 'AOBB', maker: 'Fette', kind: 'press' })))).to.deep.equal(
      informed,
    );
    expect(beside()).to.deep.equal([]);
  });

  it('makes one finding of all twins of a line, and tells which only in the evidence', () => {
    const findings = beside(
      registered({ serial: 'AOBB' }),
      registered({ serial: 'AQBB', maker: 'Fette', kind: 'press' }),
    );
    expect(judged(findings)).to.deep.equal(warned);
    expect(findings[0]?.evidence?.['serials']).to.deep.equal(['AOBB', 'AQBB']);
    expect(findings[0]?.because).not.to.contain('AOBB');
  });

  it('finds twins among the lines once, on the later line', () => {
    const within = (...lines: LineInput[]) => confusableTwin(factsOf({ lines }));
    const findings = within(marked, sent(), sent({ serial: 'AOBB' }));
    expect(judged(findings)).to.deep.equal(warned);
    expect(findings[0]?.line).to.equal(3);
    expect(findings[0]?.because).to.contain('die "A0B8" on line 1');
    expect(judged(within(marked, sent({ serial: 'AOBB', maker: 'Fette', kind: 'press' })))).to.deep.equal(
      informed,
    );
    expect(within(marked, sent({ serial: 'a0-b8', kind: 'press' }))).to.deep.equal([]);
  });

  it('says nothing of a registered twin that is itself a line, beyond what it says of the lines', () => {
    const lines = [marked, sent({ serial: 'AOBB' })];
    const facts = factsOf({
      lines,
      known: (line) => ({ twins: line.serial === 'A0B8' ? [registered({ serial: 'AOBB' })] : [] }),
    });
    expect(confusableTwin(facts).map(({ line }) => line)).to.deep.equal([2]);
  });

  it('finds the nearest twin however many lines came before', () => {
    const others = ['AOBB', 'AQBB', 'A0BB'].map((serial) => sent({ serial, maker: 'Fette', kind: 'press' }));
    const findings = confusableTwin(
      factsOf({ lines: [...others, sent({ serial: 'AQB8', kind: 'hopper' }), marked] }),
    );
    expect(judged(findings)).to.deep.equal([...warned, ...warned, ...informed, ...warned]);
    expect(findings.at(-1)?.evidence?.['lines']).to.deep.equal([4]);
  });

  it('only informs of a mistyped line that this declaration registered and dropped', () => {
    const { item } = registered({ serial: 'AOBB' });
    const dropped = factsOf({ lines: [sent({ serial: 'AOBB' })] }).lines.map(({ line }) => line);
    const amended = {
      no: 2,
      type: 'amended',
      state: 'filed',
      occurredAt: FILED_AT,
      recordedAt: FILED_AT,
      by: null,
    } as const;
    const against = (registeredAt: string, status: 'withdrawn' | 'declared') => {
      const twin = { item: { ...item, registeredAt }, head: { seq: 3, status } };
      const declaration = { moves: [{ ...amended, dropped }] };
      return judged(
        confusableTwin(factsOf({ lines: [marked], declaration, known: () => ({ twins: [twin] }) })),
      );
    };
    expect(against(FILED_AT, 'withdrawn')).to.deep.equal(informed);
    expect(against(FILED_AT, 'declared')).to.deep.equal(warned);
    expect(against(item.registeredAt, 'withdrawn')).to.deep.equal(warned);
    expect(against('9999-01-01T00:00:00.000Z', 'withdrawn'), 'registered by somebody later').to.deep.equal(
      warned,
    );
  });
});

describe('check item-differs', () => {
  const differs = (given: Partial<LineInput>, first: { model?: string; stations?: number }, earlier = true) =>
    itemDiffers(
      factsOf({
        lines: [press36(given)],
        known: (line) => ({
          item: itemOf(line, first),
          before: earlier ? historyOf(line.itemId, { type: 'registered' }) : [],
        }),
      }),
    );

  it('warns of another model that the catalogue knows and of another number of stations', () => {
    expect(judged(differs({}, { model: 'Comprima 250' }))).to.deep.equal(['item-differs warning']);
    expect(judged(differs({ stations: 36 }, { stations: 30 }))).to.deep.equal(['item-differs warning']);
    const [both] = differs({ stations: 36 }, { stations: 30, model: 'Comprima 250' });
    expect(both?.because).to.contain('The model and number of stations given for the tablet press');
    expect(both?.because).not.to.contain('250');
    expect(both?.evidence).to.include({ registeredModel: 'Comprima 250', registeredStations: 30 });
  });

  it('informs where the models may be two spellings, or the declaration itself registered the item', () => {
    expect(judged(differs({}, { model: 'Comprima III' }))).to.deep.equal(['item-differs info']);
    expect(judged(differs({ stations: 36 }, { stations: 30 }, false))).to.deep.equal(['item-differs info']);
  });

  it('has nothing to say where nothing differs or one side gave nothing', () => {
    expect(differs({}, { model: 'COMPRIMA-300' })).to.deep.equal([]);
    expect(differs({ stations: 36 }, {})).to.deep.equal([]);
    expect(differs({}, { stations: 30 })).to.deep.equal([]);
  });
});
