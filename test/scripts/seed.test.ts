import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { removeFolders, temporaryFolder } from '../support/folders.ts';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const SCRIPT = path('../../scripts/seed.ts');
const LOCK_HOLDER = path('../support/lock-holder.ts');
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

describe('scripts/seed', () => {
  afterEach(removeFolders);

  const run = (dataDir: string, ...args: string[]) =>
    spawnSync(process.execPath, [`--import=${TSX}`, SCRIPT, ...args], {
      cwd: dataDir,
      env: { PATH: process.env['PATH'], DATA_DIR: dataDir },
      encoding: 'utf8',
    });

  it('fills a register with two threads, and the second time changes nothing and says so', () => {
    const dataDir = temporaryFolder();
    const first = run(dataDir, '--items', '1200', '--threads', '2');
    expect([first.status, first.stderr]).to.deep.equal([0, '']);
    expect(first.stdout).to.match(
      /^\d+ declarations, \d+ of them new; took .* s\.\n\d+ items are in the register now\.\n$/,
    );
    const second = run(dataDir, '--items', '1200', '--threads', '2');
    expect([second.status, second.stderr]).to.deep.equal([0, '']);
    expect(second.stdout).to.include('nothing changed');
    expect(second.stdout.split('\n')[1]).to.equal(first.stdout.split('\n')[1]);
    const other = run(dataDir, '--items', '1200', '--seed', '2');
    expect([other.status, other.stdout]).to.deep.equal([3, '']);
    expect(other.stderr).to.include('another seed');
  });

  it('exits 3 with one sentence when another process holds the folder', async () => {
    const dataDir = temporaryFolder();
    const holder = spawn(process.execPath, [`--import=${TSX}`, LOCK_HOLDER, dataDir], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    try {
      await once(holder.stdout, 'data');
      const { status, stdout, stderr } = run(dataDir, '--items', '10');
      expect([status, stdout]).to.deep.equal([3, '']);
      expect(stderr.trim().split('\n')).to.have.length(1);
      expect(stderr).to.include('in use by another process');
    } finally {
      holder.kill('SIGKILL');
      await once(holder, 'exit');
    }
  });

  for (const args of [['--items', 'many'], ['--seed', '-1'], ['--colour', 'red'], ['surplus']]) {
    it(`exits 2 for ${args.join(' ')}`, () => {
      const { status, stdout, stderr } = run(temporaryFolder(), ...args);
      expect([status, stdout]).to.deep.equal([2, '']);
      expect(stderr).to.include(args[0]?.startsWith('--') ? args[0] : 'argument');
    });
  }
});
