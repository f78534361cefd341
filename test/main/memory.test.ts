import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';

const moduleUrl = (path: string) => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);
/** Keeps the last 200,000 records while it makes 4 million. */
const CHURN = `
  const kept = [];
  let most = 0;
  for (let no = 0; no < 4_000_000; no += 1) {
    kept[no % 200_000] = { no, values: [no, no + 1, no + 2] };
    if (no % 10_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed);
  }
  process.stdout.write(String(most));`;

describe('the memory of a process', () => {
  it('holds less garbage when it is collected early', async () => {
    const [usual, early] = await Promise.all([
      printedBy(CHURN),
      printedBy(`(await import(${moduleUrl('main/heap.ts')})).collectEarly(); ${CHURN}`),
    ]);
    expect(Number(early)).to.be.below(Number(usual) * 0.75);
  });

  it('holds no library of MongoDB or of certificates before one is used', async () => {
    const loaded = await printedBy(`
      await import(${moduleUrl('main/start.ts')});
      const { createRequire } = await import('node:module');
      process.stdout.write(Object.keys(createRequire(import.meta.url).cache).join('\\n'));`);
    const packages = new Set(
      [...loaded.matchAll(/node_modules\/(@[^/]+\/[^/]+|[^/]+)/g)].map(([, name]) => name),
    );
    expect(packages).to.include('better-sqlite3');
    // `brotli` comes with pdfkit.
    for (const name of ['mongoose', 'mongodb', 'bson', 'brotli']) expect(packages).not.to.include(name);
  });
});

async function printedBy(script: string): Promise<string> {
  const args = ['--import=tsx', '--input-type=module', '-e', script];
  return (await promisify(execFile)(process.execPath, args)).stdout;
}
