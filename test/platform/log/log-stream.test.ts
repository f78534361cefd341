import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLogStream } from '../../../src/platform/log/log-stream.ts';
import { createLog } from '../../../src/platform/log/index.ts';
import { removeFolders, temporaryFolder } from '../../support/folders.ts';

describe('a log stream', () => {
  after(removeFolders);

  it('writes every line, in order, by the time it is closed', async () => {
    const file = join(temporaryFolder(), 'log');
    const stream = openLogStream(file);
    const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index}\n`);
    for (const line of lines) stream.write(line);
    await stream.close();
    expect(readFileSync(file, 'utf8')).to.equal(lines.join(''));
  });

  it('goes on where nothing can be written', async function () {
    if (!existsSync('/dev/full')) return this.skip();
    const { logger, close } = createLog({ level: 'info', destination: '/dev/full' });
    for (let line = 0; line < 1_000; line += 1) logger.info({ line }, 'into the full disk');
    await close();
    logger.info('still no harm');
  });

  it('is bounded while nothing gets written, and says how many lines were lost', async () => {
    const file = join(temporaryFolder(), 'log');
    const stream = openLogStream(file);
    const line = `${'x'.repeat(999)}\n`;
    // No turn of the event loop passes, so almost nothing is written and the bound of 8 MiB is reached.
    for (let count = 0; count < 10_000; count += 1) stream.write(line);
    await stream.close();
    const [said, ...others] = readFileSync(file, 'utf8')
      .split('\n')
      .filter((each) => each.startsWith('{'));
    expect(others).to.deep.equal([]);
    const lost = Number(/(\d+) log lines were lost/.exec(said ?? '')?.[1]);
    const kept = readFileSync(file, 'utf8')
      .split('\n')
      .filter((each) => each.startsWith('x')).length;
    expect(lost).to.be.greaterThan(1_000);
    expect(lost + kept).to.equal(10_000);
  });
});
