import { expect } from 'chai';
import { lookupPatterns } from '../../../src/modules/audit/reports/lookup-patterns.ts';
import { serialGaps } from '../../../src/modules/audit/reports/serial-gaps.ts';
import { splitKits } from '../../../src/modules/audit/reports/split-kits.ts';
import type { Declaration, Line } from '../../../src/modules/declarations/index.ts';
import { itemIdOf } from '../../../src/modules/register/index.ts';
import { foundBy, recordOf } from '../../support/auditing.ts';
import { declarationWith, lineWith } from '../../support/declarations.ts';
import { draftWith, itemWith } from '../../support/items.ts';
import { lookupWith } from '../../support/records.ts';
import { at } from '../../support/times.ts';

const DAY = 86_400_000;
const now = at(100 * DAY);
const TOOLS = ['upper-punch', 'lower-punch', 'die'];

function holding(no: number, lines: readonly Line[], facts: Partial<Declaration> = {}): Declaration {
  const { consignment } = declarationWith(no).content;
  return declarationWith(no, { filedAt: at(no * DAY), content: { consignment, lines }, ...facts });
}

describe('split-kits', () => {
  const press = lineWith(1, { kind: 'press', serial: 'P-1', stations: 2 });
  const partsOf = (kind: string, pressId?: string, count = 2): Line[] =>
    Array.from({ length: count }, (_, index) =>
      lineWith(10 + index, {
        kind,
        serial: `${kind}-${index}`,
        ...(pressId === undefined ? {} : { pressId }),
      }),
    );
  const fitted = TOOLS.map((kind) => partsOf(kind, press.itemId));
  const found = (...declarations: Declaration[]) => foundBy(splitKits, { declarations, now });

  it('names a press whose parts came in several declarations, and whether they make a whole set', async () => {
    const [upper = [], lower = [], dies = []] = fitted;
    const rows = await found(holding(1, [press, ...upper]), holding(2, lower), holding(3, dies));
    expect(rows).to.have.length(1);
    expect(rows[0]).to.deep.include({ key: press.itemId, code: 'kit-split', org: 'acme', at: at(3 * DAY) });
    expect(rows[0]?.facts).to.deep.include({ press: 'P-1', stations: 2, complete: true, shipments: 3 });
    expect(rows[0]?.because).to.equal(
      'For the press "P-1": 2 upper punches, 2 lower punches and 2 dies came in 3 declarations, together a whole set.',
    );
    expect(rows[0]?.evidence.declarations).to.deep.equal(['dcl_0001', 'dcl_0002', 'dcl_0003']);
    const [short] = await found(holding(1, [press, ...upper]), holding(2, lower));
    expect(short?.facts['complete']).to.equal(false);
  });

  it('counts the press as what a declaration brings', async () => {
    const [row] = await found(holding(1, [press]), holding(2, fitted.flat()));
    expect(row?.facts).to.deep.include({ press: 'P-1', shipments: 2, complete: true });
    expect(await found(holding(1, [press]))).to.deep.equal([]);
  });

  it('counts a part once, however often it was declared', async () => {
    const whole = [press, ...fitted.flat()];
    expect(await found(holding(1, whole), holding(2, whole))).to.deep.equal([]);
  });

  it('names loose parts that make a set only together, for one consignee', async () => {
    const [upper = [], lower = [], dies = []] = TOOLS.map((kind) => partsOf(kind));
    const rows = await found(holding(1, [...upper, ...lower]), holding(2, dies));
    expect(rows.map(({ code }) => code)).to.deep.equal(['loose-kit-split']);
    expect(rows[0]?.because).to.equal(
      'Of no known press, from acme for "Harbour Pharma Pty Ltd": 2 upper punches, 2 lower punches and 2 dies came in 2 declarations; none of them alone makes a set.',
    );
    const spare = TOOLS.map((kind) => lineWith(30, { kind, serial: `spare-${kind}` }));
    expect(await found(holding(1, spare), holding(2, partsOf('die', undefined, 5)))).to.deep.equal([]);
    const hidden = await found(holding(1, spare), holding(2, [...upper, ...lower]), holding(3, dies));
    expect(hidden.map(({ evidence }) => evidence.items?.length)).to.deep.equal([6]);
    expect(await found(holding(1, [...upper, ...lower]), holding(2, dies, { org: 'rival' }))).to.deep.equal(
      [],
    );
    expect(
      await found(holding(1, [...upper, ...lower]), holding(2, dies, { state: 'withdrawn' })),
    ).to.deep.equal([]);
  });
});

