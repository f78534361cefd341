import { parentPort, workerData } from 'node:worker_threads';
import { tellRest } from './seed-register.ts';
import type { SharedPlan } from './seed-in-threads.ts';
import { openParts } from './seed-in-threads.ts';
import { createTurns } from './turns.ts';

/** One of the threads that `seedInThreads` starts: tells its share and reports. */
const { place, plan, ruleSet, cells } = workerData as SharedPlan;
const parts = openParts(place);
try {
  parentPort?.postMessage(await tellRest({ ...parts, plan, ruleSet, turns: createTurns(cells) }));
} finally {
  parts.stores.close();
}
