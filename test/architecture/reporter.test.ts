import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { removeFolders, temporaryFolder } from '../support/folders.ts';
import { ROOT } from './tree.ts';

const MOCHA = join('node_modules', 'mocha', 'bin', 'mocha.js');

/** Runs one test file with the project's reporter. */
function reported(text: string): { lines: string[]; status: number | null } {
  const file = join(temporaryFolder(), 'planted.test.mjs');
  writeFileSync(file, text);
  const reporter = ['--reporter=test/support/reporter.ts', '--reporter-option=aliveMs=200'];
  const { stdout, status } = spawnSync(process.execPath, ['--import=tsx', MOCHA, ...reporter, file], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { lines: stdout.trimEnd().split('\n'), status };
}

describe('the report of a test run', () => {
  afterEach(removeFolders);

  it('ends with how many passed and failed', () => {
    const { lines, status } = reported(`it('a', () => {}); it('b', () => {});`);
    expect([lines.at(-1), status]).to.deep.equal(['2 passed, 0 failed', 0]);
  });

  it('says how many were skipped', () => {
    const { lines, status } = reported(`it('a', () => {}); it.skip('b', () => {});`);
    expect([lines.at(-1), status]).to.deep.equal(['1 passed, 0 failed, 1 skipped', 0]);
  });

  it('fails with a failing test', () => {
    const { lines, status } = reported(`it('a', () => { throw new Error('no'); }); it('b', () => {});`);
    expect([lines.at(-1), status]).to.deep.equal(['1 passed, 1 failed', 1]);
  });

  it('fails when no test ran', () => {
    const { lines, status } = reported(`describe('nothing', () => {});`);
    expect([lines.at(-1), status]).to.deep.equal(['0 passed, 1 failed', 1]);
  });

  it('fails when the process is ended in between', () => {
    const { lines, status } = reported(`it('a', () => {}); it('b', () => process.exit(0));`);
    expect([lines.at(-1), status]).to.deep.equal(['1 passed, 1 failed', 1]);
  });

  it('fails, and ends, when something is left open', () => {
    const { lines, status } = reported(`it('a', () => { setInterval(() => {}, 1000); });`);
    expect([lines.at(-1), status]).to.deep.equal(['1 passed, 1 failed', 1]);
    expect(lines.at(-2)).to.include('Timeout');
  });
});
