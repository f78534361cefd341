import { expect } from 'chai';
import { listedParties } from '../../../src/modules/audit/reports/listed-parties.ts';
import { overdueArrivals } from '../../../src/modules/audit/reports/overdue-arrivals.ts';
import { partsWithoutPress } from '../../../src/modules/audit/reports/parts-without-press.ts';
import { regimeCompleteness } from '../../../src/modules/audit/reports/regime-completeness.ts';
import { summaries } from '../../../src/modules/audit/reports/summaries.ts';
import { unverifiedDeclarations } from '../../../src/modules/audit/reports/unverified-declarations.ts';
import type { Report } from '../../../src/modules/audit/report.ts';
import type { Declaration, DeclarationState, Move } from '../../../src/modules/declarations/index.ts';
import { foundBy, recordOf } from '../../support/auditing.ts';
import { declarationWith, lineWith } from '../../support/declarations.ts';
import { draftWith, itemWith } from '../../support/items.ts';
import { at } from '../../support/times.ts';

const DAY = 86_400_000;
const now = at(100 * DAY);
const consignment = (facts: Partial<Declaration['content']['consignment']> = {}) => ({
  ...declarationWith(1).content.consignment,
  ...facts,
});

function moveOf(no: number, type: Move['type'], state: DeclarationState, day: number): Move {
  const when = at(day * DAY);
  return { no, type, state, occurredAt: when, recordedAt: when, by: null };
}

describe('overdue-arrivals', () => {
  const exited = (no: number, day: number, facts: Partial<Declaration> = {}) => {
    const declaration = declarationWith(no);
    const moves = [
      ...declaration.moves,
      { ...moveOf(2, 'exited', 'exited', day), place: 'TWTXG', number: `TW-${no}` },
    ];
    return { ...declaration, state: 'exited' as const, number: `TW-${no}`, moves, ...facts };
  };

  it('names numbers that left so many days ago and did not arrive', async () => {
    const declarations = [
      exited(1, 9),
      exited(2, 11),
      exited(3, 0, { state: 'arrived' }),
      declarationWith(4),
    ];
    const rows = await foundBy(overdueArrivals, { declarations, now });
    expect(rows.map(({ key }) => key)).to.deep.equal(['dcl_0001']);
    expect(rows[0]).to.deep.include({
      code: 'arrival-overdue',
      at: at(9 * DAY),
      org: 'acme',
      destination: 'AU',
    });
    expect(rows[0]?.facts).to.deep.equal({
      reference: 'INV-1',
      status: 'exited',
      lines: 2,
      number: 'TW-1',
      portOfExit: 'TWTXG',
      onTheWay: 2,
      daysSince: 91,
    });
    expect(rows[0]?.because).to.equal(
      'Number TW-1 left TWTXG for AU 91 days ago; of 2 items no arrival is recorded.',
    );
    const lines = exited(1, 9).content.lines;
    const arrived = (count: number) =>
      lines
        .slice(0, count)
        .map(({ itemId, kind, serial, makerKey }) =>
          recordOf({ ...itemWith({ kind, serial, maker: makerKey }), itemId }, [
            draftWith(itemId, 'arrived'),
          ]),
        );
    const [some] = await foundBy(overdueArrivals, { declarations, items: arrived(1), now });
    expect(some?.because).to.match(/; of 1 of its 2 items no arrival is recorded\.$/);
    expect(some?.evidence.items).to.deep.equal([lines[1]?.itemId]);
    expect(await foundBy(overdueArrivals, { declarations, items: arrived(2), now })).to.deep.equal([]);
    const within = await foundBy(overdueArrivals, { declarations, now }, { days: 89 });
    expect(within.map(({ key }) => key)).to.deep.equal(['dcl_0001', 'dcl_0002']);
  });
});

