import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { Actor } from '../../src/kernel/actor.ts';
import type { App, ProblemView } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import { EXPORTER, REGULATOR, RIVAL } from '../support/declarations.ts';
import { overEngines } from '../support/engines.ts';
import { dieFiling } from '../support/kits.ts';

const NDJSON = 'application/x-ndjson';
const CSV = 'text/csv';
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

interface RowView {
  readonly key: string;
  readonly code: string;
  readonly because: string;
  readonly evidence: Readonly<Record<'items' | 'events' | 'declarations', readonly string[]>>;
  readonly cursor: string;
}

overEngines('audits over HTTP', (engine) => {
  let app: App;
  const shared: string[] = [];

  before(async () => {
    app = await startApp({}, { engine });
    for (const no of [1, 2, 3]) {
      const filing = (org: string) =>
        dieFiling(`${org}-${no}`, { items: [{ kind: 'die', maker: 'PTK', serial: `AUDIT-D-${no}0417` }] });
      const { items } = await app.file(filing('own'));
      shared.push(items[0]?.itemId ?? '');
      await app.file(filing('rival'), RIVAL);
    }
    await app.file(dieFiling('alone'));
  });
  after(() => app.close());

  const ask = (path: string, accept = NDJSON, as: Actor = REGULATOR) =>
    app.call<ProblemView>('GET', `/v1/audit/${path}`, { as, headers: { accept } });
  const rowsIn = (text: string): (Partial<RowView> & { end?: { rows: number } })[] =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RowView);

  it('names each item that two exporters declared, with the evidence, and says where it ends', async () => {
    const { status, text, headers } = await ask('several-exporters');
    expect(status).to.equal(200);
    expect(headers.get('content-type')).to.equal(NDJSON);
    const lines = rowsIn(text);
    expect(lines.pop()).to.deep.equal({ end: { rows: 3 } });
    expect(lines.map(({ key }) => key)).to.have.members(shared);
    for (const { evidence, because, code } of lines) {
      expect(code).to.equal('declared-by-several');
      expect(because).to.match(/^2 exporters declared the die "AUDIT-D-\d0417" of ptk: acme and rival\./);
      expect(evidence?.events).to.have.length(2);
      expect(evidence?.declarations).to.have.length(2);
    }
  });

  it('goes on after any row', async () => {
    const all = rowsIn((await ask('several-exporters')).text).slice(0, -1);
    for (const [index, { cursor }] of all.entries()) {
      const rest = rowsIn((await ask(`several-exporters?cursor=${cursor}`)).text);
      expect(rest.pop()).to.deep.equal({ end: { rows: all.length - index - 1 } });
      expect(rest).to.deep.equal(all.slice(index + 1));
    }
  });

  it('can be had as CSV', async () => {
    const { status, text, headers } = await ask('several-exporters', `${CSV}, ${NDJSON};q=0.5`);
    expect(status).to.equal(200);
    expect(headers.get('content-type')).to.equal(`${CSV}; charset=utf-8`);
    const [head, ...lines] = text.trimEnd().split('\r\n');
    expect(head).to.equal(
      'key,code,at,org,destination,serial,maker,kind,exporters,items,events,declarations,lookups,more,because,cursor',
    );
    expect(lines).to.have.length(3);
  });

  it('can be had as a document to read, whose one style alone may apply', async () => {
    const { status, text, headers } = await ask('several-exporters', BROWSER);
    expect(status).to.equal(200);
    expect(headers.get('content-type')).to.equal('text/html; charset=utf-8');
    expect([headers.get('vary'), headers.get('cache-control')]).to.deep.equal(['accept', 'no-store']);
    const [, style = ''] = /<style>(.*?)<\/style>/s.exec(text) ?? [];
    const policy = headers.get('content-security-policy')?.split(';').sort();
    expect(policy).to.deep.equal([
      "base-uri 'none'",
      "default-src 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    ]);
    expect(headers.get('x-content-type-options')).to.equal('nosniff');
    expect(headers.get('cross-origin-opener-policy')).to.equal('same-origin');
    expect(text).to.match(/^<!doctype html>.*<h1>Items declared by several exporters<\/h1>/s);
    expect(text).to.match(/Complete\..*3 findings in 4 records read\..*<\/html>\n$/s);
    for (const no of [1, 2, 3])
      expect(text).to.include(`die &quot;AUDIT-D-${no}0417&quot; of ptk: acme and rival.`);
  });

  it('is NDJSON to a client that takes anything, and a problem to a browser when something is wrong', async () => {
    const { headers } = await ask('several-exporters', '*/*');
    expect(headers.get('content-type')).to.equal(NDJSON);
    const wrong = await ask('several-exporters?cursor=WyJhIiwiYiIsImMiXQ', BROWSER);
    expect([wrong.status, wrong.body.code]).to.deep.equal([422, 'cursor-invalid']);
    expect(wrong.headers.get('content-security-policy')).to.not.include('style-src');
  });

  it('is a part of a document after a row', async () => {
    const [first] = rowsIn((await ask('several-exporters')).text);
    const { text } = await ask(`several-exporters?cursor=${first?.cursor}`, BROWSER);
    expect(text).to.include('This is a part of the report').and.include('2 findings in');
  });

  it('is refused in a type that there is not, with a cursor of another report, and for what it does not heed', async () => {
    expect((await ask('several-exporters', 'image/png')).status).to.equal(406);
    const unknown = await ask('no-such-report');
    expect(unknown.status).to.equal(404);
    const wrong = await ask('several-exporters?cursor=WyJhIiwiYiIsImMiXQ');
    expect([wrong.status, wrong.body.code]).to.deep.equal([422, 'cursor-invalid']);
    const unheeded = await ask('several-exporters?days=3');
    expect([unheeded.status, unheeded.body.errors?.[0]?.field]).to.deep.equal([422, 'days']);
  });

  it('says how far it has come, if asked', async () => {
    const { status, text } = await ask('several-exporters?progress=true');
    expect(status).to.equal(200);
    expect(rowsIn(text).at(-1)).to.deep.equal({ end: { rows: 3 } });
  });

  it('lists the reports', async () => {
    const { body } = await app.get<{ reports: { name: string; columns: string[] }[] }>(
      '/v1/audit',
      REGULATOR,
    );
    expect(body.reports.map(({ name }) => name)).to.include('several-exporters');
  });

  it('is for regulators alone', async () => {
    expect((await ask('several-exporters', NDJSON, EXPORTER)).status).to.equal(403);
  });
});
