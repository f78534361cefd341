import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Instant } from '../../src/kernel/clock.ts';
import { systemRandom } from '../../src/main/clock.ts';
import type { Stores } from '../../src/main/stores.ts';
import { openSqliteStores } from '../../src/main/stores.ts';
import type { Catalogue } from '../../src/modules/catalogue/index.ts';
import { loadCatalogue } from '../../src/modules/catalogue/index.ts';
import type { SeedPlan, SeedReport } from './seed-register.ts';
import { tellNamed, untilOf } from './seed-register.ts';
import { createTurns, sharedTurns } from './turns.ts';

/** Room for what is held back until it is written, so that collecting garbage doesn't copy it over and over. */
const YOUNG_MB = 192;
const EXTENSION = extname(import.meta.filename);

/** Where the data are. The caller holds the lock of their folder. */
export interface SeedPlace {
  readonly storeFile: string;
  readonly catalogueDir: string;
  readonly watchlistFile: string | undefined;
}

/** What a thread is given. */
export interface SharedPlan {
  readonly place: SeedPlace;
  readonly plan: SeedPlan;
  readonly ruleSet: string;
  readonly cells: Int32Array<SharedArrayBuffer>;
}

/** What a thread says: how far it has come, and at its end what it did. */
export type Told = { readonly items: number; readonly report?: undefined } | { readonly report: SeedReport };

export interface SeedOptions {
  readonly seed: number;
  readonly items: number;
  /** Today. */
  readonly now: Instant;
  readonly threads: number;
  /** Told how far the stories have come, in items. */
  readonly onProgress?: (items: number) => void;
}

export function openParts(place: SeedPlace): { stores: Stores; catalogue: Catalogue } {
  const catalogue = loadCatalogue(place.catalogueDir, place.watchlistFile);
  return { catalogue, stores: openSqliteStores(place.storeFile, systemRandom().nonce()) };
}

/**
 * Fills a register with the stories of `generateRegister`. The same seed again changes nothing, an interrupted run is
 * completed by another one, and a longer one adds to a shorter one.
 * @returns what was told, and how many items the register holds now
 * @throws OtherSeed; Error of one sentence when the store can't be used
 */
export async function seedInThreads(
  place: SeedPlace,
  options: SeedOptions,
): Promise<SeedReport & { readonly itemsNow: number }> {
  const { seed, items, threads, onProgress } = options;
  const parts = openParts(place);
  try {
    const plan = { seed, items, until: await untilOf(parts.stores, seed, options.now) };
    const { report: named, ruleSet } = await tellNamed(parts, plan);
    const shared: SharedPlan = { place, plan, ruleSet, cells: sharedTurns() };
    const turns = createTurns(shared.cells);
    const told = Array.from({ length: threads }, () => inThread(shared, onProgress));
    for (const one of told) one.catch(() => turns.fail());
    await Promise.allSettled(told);
    const reports = [named, ...(await Promise.all(told))];
    return {
      declarations: reports.reduce((sum, report) => sum + report.declarations, 0),
      known: reports.reduce((sum, report) => sum + report.known, 0),
      itemsNow: await parts.stores.register.countItems(),
    };
  } finally {
    await parts.stores.close();
  }
}

async function inThread(shared: SharedPlan, onProgress: SeedOptions['onProgress']): Promise<SeedReport> {
  const worker = startThread(new URL(`./seeding-thread${EXTENSION}`, import.meta.url), shared);
  let report: SeedReport | undefined;
  worker.on('message', (told: Told) => {
    if (told.report === undefined) onProgress?.(told.items);
    else report = told.report;
  });
  await once(worker, 'exit');
  if (report === undefined) throw new Error('a thread ended before its time');
  return report;
}

/** Run from source, a thread has to learn to read TypeScript first, for it doesn't inherit that from its starter. */
function startThread(file: URL, workerData: SharedPlan): Worker {
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MB };
  if (EXTENSION !== '.ts') return new Worker(file, { workerData, resourceLimits });
  const loader = import.meta.resolve('tsx/esm/api');
  const run = `import('${loader}').then(({ register }) => { register(); return import('${file.href}'); });`;
  return new Worker(run, { eval: true, workerData, resourceLimits });
}