describe('unverified-declarations', () => {
  it('names what waits for a check or a decision, since it was filed or amended after it was verified', async () => {
    const checked = declarationWith(2);
    const declarations: Declaration[] = [
      declarationWith(1),
      {
        ...checked,
        state: 'needs-review',
        moves: [...checked.moves, moveOf(2, 'checked', 'needs-review', 90)],
        verification: { attempt: 1, findings: [{ code: 'junk', level: 'warning', because: 'It is.' }] },
      },
      declarationWith(3, { filedAt: at(94 * DAY) }),
      declarationWith(4, { state: 'verified' }),
    ];
    const rows = await foundBy(unverifiedDeclarations, { declarations, now });
    expect(rows.map(({ key, code }) => [key, code])).to.deep.equal([
      ['dcl_0001', 'unchecked'],
      ['dcl_0002', 'undecided'],
    ]);
    expect(rows[1]?.facts).to.deep.include({ findings: 'junk', daysSince: 100 });
    expect(rows[1]?.because).to.equal('Declaration INV-2 of acme has waited for a decision for 100 days.');
    expect(await foundBy(unverifiedDeclarations, { declarations, now }, { days: 5 })).to.have.length(3);
    const amended = [
      ...checked.moves,
      moveOf(2, 'checked', 'verified', 10),
      moveOf(3, 'amended', 'filed', 80),
      moveOf(4, 'amended', 'filed', 99),
    ];
    const [late] = await foundBy(unverifiedDeclarations, {
      declarations: [{ ...checked, moves: amended }],
      now,
    });
    expect([late?.at, late?.facts['daysSince']]).to.deep.equal([at(80 * DAY), 20]);
  });
});

describe('listed-parties', () => {
  const listed = {
    id: 'Q1',
    schema: 'Company',
    names: ['Harbour Pharma Pty Ltd'],
    countries: ['AU'],
    topics: [],
  };
  const checkedWith = (no: number, facts: Partial<Declaration> = {}) =>
    declarationWith(no, {
      state: 'verified',
      verification: { attempt: 1, findings: [], checkedAt: at(1) },
      ...facts,
    });

  it('names the parties that the list of today holds and the checks of the time did not find', async () => {
    const known: Declaration['verification'] = {
      attempt: 1,
      checkedAt: at(1),
      findings: (['consignee', 'endUser'] as const).map((role) => ({
        code: 'watch-listed',
        level: 'warning',
        because: 'It is listed.',
        evidence: { role, entityId: 'Q1' },
      })),
    };
    const declarations = [
      checkedWith(1),
      checkedWith(2, { verification: known }),
      checkedWith(3, { state: 'refused' }),
      declarationWith(4),
    ];
    const rows = await foundBy(listedParties, { declarations, watched: [listed], now });
    expect(rows.map(({ key }) => key)).to.deep.equal(['dcl_0001 consignee Q1', 'dcl_0001 endUser Q1']);
    expect(rows[1]?.facts).to.deep.include({ role: 'endUser', entity: 'Q1', score: 1, how: 'exact' });
    expect(rows[1]?.because).to.equal(
      'The end user "Harbour Pharma Pty Ltd" of declaration INV-1 is a possible match with "Harbour Pharma Pty Ltd" on the watch list, which the checks of the time did not find.',
    );
    expect(await foundBy(listedParties, { declarations, now })).to.deep.equal([]);
  });
});

describe('parts-without-press', () => {
  it('names declarations with parts of no press, and says how many of which kind', async () => {
    const lines = [
      lineWith(1, { kind: 'press', serial: 'P-1' }),
      lineWith(2, { pressId: 'itm_press' }),
      lineWith(3),
      lineWith(4),
      lineWith(5, { kind: 'upper-punch' }),
    ];
    const content = { consignment: consignment(), lines };
    const declarations = [
      declarationWith(1, { content }),
      declarationWith(2, { content, state: 'withdrawn' }),
      declarationWith(3, { content: { ...content, lines: lines.slice(0, 2) } }),
    ];
    const rows = await foundBy(partsWithoutPress, { declarations, now });
    expect(rows).to.have.length(1);
    expect(rows[0]?.because).to.equal(
      'Declaration INV-1 of acme holds 2 dies and 1 upper punch of no known press.',
    );
    expect(rows[0]?.facts).to.deep.include({ parts: 3, kinds: 'die 2, upper-punch 1', lines: 5 });
    expect(rows[0]?.evidence).to.deep.equal({
      declarations: ['dcl_0001'],
      items: lines.slice(2).map(({ itemId }) => itemId),
    });
  });
});

