import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildWhenStale } from './bare/build.mjs';
import { ROOT, shell } from './bare/step.mjs';

// Starts the built server in this process: `npm start`.
await shell(async () => {
  await buildWhenStale();
  const server = join(ROOT, 'dist', 'src', 'main', 'serve.js');
  process.argv[1] = server;
  await import(pathToFileURL(server).href);
});
