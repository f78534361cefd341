#!/usr/bin/env node
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildWhenStale } from './bare/build.mjs';
import { ensure } from './bare/ensure.mjs';
import { ROOT, shell } from './bare/step.mjs';

// The command-line client: `npx pill-press-registry …`.
await shell(async () => {
  await ensure({ packages: true });
  await buildWhenStale();
  const client = join(ROOT, 'dist', 'scripts', 'pill-press-registry.js');
  process.argv[1] = client;
  await import(pathToFileURL(client).href);
});
