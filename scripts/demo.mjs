import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { buildWhenStale } from './bare/build.mjs';
import { ensure } from './bare/ensure.mjs';
import { COULD_NOT_RUN, ROOT, shell } from './bare/step.mjs';

// Installs what is missing, builds, and runs the demo until it is stopped: `npm run demo`.
await shell(async () => {
  await ensure({ packages: true, redis: true });
  await buildWhenStale();
  const program = join(ROOT, 'dist', 'scripts', 'demo.js');
  const demo = spawn(process.execPath, [program, ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit' });
  // Ctrl-C reaches the demo by itself, which then ends in order; this process waits for it.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => demo.kill('SIGTERM'));
  const [code] = await once(demo, 'exit');
  process.exitCode = code ?? COULD_NOT_RUN;
});
