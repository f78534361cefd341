import { parentPort, workerData } from 'node:worker_threads';
import { tellRest } from './seed-register.ts';
import type { SharedPlan, Told } from './seed-in-threads.ts';
import { openParts } from './seed-in-threads.ts';
import { createTurns } from './turns.ts';

/** Items between two words about progress. */
const STEP = 1_000;

/** One of the threads that `seedInThreads` starts: tells its share and reports. */
async function tellShare({ place, plan, ruleSet, cells }: SharedPlan): Promise<void> {
  const say = (told: Told) => parentPort?.postMessage(told);
  let said = 0;
  const onProgress = (items: number) => {
    if (items - said < STEP) return;
    said = items;
    say({ items });
  };
  const parts = openParts(place);
  try {
    const turns = createTurns(cells);
    say({ report: await tellRest({ ...parts, plan, ruleSet, turns, onProgress }) });
  } finally {
    await parts.stores.close();
  }
}

await tellShare(workerData as SharedPlan);
