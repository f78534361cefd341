import { expect } from 'chai';
import { columnsOf, csvHead, csvLine, jsonLine } from '../../../src/modules/audit/audit-text.ts';
import type { AuditRow } from '../../../src/modules/audit/row.ts';
import { evidenceOf } from '../../../src/modules/audit/row.ts';

const report = { columns: ['serial', 'missing', 'complete'] };
const row: AuditRow = {
  key: 'itm_1',
  code: 'gap',
  because: '=cmd|"/c calc"!A1 is no serial',
  at: '2026-11-02T09:00:00.000Z',
  org: '@acme',
  facts: { serial: '=HYPERLINK("http://x")', missing: -7, complete: undefined },
  evidence: { items: ['itm_1', 'itm_2'], more: 3 },
};

describe('the text of a report', () => {
  it('has a cell for each column, of which none begins a formula', () => {
    expect(csvHead(report)).to.equal(
      'key,code,at,org,destination,serial,missing,complete,items,events,declarations,lookups,more,because,cursor\r\n',
    );
    expect(csvLine(report, row, 'CUR')).to.equal(
      `itm_1,gap,2026-11-02T09:00:00.000Z,"'@acme",,"'=HYPERLINK(""http://x"")",-7,,itm_1 itm_2,,,,3,"'=cmd|""/c calc""!A1 is no serial",CUR\r\n`,
    );
  });

  it('holds the columns of a report beside what every row has', () => {
    expect(JSON.parse(jsonLine(row, 'CUR'))).to.deep.equal({
      key: 'itm_1',
      code: 'gap',
      at: row.at,
      org: '@acme',
      serial: '=HYPERLINK("http://x")',
      missing: -7,
      because: row.because,
      evidence: row.evidence,
      cursor: 'CUR',
    });
    const names = columnsOf(report);
    expect(new Set(names).size).to.equal(names.length);
  });
});

describe('evidence', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, no) => `id-${no}`);

  it('is each id once, at most 100 of a kind, with a count of the others', () => {
    expect(evidenceOf({ items: ['a', 'b', 'a'], events: [] })).to.deep.equal({ items: ['a', 'b'] });
    const { items, declarations, more } = evidenceOf({ items: ids(130), declarations: ids(101) });
    expect([items?.length, declarations?.length, more]).to.deep.equal([100, 100, 31]);
  });
});
