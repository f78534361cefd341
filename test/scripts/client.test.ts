import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import { runClient, runClientUnread } from '../support/client.ts';
import { EXPORTER, filing, OFFICER } from '../support/declarations.ts';
import { temporaryFolder } from '../support/folders.ts';
import { freePort } from '../support/ports.ts';

const COMMANDS = ['import', 'lookup', 'bulk-lookup', 'audit', 'export', 'verify', 'seed', 'token'];

describe('the command-line client', function () {
  this.timeout(120_000);
  let app: App;
  let folder: string;

  before(async () => {
    app = await startApp();
    folder = temporaryFolder();
  });
  after(() => app.close());

  /** Runs it away from the project's folder. */
  const run = (args: readonly string[], as: typeof EXPORTER | null = EXPORTER, url = app.url) =>
    runClient(args, { folder, url, token: as === null ? undefined : app.tokenOf(as) });

  const write = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return name;
  };
  const { items: _items, ...whole } = filing({ reference: 'CLI-1' });
  const line = (facts: object): string =>
    `${JSON.stringify({ ...whole, kind: 'die', maker: 'PTK', ...facts })}\n`;

  it('imports a file, and says in words or as JSON what became of it', async () => {
    const file = write('good.ndjson', line({ serial: 'CLI-01..03' }));
    const words = await run(['import', file]);
    expect([words.code, words.stderr], words.stdout).to.deep.equal([0, '']);
    expect(words.stdout).to.match(
      /^imp_\w+ is completed\n1 rows read, 1 accepted, 0 refused\n1 declarations filed, 0 filed before\n$/,
    );
    const again = await run(['import', file, '--json']);
    expect(again.code).to.equal(0);
    expect(JSON.parse(again.stdout)).to.include({ status: 'completed', declarationsFiled: 1 });
  });

  it('exits 1 for refused rows, and keeps them', async () => {
    const rows = line({ reference: 'CLI-2', serial: 'CLI-7' }) + line({ reference: 'CLI-3', kind: 'spoon' });
    const file = write('bad.ndjson', rows);
    const done = await run(['import', file, '--on-error', 'proceed', '--refused', 'mend.ndjson']);
    expect([done.code, done.stderr]).to.deep.equal([1, '']);
    expect(done.stdout).to.include('2 rows read, 1 accepted, 1 refused');
    const refused = readFileSync(join(folder, 'mend.ndjson'), 'utf8');
    expect(JSON.parse(refused)).to.include({ kind: 'spoon', _row: '2' });
    const mended = write(
      'mended.ndjson',
      refused.replace('spoon', 'die').replace('"reference"', '"serial":"CLI-8","reference"'),
    );
    expect((await run(['import', mended])).code).to.equal(0);
  });

  it('looks one serial up, for people or as JSON', async () => {
    const found = await run(['lookup', 'cli 02'], OFFICER);
    expect(found.stdout).to.match(
      /^[A-Z]+\n {2}.+\n(.*\n)*CLI-02 {2}die of PTK, .+ match, itm_\w+\n {2}2\d{3}-\d\d-\d\d {2}registered\n/,
    );
    expect([0, 1]).to.include(found.code);
    const unknown = await run(['lookup', 'QX-9', '--json', '--case', 'C-1'], OFFICER);
    expect([unknown.code, unknown.stderr]).to.deep.equal([1, '']);
    expect(JSON.parse(unknown.stdout)).to.include({ verdict: 'unknown' });
  });

  it('looks many up, in order, and goes on after those that a file holds', async () => {
    const file = write('serials.txt', '\ufeffCLI-01\r\n\r\nQX-1\n{"serial":"CLI-03","maker":"PTK"}\n');
    const printed = await run(['bulk-lookup', file], OFFICER);
    const answers = printed.stdout
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each) as { line: number; query: { serial: string } });
    expect(answers.map((each) => [each.line, each.query.serial])).to.deep.equal([
      [1, 'CLI-01'],
      [2, 'QX-1'],
      [3, 'CLI-03'],
    ]);
    expect(printed.code).to.equal(1);
    const lines = printed.stdout.split('\n');
    write('answers.ndjson', `${lines[0]}\n`);
    const rest = await run(['bulk-lookup', file, '--out', 'answers.ndjson'], OFFICER);
    expect([rest.code, rest.stdout]).to.deep.equal([1, '']);
    const kept = readFileSync(join(folder, 'answers.ndjson'), 'utf8').trimEnd().split('\n');
    expect(kept.map((each) => (JSON.parse(each) as { line: number }).line)).to.deep.equal([1, 2, 3]);
    expect(kept[0]).to.equal(lines[0]);
  });

  describe('going on with kept answers', () => {
    const answer = (count: number, verdict = 'clear') => `${JSON.stringify({ line: count, verdict })}\n`;
    const lookUp = async (serials: string, kept: string) => {
      write('kept-serials.txt', serials);
      write('kept.ndjson', kept);
      const done = await run(['bulk-lookup', 'kept-serials.txt', '--out', 'kept.ndjson'], OFFICER);
      return { ...done, holds: readFileSync(join(folder, 'kept.ndjson'), 'utf8') };
    };

    it('exits 1 when one of them is not clear, though all are answered', async () => {
      const kept = answer(1) + answer(2, 'unknown');
      const done = await lookUp('CLI-01\nQX-1\n', kept);
      expect([done.code, done.stderr]).to.deep.equal([1, '2 look-ups, 1 of them not clear\n']);
      expect(done.holds).to.equal(kept);
      expect((await lookUp('CLI-01\nCLI-02\n', answer(1) + answer(2))).code).to.equal(0);
    });

    it('asks again for one that was cut', async () => {
      for (const cut of ['{"line":2,"verd', answer(2).trimEnd(), '{"line":2,"verd\n']) {
        const { stderr, holds } = await lookUp('CLI-01\nQX-1\n', answer(1) + cut);
        expect(stderr).to.equal('2 look-ups, 1 of them not clear\n');
        const [first, second, ...more] = holds.split('\n');
        expect(first).to.equal(answer(1).trimEnd());
        expect(JSON.parse(second!)).to.include({ line: 2, verdict: 'unknown' });
        expect(more).to.deep.equal(['']);
      }
    });

    it('leaves a file alone that holds something else', async () => {
      const others = [
        'Not an answer',
        'Not an answer\n',
        answer(2),
        answer(1) + answer(3),
        `${answer(1)}{"line":2\n${answer(2)}`,
        answer(1) + answer(2) + answer(3),
      ];
      for (const other of others) {
        const { code, stderr, holds } = await lookUp('CLI-01\nQX-1\n', other);
        expect([code, holds], other).to.deep.equal([2, other]);
        expect(stderr).to.match(/^The file kept\.ndjson holds .+; name another file\.\n$/);
      }
    });

    it('takes a line feed alone for the end of a line', async () => {
      const odd = ['A\u20281', 'B\u20292', 'C\r3'];
      const { stderr, holds } = await lookUp(`${odd.join('\n')}\r\n`, '');
      expect(stderr).to.match(/^3 look-ups, /);
      const answers = holds.trimEnd().split('\n');
      expect(answers.map((each) => (JSON.parse(each) as { line: number }).line)).to.deep.equal([1, 2, 3]);
      const again = await run(['bulk-lookup', 'kept-serials.txt', '--out', 'kept.ndjson'], OFFICER);
      expect(again.stderr).to.equal(stderr);
      expect(readFileSync(join(folder, 'kept.ndjson'), 'utf8')).to.equal(holds);
    });
  });

  it('ends quietly when nobody reads on', async () => {
    const file = write('unread.txt', 'QX-1\n'.repeat(2_000));
    const surroundings = { folder, url: app.url, token: app.tokenOf(OFFICER) };
    for (const args of [['bulk-lookup', file], ['lookup', 'QX-1'], ['--help']]) {
      const { code, stderr } = await runClientUnread(args, surroundings);
      expect([code, stderr], args.join(' ')).to.deep.equal([0, '']);
    }
  });

  it('explains each command with an example', async () => {
    for (const name of COMMANDS) {
      const { code, stdout } = await run([name, '--help'], null);
      expect(code, name).to.equal(0);
      expect(stdout).to.match(new RegExp(`Example:\\n {2}npx pill-press-registry ${name} `));
    }
    expect((await run(['verify', '--help'], null)).stdout.replaceAll(/\s+/g, ' ')).to.include(
      'nothing missing or damaged',
    );
    expect((await run(['--help'], null)).stdout)
      .to.include('bulk-lookup')
      .and.to.include('token');
  });

  it('exits 2 for wrong usage, in one sentence', async () => {
    for (const [args, sentence, as] of [
      [['import', 'none.csv'], 'There is no file none.csv.', EXPORTER],
      [['import', 'good.pdf'], 'The name of the file must end with .csv, .xlsx or .ndjson.', EXPORTER],
      [['lookup', 'A-1'], 'Set REGISTRY_TOKEN to a token.', null],
    ] as const) {
      const { code, stdout, stderr } = await run(args, as);
      expect([code, stdout, stderr]).to.deep.equal([2, '', `${sentence}\n`]);
    }
    expect((await run(['wash'])).code).to.equal(2);
    expect((await run(['import', 'good.ndjson', '--on-error', 'panic'])).code).to.equal(2);
    const bad = await run(['import', 'good.ndjson', '--mapping', '{']);
    expect([bad.code, bad.stdout]).to.deep.equal([2, '']);
    expect(bad.stderr).to.include('mapping');
  });

  it('exits 3 when the registry says no, or nothing', async () => {
    const forbidden = await run(['lookup', 'A-1'], EXPORTER);
    expect([forbidden.code, forbidden.stdout]).to.deep.equal([3, '']);
    expect(forbidden.stderr).to.match(/^The registry answers 403: .+\.\n$/);
    const nobody = await run(
      ['lookup', 'A-1', '--url', `http://127.0.0.1:${await freePort()}`, '--tries', '1'],
      OFFICER,
    );
    expect([nobody.code, nobody.stdout]).to.deep.equal([3, '']);
    expect(nobody.stderr).to.match(/^The registry at http:\S+ does not answer: .+\.\n$/);
  });
});
