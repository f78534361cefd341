import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildWhenStale } from './bare/build.mjs';
import { ensure } from './bare/ensure.mjs';
import { ROOT, shell } from './bare/step.mjs';

// Installs what is missing, builds, and runs the demo in this process: `npm run demo`.
await shell(async () => {
  await ensure({ packages: true, redis: true });
  await buildWhenStale();
  const demo = join(ROOT, 'dist', 'scripts', 'demo.js');
  process.argv[1] = demo;
  await import(pathToFileURL(demo).href);
});
