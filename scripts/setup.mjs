import { ensure } from './bare/ensure.mjs';
import { ensureTestMongo } from './bare/mongo.mjs';
import { shell } from './bare/step.mjs';

// Installs whatever development needs: `node scripts/setup.mjs`.
await shell(async () => {
  console.error('Looking for what is missing: npm packages, redis-server, chromium');
  await ensure({ packages: true, redis: true, chromium: true });
  await ensureTestMongo();
  console.error('Everything needed is installed');
});
