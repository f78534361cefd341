import { expect } from 'chai';
import { suddenVolume } from '../../../../src/modules/verification/checks/sudden-volume.ts';
import { factsOf, judged, tooling } from '../../../support/facts.ts';

const NOW = '2026-11-20T00:30:00.000Z';
const day = (date: string, items: number) => ({ day: date, items, looseByKind: {} });
/** Four weeks with 150 items each, so 50 a week over twelve; none in the last seven days. */
const HABIT = [
  day('2026-11-13', 150),
  day('2026-11-06', 150),
  day('2026-10-30', 150),
  day('2026-10-23', 150),
];

describe('check sudden-volume', () => {
  const said = (items: number, volumes = HABIT) =>
    judged(suddenVolume(factsOf({ now: NOW, lines: tooling({ upper: 0, lower: 0, die: items }), volumes })));
  const warned = ['sudden-volume warning'];

  it('warns from ten times the weekly mean on', () => {
    expect(said(500)).to.deep.equal(warned);
    expect(said(499)).to.deep.equal([]);
    expect(said(500, [...HABIT, day('2026-10-16', 1)])).to.deep.equal([]);
  });

  it('counts the other declarations of the last seven days, today included, as recent', () => {
    expect(said(1, [...HABIT, day('2026-11-14', 250), day('2026-11-20', 249)])).to.deep.equal(warned);
    expect(said(1, [...HABIT, day('2026-11-14', 250), day('2026-11-20', 248)])).to.deep.equal([]);
  });

  it('does not look back further than twelve weeks before the last seven days', () => {
    // 22 August lies in the twelfth week, 21 August before it.
    expect(said(500, [...HABIT, day('2026-08-22', 600)])).to.deep.equal([]);
    expect(said(500, [...HABIT, day('2026-08-21', 600)])).to.deep.equal(warned);
  });

  it('leaves small exporters and those without a habit alone', () => {
    expect(
      said(
        499,
        HABIT.map(({ day: date }) => day(date, 1)),
      ),
    ).to.deep.equal([]);
    expect(said(2_000, HABIT.slice(1))).to.deep.equal([]);
    expect(said(2_000, [day('2026-11-13', 5), day('2026-11-12', 5), ...HABIT.slice(2)])).to.deep.equal([]);
    expect(said(2_000, [])).to.deep.equal([]);
  });
});
