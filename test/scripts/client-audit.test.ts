import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import { runClient, runClientUnread } from '../support/client.ts';
import { EXPORTER, REGULATOR, RIVAL } from '../support/declarations.ts';
import { temporaryFolder } from '../support/folders.ts';
import { dieFiling } from '../support/kits.ts';

describe('the command-line client, auditing', function () {
  this.timeout(120_000);
  let app: App;
  let folder: string;

  before(async () => {
    app = await startApp();
    folder = temporaryFolder();
    const items = [{ kind: 'die', maker: 'PTK', serial: 'CLI-AUDIT-0417' }];
    await app.file(dieFiling('one', { items }), EXPORTER);
    await app.file(dieFiling('two', { items }), RIVAL);
  });
  after(() => app.close());

  const surroundings = (url = app.url, as = REGULATOR) => ({ folder, url, token: app.tokenOf(as) });
  const run = (args: readonly string[], url = app.url, as = REGULATOR) =>
    runClient(args, surroundings(url, as));
  const kept = (name: string): string => readFileSync(join(folder, name), 'utf8');

  it('lists the reports', async () => {
    const { code, stdout } = await run(['audit']);
    expect(code).to.equal(0);
    expect(stdout).to.match(/^several-exporters +Items declared by several exporters$/m);
    expect(stdout).to.match(/^overdue-arrivals +.*\(--days\)$/m);
  });

  it('prints what a report finds, in words or as JSON', async () => {
    const words = await run(['audit', 'several-exporters']);
    expect([words.code, words.stderr]).to.deep.equal([1, '1 rows\n']);
    expect(words.stdout).to.match(/^declared-by-several: 2 exporters declared the die "CLI-AUDIT-0417"/);
    const json = await run(['audit', 'several-exporters', '--json']);
    expect(JSON.parse(json.stdout)).to.deep.include({ code: 'declared-by-several' });
    const none = await run(['audit', 'exported-twice']);
    expect([none.code, none.stdout]).to.deep.equal([0, '']);
    expect((await run(['audit', 'summary-by-month'])).code).to.equal(0);
  });

  it('keeps a report in a file, whole', async () => {
    const ndjson = await run(['audit', 'several-exporters', '--out', 'found.ndjson']);
    expect([ndjson.code, ndjson.stdout]).to.deep.equal([1, '']);
    expect(kept('found.ndjson')).to.match(/"cursor":"[\w-]+"\}\n\{"end":\{"rows":1\}\}\n$/);
    const again = await run(['audit', 'several-exporters', '--out', 'found.ndjson']);
    expect([again.code, again.stdout, again.stderr]).to.deep.equal([
      2,
      '',
      'The file found.ndjson holds a complete report already.\n',
    ]);
    const csv = await run(['audit', 'several-exporters', '--out', 'found.csv']);
    expect([csv.code, csv.stderr]).to.deep.equal([1, '1 rows\n']);
    expect(kept('found.csv')).to.match(/^\ufeffkey,code,.*\r\nitm_\w+,declared-by-several,.*\r\n$/);
    const page = await run(['audit', 'several-exporters', '--out', 'found.html']);
    expect([page.code, page.stdout, page.stderr]).to.deep.equal([0, '', '']);
    expect(kept('found.html')).to.match(/^<!doctype html>[^]*CLI-AUDIT-0417[^]*<\/html>\s*$/i);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).to.deep.equal([]);
  });

  it('refuses an unknown report, an unheeded setting, a file of another type, and other people', async () => {
    const refused = [
      ['audit', 'nothing'],
      ['audit', 'several-exporters', '--days', '3'],
      ['audit', 'several-exporters', '--days', 'x'],
      ['audit', 'several-exporters', '--out', 'found.pdf'],
    ];
    for (const args of refused) {
      const { code, stdout, stderr } = await run(args);
      expect([code, stdout], args.join(' ')).to.deep.equal([2, '']);
      expect(stderr, args.join(' ')).not.to.equal('');
    }
    expect((await run(['audit', 'several-exporters'], app.url, EXPORTER)).code).to.equal(3);
  });

  it('leaves a file alone that holds something else', async () => {
    const row = '{"key":"a","code":"x","because":"a","cursor":"a"}\n';
    const others = ['Not a report', 'Not a report\n', '{"line":1}\n{"line":2}\n', `${row}{"line":2}\n${row}`];
    for (const other of others) {
      writeFileSync(join(folder, 'other.ndjson'), other);
      const { code, stdout, stderr } = await run(['audit', 'several-exporters', '--out', 'other.ndjson']);
      expect([code, stdout, stderr], other).to.deep.equal([
        2,
        '',
        'The file other.ndjson holds something else; name another file.\n',
      ]);
      expect(kept('other.ndjson')).to.equal(other);
    }
  });

  it('ends quietly when nobody reads on', async () => {
    const { code, stderr } = await runClientUnread(['audit', 'several-exporters'], surroundings());
    expect([code, stderr]).to.deep.equal([0, '']);
  });

  describe('a registry whose connection breaks', () => {
    const rows = ['a', 'b', 'c', 'd'].map((key) =>
      JSON.stringify({ key, code: 'x', because: key, cursor: key }),
    );
    let server: Server;
    let asked: (string | null)[];

    beforeEach(async () => {
      asked = [];
      // Each answer has one row more, and then breaks in the middle of a line; the last one ends well.
      server = createServer((request, response) => {
        const cursor = new URL(request.url ?? '', 'http://x').searchParams.get('cursor');
        asked.push(cursor);
        if (cursor === 'foreign') {
          response.writeHead(422, { 'content-type': 'application/problem+json' });
          response.end('{"detail":"The cursor is of another report."}');
          return;
        }
        const next = cursor === null ? 0 : ['a', 'b', 'c', 'd'].indexOf(cursor) + 1;
        response.writeHead(200, { 'content-type': 'application/x-ndjson' });
        const row = rows[next];
        if (row === undefined) response.end('{"end":{"rows":0}}\n');
        else {
          response.write(`${row}\n{"key":"half`, () => setTimeout(() => response.destroy(), 200));
        }
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
    });
    afterEach(() => void server.close());
    const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    it('is asked for what comes after the last whole row, until all is there', async () => {
      const { code, stderr } = await run(['audit', 'any', '--out', 'broken.ndjson'], url());
      expect([code, stderr]).to.deep.equal([1, '4 rows\n']);
      expect(asked).to.deep.equal([null, 'a', 'b', 'c', 'd']);
      expect(kept('broken.ndjson')).to.equal(`${rows.join('\n')}\n{"end":{"rows":0}}\n`);
    });

    it('is asked for what a file of an earlier run lacks, whose last line was cut', async () => {
      writeFileSync(join(folder, 'half.ndjson'), `${rows[0]}\n${rows[1]}\n{"key":"ha`);
      const { code } = await run(['audit', 'any', '--out', 'half.ndjson'], url());
      expect(code).to.equal(1);
      expect(asked).to.deep.equal(['b', 'c', 'd']);
      expect(kept('half.ndjson')).to.equal(`${rows.join('\n')}\n{"end":{"rows":0}}\n`);
    });

    it('refuses rows of another report, and the file stays as it was', async () => {
      const foreign = '{"code":"y","because":"b","cursor":"foreign"}\n{"code":"ha';
      writeFileSync(join(folder, 'foreign.ndjson'), foreign);
      const { code, stderr } = await run(['audit', 'any', '--out', 'foreign.ndjson'], url());
      expect([code, stderr]).to.deep.equal([
        2,
        'The registry answers 422: The cursor is of another report.\n',
      ]);
      expect(asked).to.deep.equal(['foreign']);
      expect(kept('foreign.ndjson')).to.equal(foreign);
    });

    it('leaves no half page behind', async () => {
      const { code } = await run(['audit', 'any', '--out', 'half.csv', '--tries', '2'], url());
      expect(code).to.equal(3);
      expect(asked).to.deep.equal([null, null]);
      expect(readdirSync(folder).filter((name) => name.startsWith('half.csv'))).to.deep.equal([]);
    });
  });

  it('asks again for a whole page that broke off, and counts its records', async () => {
    const page = '\ufeff"key",because\r\n1,"two\r\nlines, ""quoted"""\r\n2,"x\n\ny"\r\n3,last';
    let calls = 0;
    const server = createServer((_request, response) => {
      calls += 1;
      response.writeHead(200, { 'content-type': 'text/csv' });
      if (calls > 1) response.end(page);
      else response.write(page.slice(0, 30), () => setTimeout(() => response.destroy(), 20));
    }).listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const { code, stderr } = await run(['audit', 'any', '--out', 'again.csv'], url);
      expect([code, stderr, calls]).to.deep.equal([1, '3 rows\n', 2]);
      expect(kept('again.csv')).to.equal(page);
    } finally {
      server.close();
    }
  });
});
