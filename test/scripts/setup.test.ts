import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { removeFolders, temporaryFolder } from '../support/folders.ts';

const SETUP = join(import.meta.dirname, '..', '..', 'scripts', 'setup.mjs');

describe('scripts/setup', () => {
  afterEach(removeFolders);

  it('names what is missing in one sentence where it has nothing to install it with', () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [SETUP], {
      env: { PATH: temporaryFolder() },
      encoding: 'utf8',
    });
    expect([status, stdout]).to.deep.equal([3, '']);
    expect(stderr.trimEnd().split('\n').at(-1)).to.match(/^Please install redis-server.*no apt-get.*\.$/);
  });

  it('installs nothing when nothing is missing', () => {
    const { stderr, status } = spawnSync(process.execPath, [SETUP], { encoding: 'utf8' });
    expect(status, stderr).to.equal(0);
    expect(stderr).not.to.match(/Installing|Building/);
  });
});
