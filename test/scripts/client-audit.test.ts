import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import { EXPORTER, REGULATOR, RIVAL } from '../support/declarations.ts';
import { temporaryFolder } from '../support/folders.ts';
import { dieFiling } from '../support/kits.ts';

const SCRIPT = fileURLToPath(new URL('../../scripts/pill-press-registry.ts', import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

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

  async function run(args: readonly string[], url = app.url, as = REGULATOR) {
    const child = spawn(process.execPath, [`--import=${TSX}`, SCRIPT, ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'], REGISTRY_URL: url, REGISTRY_TOKEN: app.tokenOf(as) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    return { code, stdout, stderr };
  }
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
    expect(again.stderr).to.equal('1 rows\n');
    const csv = await run(['audit', 'several-exporters', '--out', 'found.csv']);
    expect([csv.code, csv.stderr]).to.deep.equal([1, '1 rows\n']);
    expect(kept('found.csv')).to.match(/^key,code,.*\r\nitm_\w+,declared-by-several,.*\r\n$/);
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
        const next = cursor === null ? 0 : ['a', 'b', 'c', 'd'].indexOf(cursor) + 1;
        response.writeHead(200, { 'content-type': 'application/x-ndjson' });
        const row = rows[next];
        if (row === undefined) response.end('{"end":{"rows":0}}\n');
        else {
          response.write(`${row}\n{"key":"half`, () => setTimeout(() => response.destroy(), 20));
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

    it('leaves no half page behind', async () => {
      const { code } = await run(['audit', 'any', '--out', 'half.csv', '--tries', '1'], url());
      expect(code).to.equal(3);
      expect(existsSync(join(folder, 'half.csv'))).to.equal(false);
    });
  });
});
