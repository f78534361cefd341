import { build } from './bare/build.mjs';
import { ensure } from './bare/ensure.mjs';
import { shell } from './bare/step.mjs';

// Builds the server and the pages into `dist`: `npm run build`.
await shell(async () => {
  await ensure({ packages: true });
  await build();
});
