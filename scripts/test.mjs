import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { buildWhenStale } from './bare/build.mjs';
import { ensure } from './bare/ensure.mjs';
import { ROOT, shell } from './bare/step.mjs';

// Installs what is missing, builds, and runs every test or those of the files that are named: `npm test`,
// `npm test -- test/kernel/serial.test.ts`. The reporter's last line says how many passed and failed.
await shell(async () => {
  await ensure({ packages: true, redis: true, chromium: true });
  await buildWhenStale();
  const named = process.argv.slice(2);
  const mocha = join('node_modules', 'mocha', 'bin', 'mocha.js');
  // tsx goes to node itself: handed to Mocha it would cost a second process between this one and the tests.
  const args = ['--import=tsx', mocha, '--reporter=test/support/reporter.ts'];
  const tests = spawn(process.execPath, [...args, ...(named.length > 0 ? named : ['test/**/*.test.ts'])], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  const [code] = await once(tests, 'exit');
  process.exitCode = code ?? 1;
});
