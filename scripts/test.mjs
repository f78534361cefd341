import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, relative, resolve } from 'node:path';
import { buildWhenStale } from './bare/build.mjs';
import { ensure } from './bare/ensure.mjs';
import { ensureTestMongo } from './bare/mongo.mjs';
import { COULD_NOT_RUN, ROOT, shell } from './bare/step.mjs';

/** Tests of what is built: the pages in a browser, the app over HTTP, the scripts and the process as a whole. */
const NEED_BUILD = /^test\/(docs|faults|http|main|scripts|web)\//;
const NEED_CHROMIUM = /^test\/web\//;

/** Stands for the fault suite in its full size. */
const FAULTS = '--faults';

// Installs what is missing and runs every test, or those of the files that are named: `npm test`,
// `npm test -- test/kernel/serial.test.ts`. The reporter's last line says how many passed and failed.
await shell(async () => {
  const given = process.argv.slice(2);
  const faults = given.includes(FAULTS);
  const files = given.filter((argument) => argument !== FAULTS);
  if (faults && files.length === 0) files.push('test/faults/**/*.test.ts');
  const named = files.map((file) => relative(ROOT, resolve(file)));
  const some = (pattern) => named.length === 0 || named.some((file) => pattern.test(file));
  await ensure({ packages: true, redis: true, chromium: some(NEED_CHROMIUM) });
  await ensureTestMongo();
  if (some(NEED_BUILD)) await buildWhenStale();
  const mocha = join('node_modules', 'mocha', 'bin', 'mocha.js');
  const what = named.length === 0 ? ['--forbid-only', 'test/**/*.test.ts'] : named;
  // tsx goes to node itself: handed to Mocha it would cost a second process between this one and the tests.
  const args = ['--import=tsx', mocha, '--reporter=test/support/reporter.ts', ...what];
  const env = faults ? { ...process.env, FAULTS: 'full' } : process.env;
  const tests = spawn(process.execPath, args, { cwd: ROOT, env, stdio: 'inherit' });
  const [code, signal] = await once(tests, 'exit');
  if (signal !== null) console.error(`The tests were ended by ${signal}.`);
  process.exitCode = code ?? COULD_NOT_RUN;
});
