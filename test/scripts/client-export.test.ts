import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import type { App } from '../support/app.ts';
import { startApp } from '../support/app.ts';
import { runClient } from '../support/client.ts';
import { EXPORTER, REGULATOR } from '../support/declarations.ts';
import { faultsIn, linesIn } from '../support/exporting.ts';
import { temporaryFolder } from '../support/folders.ts';
import { dieFiling, kit } from '../support/kits.ts';
import { freePort } from '../support/ports.ts';

const STATIONS = 500;
const COUNTS = /^2 declarations, 1502 items and \d{4} events in 2 parts\nSHA-256 [0-9a-f]{64}\n$/;

/** A way to the registry that is cut after so many bytes of an answer, as often as told. */
async function cutting(port: number, bytes: number, times: number): Promise<{ url: string; server: Server }> {
  let left = times;
  const server = createServer((socket) => {
    const onward = connect(port, '127.0.0.1');
    let passed = 0;
    socket.pipe(onward);
    onward.on('data', (chunk: Buffer) => {
      passed += chunk.length;
      if (passed < bytes || left === 0) return void socket.write(chunk);
      left -= 1;
      socket.end(chunk.subarray(0, chunk.length - (passed - bytes)));
      onward.destroy();
    });
    onward.on('end', () => socket.end());
    for (const each of [socket, onward]) each.on('error', () => undefined);
    socket.on('close', () => onward.destroy());
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

describe('exports from a command line', function () {
  this.timeout(120_000);
  let app: App;
  let folder: string;
  let whole: string;

  before(async () => {
    app = await startApp();
    folder = temporaryFolder();
    for (const body of [dieFiling('CLE-1'), dieFiling('CLE-2', { items: kit('CLE-KIT', STATIONS) })]) {
      await app.checked((await app.file(body)).id);
    }
  });
  after(() => app.close());

  const run = (args: readonly string[], as = REGULATOR, url = app.url) =>
    runClient(args, { folder, url, token: app.tokenOf(as) });
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const write = (name: string, content: string): void => writeFileSync(join(folder, name), content);

  it('are written to a file that is found whole', async () => {
    const done = await run(['export', '--out', 'whole.ndjson']);
    expect([done.code, done.stderr]).to.deep.equal([0, '']);
    expect(done.stdout).to.match(COUNTS);
    whole = read('whole.ndjson');
    expect(await faultsIn(whole)).to.deep.equal([]);
    expect(statSync(join(folder, 'whole.ndjson')).mode & 0o77).to.equal(0);
    const verified = await run(['verify', 'whole.ndjson']);
    expect([verified.code, verified.stderr]).to.deep.equal([0, '']);
    expect(verified.stdout).to.match(/^whole: 2 declarations, 1502 items .+, the register as of 2\S+Z\n$/);
  });

  it('go to standard output where no file is named', async () => {
    const { code, stdout, stderr } = await run(['export', '--org', 'acme'], EXPORTER);
    expect(code).to.equal(0);
    expect(stderr).to.match(COUNTS);
    expect(await faultsIn(stdout)).to.deep.equal([]);
    expect(linesIn(stdout).at(-1)?.manifest).to.include({ exporter: 'acme', histories: 'own' });
  });

  it('go on where they were cut, and are the same', async () => {
    const partAt = whole.indexOf('\n{"part":') + 1;
    const part = whole.indexOf('\n', partAt) + 1;
    for (const [end, isSame] of [
      [part, true],
      [part + 5_000, true],
      [whole.length - 20, true],
      [partAt + 20, false],
      [0, false],
    ] as const) {
      write('cut.ndjson', whole);
      truncateSync(join(folder, 'cut.ndjson'), Buffer.byteLength(whole.slice(0, end)));
      const done = await run(['export', '--out', 'cut.ndjson', '--json']);
      expect([done.code, done.stderr], `cut at ${end}`).to.deep.equal([0, '']);
      expect(JSON.parse(done.stdout)).to.deep.equal(linesIn(read('cut.ndjson')).at(-1)?.manifest);
      expect(await faultsIn(read('cut.ndjson'))).to.deep.equal([]);
      expect(read('cut.ndjson') === whole, `cut at ${end}`).to.equal(isSame);
    }
  });

  it('take up again behind the part before a damaged one', async () => {
    const at = whole.lastIndexOf('"serial"');
    write('harmed.ndjson', `${whole.slice(0, at)}"serieL"${whole.slice(at + 8)}`);
    expect((await run(['export', '--out', 'harmed.ndjson'])).code).to.equal(0);
    expect(read('harmed.ndjson')).to.equal(whole);
  });

  it('go on by themselves when the connection breaks off', async () => {
    const { url, server } = await cutting(app.port, Buffer.byteLength(whole) - 9_000, 2);
    try {
      const done = await run(['export', '--out', 'broken.ndjson'], REGULATOR, url);
      expect([done.code, done.stderr]).to.deep.equal([0, '']);
      expect(await faultsIn(read('broken.ndjson'))).to.deep.equal([]);
    } finally {
      server.close();
    }
  });

  it('give up in the end, and keep what is whole', async () => {
    const { url, server } = await cutting(app.port, 50_000, Infinity);
    try {
      const done = await run(['export', '--out', 'given-up.ndjson', '--tries', '2'], REGULATOR, url);
      expect([done.code, done.stdout]).to.deep.equal([3, '']);
      expect(done.stderr).to.match(/^The .+ broke off.*\.\n$/);
      expect(read('given-up.ndjson')).to.equal('');
    } finally {
      server.close();
    }
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const away = await run(['export', '--out', 'away.ndjson', '--tries', '1'], REGULATOR, nobody);
    expect([away.code, away.stdout]).to.deep.equal([3, '']);
  });

  it('leave other files alone', async () => {
    write('notes.txt', 'Not an export');
    for (const [args, sentence] of [
      [['--out', 'whole.ndjson'], 'The file whole.ndjson holds a complete export already.'],
      [['--out', 'notes.txt'], 'The file notes.txt is no export.'],
    ] as const) {
      const { code, stdout, stderr } = await run(['export', ...args]);
      expect([code, stdout, stderr]).to.deep.equal([2, '', `${sentence}\n`]);
    }
    expect([read('notes.txt'), read('whole.ndjson')]).to.deep.equal(['Not an export', whole]);
    const part = whole.indexOf('\n', whole.indexOf('\n{"part":') + 1) + 1;
    write('begun.ndjson', whole.slice(0, part));
    const other = await run(['export', '--out', 'begun.ndjson', '--org', 'acme']);
    expect([other.code, other.stdout]).to.deep.equal([2, '']);
    expect(other.stderr).to.equal('What begun.ndjson holds is of other data, or from another registry.\n');
    expect(read('begun.ndjson')).to.equal(whole.slice(0, part));
  });

  it('are checked without a registry: what is wrong is named by its line', async () => {
    const at = whole.indexOf('"nonce":"') + 9;
    const digit = whole[at] === '0' ? '1' : '0';
    write('changed.ndjson', whole.slice(0, at) + digit + whole.slice(at + 1));
    const line = whole.slice(0, at).split('\n').length;
    const found = await runClient(['verify', 'changed.ndjson'], { folder, url: '', token: undefined });
    expect([found.code, found.stderr]).to.deep.equal([1, '']);
    const [first, second, ...more] = found.stdout.trimEnd().split('\n');
    expect(first).to.match(new RegExp(`^line ${line}: The event evt_\\w+ is not what its digest says\\.$`));
    expect(second).to.match(/^line \d+: Part 1, which ends here, is not what its SHA-256 says\.$/);
    expect(more).to.deep.equal([]);
    write('short.ndjson', whole.slice(0, -30));
    const short = await run(['verify', 'short.ndjson', '--json']);
    expect(short.code).to.equal(1);
    expect(JSON.parse(short.stdout)).to.deep.include({ whole: false, faultCount: 2 });
    const none = await run(['verify', 'none.ndjson']);
    expect([none.code, none.stderr]).to.deep.equal([2, 'There is no file none.ndjson.\n']);
    expect((await run(['verify', '.'])).code).to.equal(3);
  });
});