describe('regime-completeness', () => {
  const lines = [lineWith(1, { kind: 'press', serial: 'P-1' }), lineWith(2, { assignedMark: true })];
  const under = (no: number, regime?: string, facts: Partial<Declaration> = {}) =>
    declarationWith(no, {
      content: { consignment: consignment(regime === undefined ? {} : { regime }), lines },
      ...facts,
    });
  const declarations = [
    under(1, 'CA-BC'),
    under(2, undefined, { country: 'CA' }),
    under(3, 'CA', { state: 'refused' }),
    under(4, undefined, { country: 'XX' }),
  ];

  it('holds each declaration against its own regime, or that of its country', async () => {
    const rows = await foundBy(regimeCompleteness, { declarations, now });
    expect(rows.map(({ key }) => key)).to.deep.equal(['dcl_0001 CA-BC', 'dcl_0002 CA']);
    expect(rows[0]).to.deep.include({ code: 'incomplete', org: 'acme', destination: 'AU' });
    expect(rows[0]?.evidence.declarations).to.deep.equal(['dcl_0001']);
  });

  it('holds them all against the one that is asked for', async () => {
    const rows = await foundBy(regimeCompleteness, { declarations, now }, { regime: 'CA' });
    expect(rows.map(({ key }) => key)).to.deep.equal(['dcl_0001 CA', 'dcl_0002 CA', 'dcl_0004 CA']);
    expect(rows[0]?.because).to.match(/^Declaration INV-1 of acme leaves out what CA asks for: /);
    expect(await foundBy(regimeCompleteness, { declarations, now }, { regime: 'NOWHERE' })).to.deep.equal([]);
  });

  it('names each line that leaves something out', async () => {
    const [row] = await foundBy(regimeCompleteness, { declarations: [under(1, 'US')], now });
    const missing = String(row?.facts['missing']).split(' ');
    expect(missing).to.include('items[].model');
    expect(row?.facts['linesIncomplete']).to.equal(1);
    expect(row?.evidence.items).to.deep.equal([lines[0]?.itemId]);
  });
});

describe('summaries', () => {
  const report = (what: string): Report => {
    const found = summaries.find(({ name }) => name === `summary-by-${what}`);
    if (found === undefined) throw new Error(`there is no summary by ${what}`);
    return found;
  };
  const bound = (destination: string) => ({
    ...declarationWith(1).content,
    consignment: consignment({ destination }),
  });
  const declarations = [
    declarationWith(1, { content: bound('AU'), state: 'exited' }),
    declarationWith(2, { content: bound('AU'), state: 'arrived', org: 'rival', filedAt: at(40 * DAY) }),
    declarationWith(3, { content: bound('KE'), state: 'filed' }),
    declarationWith(4, { content: bound('KE'), state: 'withdrawn' }),
    declarationWith(5, { content: bound('KE'), state: 'expired' }),
  ];

  it('count what was declared, exited and arrived, by exporter, destination and month', async () => {
    const counts = (rows: Awaited<ReturnType<typeof foundBy>>) =>
      rows.map(({ key, facts: { items, exited, arrived } }) => [key, items, exited, arrived]);
    expect(counts(await foundBy(report('exporter'), { declarations, now }))).to.deep.equal([
      ['acme', 4, 2, 0],
      ['rival', 2, 2, 2],
    ]);
    expect(counts(await foundBy(report('destination'), { declarations, now }))).to.deep.equal([
      ['AU', 4, 4, 2],
      ['KE', 2, 0, 0],
    ]);
    expect(counts(await foundBy(report('month'), { declarations, now }))).to.deep.equal([
      ['2026-11', 4, 2, 0],
      ['2026-12', 2, 2, 2],
    ]);
  });

  it('name their declarations, what they are about and in words what they say', async () => {
    const [au] = await foundBy(report('destination'), { declarations, now });
    expect(au).to.deep.equal({
      key: 'AU',
      code: 'destination-summary',
      because: 'AU: 4 items in 2 declarations; 4 exited, 2 arrived.',
      destination: 'AU',
      facts: {
        declarations: 2,
        items: 4,
        machines: 0,
        parts: 4,
        exited: 4,
        arrived: 2,
        exporters: 2,
        destinations: 1,
      },
      evidence: { declarations: ['dcl_0001', 'dcl_0002'] },
    });
  });
});