describe('serial-gaps', () => {
  const run = (from: number, to: number, prefix = 'D33-'): Line[] =>
    Array.from({ length: to - from + 1 }, (_, index) =>
      lineWith(index + 1, { serial: `${prefix}${String(from + index).padStart(4, '0')}` }),
    );
  const found = (...declarations: Declaration[]) => foundBy(serialGaps, { declarations, now });

  it('names the numbers that are left out between two runs, whatever the order of declarations', async () => {
    const [row, ...more] = await found(
      holding(2, run(28, 33)),
      holding(1, run(1, 10)),
      holding(3, run(11, 20)),
    );
    expect(more).to.deep.equal([]);
    expect(row).to.deep.include({ code: 'gap', org: 'acme', at: at(2 * DAY) });
    expect(row?.facts).to.deep.equal({
      maker: 'ptk',
      kind: 'die',
      from: 'D33-0021',
      to: 'D33-0027',
      missing: 7,
      before: 'D33-0020',
      after: 'D33-0028',
    });
    expect(row?.because).to.equal(
      'acme declared die serials of ptk up to "D33-0020" and on from "D33-0028", but not the 7 numbers between.',
    );
    expect(row?.evidence).to.deep.equal({
      items: ['D33-0020', 'D33-0028'].map((serial) => itemIdOf({ maker: 'ptk', kind: 'die', serial })),
      declarations: ['dcl_0003', 'dcl_0002'],
    });
  });

  it('tells a jump from a gap', async () => {
    const [row] = await found(holding(1, run(1, 10)), holding(2, run(500, 510)));
    expect([row?.code, row?.facts['missing']]).to.deep.equal(['jump', 489]);
  });

  it('leaves aside a gap whose numbers others registered, all of them', async () => {
    const declarations = [holding(1, run(1, 10)), holding(2, run(13, 20))];
    const others = (...numbers: number[]) =>
      numbers.map((number) => {
        const item = itemWith({ kind: 'die', serial: `D33-00${number}` });
        return recordOf(item, [draftWith(item.itemId, 'registered')]);
      });
    expect(await foundBy(serialGaps, { declarations, items: others(11), now })).to.have.length(1);
    expect(await foundBy(serialGaps, { declarations, items: others(11, 12), now })).to.deep.equal([]);
  });

  it('leaves aside numbers that do not count up, other series, and numbers that another declaration has', async () => {
    expect(await found(holding(1, run(1, 10)), holding(2, run(14, 16)))).to.deep.equal([]);
    expect(await found(holding(1, run(1, 10)), holding(2, run(20, 30, 'E-')))).to.deep.equal([]);
    expect(await found(holding(1, run(1, 10)), holding(2, run(20, 30), { org: 'rival' }))).to.deep.equal([]);
    expect(
      await found(holding(1, run(1, 10)), holding(2, run(20, 30)), holding(3, run(11, 19))),
    ).to.deep.equal([]);
    expect(await found(holding(1, run(1, 10)), holding(2, run(20, 30), { state: 'refused' }))).to.deep.equal(
      [],
    );
  });
});

describe('lookup-patterns', () => {
  const found = (lookups: ReturnType<typeof lookupWith>[], days = 365) =>
    foundBy(lookupPatterns, { lookups, now }, { days });
  const tried = (count: number, facts: Parameters<typeof lookupWith>[1] = {}) =>
    Array.from({ length: count }, (_, no) =>
      lookupWith(no, { serial: `ZP33-${String(no).padStart(5, '0')}`, verdict: 'clear', ...facts }),
    );

  it('names an officer who tries serial after serial', async () => {
    const rows = await found(tried(120));
    expect(rows.map(({ code }) => code)).to.deep.equal(['numbers-in-sequence']);
    expect(rows[0]?.facts).to.deep.include({
      officer: 'officer-1',
      lookups: 120,
      unknown: 0,
      longestRun: 120,
    });
    expect(rows[0]?.because).to.equal(
      'On 2026-11-02 officer-1 of au-border looked up 120 serials that follow one another, from "ZP33-00000" to "ZP33-00119".',
    );
    expect(rows[0]?.evidence).to.deep.include({ more: 20 });
    expect(await found(tried(99))).to.deep.equal([]);
    const broken = tried(120).map((each, no) => (no % 50 === 0 ? { ...each, serial: 'A die' } : each));
    expect(await found(broken)).to.deep.equal([]);
  });

  it('names an officer most of whose serials nobody registered', async () => {
    const odd = (no: number) => `X${no * 7}-${no}`;
    const lookups = tried(100).map((each, no) => ({
      ...each,
      serial: odd(no),
      verdict: no < 80 ? ('unknown' as const) : ('clear' as const),
    }));
    const rows = await found(lookups);
    expect(rows.map(({ code, facts }) => [code, facts['unknown']])).to.deep.equal([['mostly-unknown', 80]]);
    expect(await found(lookups.slice(1))).to.deep.equal([]);
  });

  it('names an item that three offices looked up', async () => {
    const offices = ['tw-kaohsiung', 'au-sydney', 'nz-auckland'];
    const lookups = offices.map((org, no) =>
      lookupWith(no, { org, country: org.slice(0, 2).toUpperCase(), itemIds: ['itm_1'] }),
    );
    const [row, ...more] = await found(lookups);
    expect(more).to.deep.equal([]);
    expect(row).to.deep.include({ key: 'itm_1', code: 'looked-up-in-many-places', at: at(2) });
    expect(row?.facts).to.deep.include({ item: 'itm_1', offices: 3, countries: 'TW AU NZ' });
    expect(row?.evidence).to.deep.equal({
      items: ['itm_1'],
      lookups: lookups.map(({ lookupId }) => lookupId),
    });
    expect(await found(lookups.slice(1))).to.deep.equal([]);
  });

  it('looks back as far as it is told', async () => {
    expect(await found(tried(120), 99)).to.deep.equal([]);
    expect(await found(tried(120), 101)).to.have.length(1);
  });
});
