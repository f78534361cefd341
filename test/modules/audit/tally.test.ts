import { expect } from 'chai';
import type { TalliedRow } from '../../../src/modules/audit/tally.ts';
import { createTally, foremost } from '../../../src/modules/audit/tally.ts';
import { timelineOf } from '../../../src/modules/audit/timeline.ts';

const row = (facts: Partial<TalliedRow> = {}): TalliedRow => ({ code: 'found', facts: {}, ...facts });

function tallied(rows: Iterable<TalliedRow>, mostNames?: number) {
  const tally = createTally(undefined, mostNames);
  for (const each of rows) tally.add(each);
  return tally.result();
}

describe('the tally of a report', () => {
  it('counts by code, destination, organisation and time, largest first', () => {
    const { codes, destinations, orgs, days, months, all, unit } = tallied([
      row({ destination: 'AU', org: 'acme', at: '2026-01-31T23:59:59.999Z' }),
      row({ destination: 'MX', org: 'acme', at: '2026-02-01T00:00:00.000Z' }),
      row({ destination: 'MX', code: 'other' }),
    ]);
    expect(unit).to.equal('findings');
    expect(all).to.deep.equal({ findings: 3, value: 3 });
    expect(codes.slices.map(({ name, value }) => [name, value])).to.deep.equal([
      ['found', 2],
      ['other', 1],
    ]);
    expect(destinations.slices.map(({ name }) => name)).to.deep.equal(['MX', 'AU']);
    expect(orgs.slices).to.deep.equal([{ name: 'acme', findings: 2, value: 2 }]);
    expect(orgs.unsaid.findings).to.equal(1);
    expect(days.slices.map(({ name }) => name)).to.deep.equal(['2026-01-31', '2026-02-01']);
    expect(months.slices.map(({ name }) => name)).to.deep.equal(['2026-01', '2026-02']);
  });

  it('tells a bounded number of names apart and loses no row', () => {
    const rows = Array.from({ length: 1_000 }, (_, no) => row({ org: `org-${no % 250}`, destination: 'AU' }));
    const { orgs, destinations } = tallied(rows, 100);
    expect(orgs.slices).to.have.length(100);
    expect(orgs.others).to.deep.equal({ findings: 600, value: 600 });
    expect(destinations.others.findings).to.equal(0);
    const { slices, others } = foremost(orgs, 20);
    expect(slices).to.have.length(20);
    expect(others.findings).to.equal(1_000 - 20 * 4);
  });

  it('weighs by items when every row says how many', () => {
    const summary = [
      row({ destination: 'AU', facts: { items: 5, declarations: 1 } }),
      row({ destination: 'MX', facts: { items: 70, declarations: 1 } }),
    ];
    const { unit, all, destinations } = tallied(summary);
    expect(unit).to.equal('items');
    expect(all).to.deep.equal({ findings: 2, value: 75 });
    expect(destinations.slices).to.deep.equal([
      { name: 'MX', findings: 1, value: 70 },
      { name: 'AU', findings: 1, value: 5 },
    ]);
    for (const items of ['7', undefined, Number.NaN, -1]) {
      const mixed = tallied([...summary, row({ destination: 'AU', facts: { items } })]);
      expect([mixed.unit, mixed.destinations.slices[0]]).to.deep.equal([
        'findings',
        { name: 'AU', findings: 2, value: 2 },
      ]);
    }
  });

  it('counts findings when all of them stand for nothing', () => {
    expect(tallied([row({ facts: { items: 0 } })])).to.deep.include({
      unit: 'findings',
      all: { findings: 1, value: 1 },
    });
  });
});

describe('the timeline of a report', () => {
  const timeline = (...days: string[]) =>
    timelineOf(tallied(days.map((day) => row({ at: `${day}T12:00:00.000Z` }))));

  it('has a period for each day, month or year of the span, also those without a finding', () => {
    const byDay = timeline('2026-02-27', '2026-03-02', '2026-02-27');
    expect(byDay.step).to.equal('day');
    expect(byDay.periods).to.deep.equal([
      { name: '2026-02-27', value: 2 },
      { name: '2026-02-28', value: 0 },
      { name: '2026-03-01', value: 0 },
      { name: '2026-03-02', value: 1 },
    ]);
    const byMonth = timeline('2025-11-30', '2026-02-01');
    expect(byMonth.step).to.equal('month');
    expect(byMonth.periods.map(({ name }) => name)).to.deep.equal([
      '2025-11',
      '2025-12',
      '2026-01',
      '2026-02',
    ]);
    const byYear = timeline('2015-01-01', '2026-01-01');
    expect([byYear.step, byYear.periods.length, byYear.periods.at(-1)?.name]).to.deep.equal([
      'year',
      12,
      '2026',
    ]);
  });

  it('has at most 60 periods, and every finding in one of them', () => {
    for (const days of [
      ['2026-01-01', '2026-03-01'],
      ['2026-01-01', '2026-03-02'],
      ['2021-01-01', '2025-12-31'],
      ['2021-01-01', '2026-01-01'],
      ['1967-01-01', '2026-01-01'],
      ['1966-12-31', '2026-01-01'],
      ['0001-01-01', '9999-12-31'],
    ]) {
      const { periods } = timeline(...days);
      expect(periods.length, days.join()).to.be.within(2, 60);
      expect(periods.reduce((sum, { value }) => sum + value, 0)).to.equal(2);
    }
  });

  it('goes by month when there are more days than are told apart, and says what is beyond the months', () => {
    const days = Array.from({ length: 40 }, (_, no) =>
      row({ at: new Date(Date.UTC(2026, no, 1)).toISOString() }),
    );
    const { step, periods, beyond } = timelineOf(tallied(days, 30));
    expect([step, periods.length, beyond]).to.deep.equal(['month', 30, 10]);
  });

  it('is empty without a time', () => {
    expect(timelineOf(tallied([row()])).periods).to.deep.equal([]);
  });
});
