import { expect } from 'chai';
import { createPageWriter } from '../../../src/modules/audit/report-page.ts';
import type { Report } from '../../../src/modules/audit/report.ts';
import type { AuditRow } from '../../../src/modules/audit/row.ts';

const REPORT: Report = {
  name: 'overdue',
  title: 'Items that never arrived',
  description: 'Why one should look at `never-arrived` items.',
  columns: ['serial', 'daysOverdue'],
  source: 'items',
  heeds: ['days'],
  defaults: { days: 30 },
  async *run() {},
};

const row = (no: number, facts: Partial<AuditRow> = {}): AuditRow => ({
  key: `row-${no}`,
  code: 'never-arrived',
  because: `Item ${no} has not arrived.`,
  at: '2026-03-04T05:06:07.000Z',
  org: 'acme',
  destination: 'AU',
  facts: { serial: `S-${no}`, daysOverdue: 1_000 + no },
  evidence: { items: [`itm_${no}`] },
  ...facts,
});

/** The document's pieces: its head, what comes on the way, its end. */
function written(rows: readonly AuditRow[], { report = REPORT, isRest = false } = {}) {
  const writer = createPageWriter(report, isRest);
  const head = writer.begin({ report, settings: { days: 45 }, now: '2026-11-26T01:02:03.456Z', total: 200 });
  const pieces = [0, 1].map((part) => {
    const half = rows.slice((part * rows.length) / 2, ((part + 1) * rows.length) / 2);
    const cursored = half.map((each) => ({ row: each, cursor: `after-${each.key}` }));
    return writer.piece({ rows: cursored, read: 100 * (part + 1), cursor: 'c' });
  });
  const end = [...writer.end()];
  return { head, pieces, end, text: [head, ...pieces, ...end].join('') };
}

describe('a report as a document', () => {
  it('says at its head what it is, when it was made and with which settings', () => {
    const { head } = written([]);
    expect(head).to.match(/^<!doctype html>\n<html lang="en">/);
    expect(head)
      .to.include('<h1>Items that never arrived</h1>')
      .and.include('Why one should look at <code>never-arrived</code> items.')
      .and.include('>2026-11-26 01:02:03</time> UTC')
      .and.include('<dt>Setting days</dt><dd>45</dd>')
      .and.include('200 items');
  });

  it('says that it is not complete until it is', () => {
    const { head, pieces, end } = written([row(1)]);
    const unfinished = [head, ...pieces].join('');
    expect(unfinished).to.include('Not complete yet.').and.include('50 % 100 % ');
    expect(unfinished).to.not.include('id="end"').and.not.include('Complete.');
    expect(end.at(-1)).to.match(/id="end".*Complete\..*1 finding in 200 records read.*<\/html>\n$/s);
  });

  it('has counts by code, country, time and exporter, and the rows with what shows them', () => {
    const { text } = written([
      row(1),
      row(2, { destination: 'MX', code: 'arrived-late', org: 'rival' }),
      row(3, { evidence: { items: ['itm_3'], events: ['evt_1', 'evt_2', 'evt_3'], more: 7 } }),
    ]);
    expect(text).to.include('3 findings in 200 records read.');
    expect(text).to.match(
      /<th scope="row">AU<\/th><td>Australia<\/td><td class="number">2<\/td><td class="number">66.7 %/,
    );
    expect(text).to.match(/<th scope="row"><code>arrived-late<\/code><\/th><td class="number">1</);
    expect(text.match(/<svg /g)).to.have.length(3);
    expect(text).to.include('Days overdue').and.include('>1,003</td>').and.include('Item 3 has not arrived.');
    expect(text).to.include('Events <code>evt_1</code> <code>evt_2</code> and 1 more. 7 records besides.');
    expect(text).to.not.include('more</strong> are not shown');
  });

  it('shows the first 1,000 rows and says how to get the others', () => {
    const rows = Array.from({ length: 1_500 }, (_, no) => row(no + 1));
    const { text, end } = written(rows);
    expect(text.match(/class="because"/g)).to.have.length(1_000);
    expect(text).to.include('<strong>500 findings more</strong>').and.include('Accept: text/csv');
    expect(text).to.include('<code>/v1/audit/overdue?days=45</code>');
    expect(text).to.include('<code>/v1/audit/overdue?days=45&amp;cursor=after-row-1000</code>');
    expect(text).to.include('1,500 findings in 200 records read.');
    expect(Math.max(...end.map(({ length }) => length))).to.be.below(100_000);
  });

  it('weighs summaries by their items', () => {
    const { text } = written([
      row(1, { facts: { items: 30 } }),
      row(2, { destination: 'MX', facts: { items: 10 } }),
    ]);
    expect(text).to.include('2 rows that add up to 40 items, in 200 records read.');
    expect(text).to.include('Destinations by items').and.include('Share of items').and.include('75.0 %');
  });

  it('shows instants among the facts as times, and no column that is empty', () => {
    const serial = '2026-05-06T07:08:09.000Z';
    const { text } = written([row(1, { facts: { serial } })]);
    expect(text).to.include(`datetime="${serial}">2026-05-06 07:08</time>`);
    expect(text).to.not.include('Days overdue');
  });

  it('says plainly that nothing was found', () => {
    const { text } = written([]);
    expect(text).to.include('This report found nothing in 200 records read.').and.include('Complete.');
    expect(text).to.not.include('<svg').and.not.include('<table');
  });

  it('says what no finding names', () => {
    const { at, org, destination, ...bare } = row(1);
    expect([at, org, destination]).to.not.include(undefined);
    const { text } = written([bare]);
    expect(text)
      .to.include('None of the findings names a destination.')
      .and.include('None of the findings names a time.')
      .and.include('None of the findings names an exporter.');
    expect(text).to.not.include('<svg').and.not.include('When (UTC)');
  });

  it('says that it is a part when it goes on after a row', () => {
    expect(written([], { isRest: true }).head).to.include('This is a part of the report');
    expect(written([]).head).to.not.include('This is a part of the report');
  });

  it('lets nothing from outside become markup, or hide', () => {
    const hostile = `<script>alert("1")</script>'&\u202E\u0007`;
    const facts = { serial: hostile, daysOverdue: hostile };
    const { text } = written([
      row(1, { code: hostile, org: hostile, destination: hostile, because: hostile, at: hostile, facts }),
      row(2, { evidence: { items: [hostile] } }),
    ]);
    for (const raw of ['<script', 'alert("', '\u202E', '\u0007']) expect(text).to.not.include(raw);
    expect(text).to.include('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;[U+202E][U+0007]');
    expect(text).to.not.match(/ style=| on\w+=| (href|src)=/);
  });
});
