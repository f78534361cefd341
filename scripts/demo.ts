import { existsSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../src/config/config.ts';
import { loadEnvironment, readConfig } from '../src/config/config.ts';
import { derivedId } from '../src/kernel/derived-id.ts';
import { systemClock } from '../src/main/clock.ts';
import { COULD_NOT_RUN, startSentence } from '../src/main/start-error.ts';
import { startRegistry } from '../src/main/start.ts';
import { signDevelopmentToken } from '../src/modules/access/index.ts';
import { lockDataDirectory } from '../src/platform/sqlite/index.ts';
import { startProgress } from './terminal/progress.ts';
import { seedInThreads } from './seeding/seed-in-threads.ts';

const DATA_DIR = 'data/demo';
const ITEMS = 20_000;
/** Written when the demo data are complete, so that a later start leaves the folder as it is. */
const SEEDED = 'demo-data-complete';
/** Relative to the project's folder. */
const EXAMPLE = 'docs/examples/declaration-36-stations.json';
const EXAMPLE_REFERENCE = 'DEMO-36-STATIONS';
const clock = systemClock();

const PEOPLE = {
  EXPORTER: { role: 'exporter', org: 'acme', country: 'TW', sub: 'clerk-1' },
  CUSTOMS: { role: 'customs', org: 'customs-tw', country: 'TW', sub: 'officer-1' },
  REGULATOR: { role: 'regulator', org: 'regulator-tw', country: 'TW', sub: 'inspector-1' },
  OPERATOR: { role: 'operator', org: 'registry', country: 'TW', sub: 'operator-1' },
} as const;

/** Serves a register full of synthetic data until Ctrl-C, and says what to try. */
async function demo(config: Config): Promise<void> {
  if (config.production || config.jwtJwks !== undefined) {
    throw new Error('The demo makes development tokens: unset JWT_JWKS and NODE_ENV=production.');
  }
  await seedOnce(config);
  const running = await startRegistry(config, { logTo: join(config.dataDir, 'demo.log') });
  process.stdout.write(guide(config, `http://localhost:${running.api?.port ?? config.port}`));
  let closing = false;
  const stop = () => {
    if (closing) return;
    closing = true;
    process.stdout.write('\nStopping.\n');
    void running.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(
          `Not everything could be closed: ${startSentence(error, running.api?.port ?? config.port)}\n`,
        );
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
}

async function seedOnce({ dataDir, catalogueDir, watchlistFile }: Config): Promise<void> {
  const mark = join(dataDir, SEEDED);
  if (existsSync(mark)) return;
  process.stderr.write(`Making a demo register of ${ITEMS} items in ${dataDir} …\n`);
  const lock = lockDataDirectory(dataDir);
  const bar = startProgress(ITEMS);
  try {
    const place = { storeFile: join(dataDir, 'registry.sqlite'), catalogueDir, watchlistFile };
    const threads = Math.min(2, availableParallelism());
    await seedInThreads(place, {
      seed: 1,
      items: ITEMS,
      threads,
      now: clock.now(),
      onProgress: bar.update,
    });
    writeFileSync(mark, '');
  } finally {
    bar.stop();
    lock.release();
  }
}

function guide(config: Config, url: string): string {
  const { dataDir, jwtIssuer: issuer, jwtAudience: audience } = config;
  const tokens = Object.entries(PEOPLE).map(([name, person]) => {
    const token = signDevelopmentToken({ ...person, dataDir, issuer, audience, clock, expires: '12h' });
    return `${name}=${token}`;
  });
  const declaration = derivedId('dcl', PEOPLE.EXPORTER.org, EXAMPLE_REFERENCE);
  return `
The demo register is served on ${url} (API: ${url}/docs).

Paste these tokens, one for each role and good for 12 hours, into another terminal in the project's folder:

${tokens.join('\n')}

1. As the exporter, declare a press of 36 stations with its 108 punches and dies:

curl -sS ${url}/v1/declarations -H "Authorization: Bearer $EXPORTER" -H 'Content-Type: application/json' -H 'Idempotency-Key: demo-1' --data @${EXAMPLE} | cut -c 1-400

2. Watch it being verified (the status turns from filed to verified):

curl -sS ${url}/v1/declarations/${declaration} -H "Authorization: Bearer $EXPORTER" | cut -c 1-400

3. As a customs officer, look up a serial the way it reads on a worn plate:

curl -sS -G ${url}/v1/lookup --data-urlencode 'serial=zp33 2O25-0O4l7' -H "Authorization: Bearer $CUSTOMS"; echo

The log is in ${join(dataDir, 'demo.log')}. Ctrl-C stops the demo; its data stay.
`;
}

let port = 0;
try {
  const environment = loadEnvironment();
  const config = readConfig({ ...environment, DATA_DIR: environment['DATA_DIR'] || DATA_DIR });
  port = config.port;
  await demo(config);
} catch (error) {
  process.stderr.write(`The demo can't run: ${startSentence(error, port)}\n`);
  process.exitCode = COULD_NOT_RUN;
}
