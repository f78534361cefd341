import { setTimeout as delay } from 'node:timers/promises';
import type { AppProcess } from './support/app-process.ts';
import { onEachEngine } from './support/engine.ts';
import { sized } from './support/scale.ts';
import type { Trial } from './support/trial.ts';
import { openTrial } from './support/trial.ts';

/** Longer than the lock of a job lasts, and than it takes until somebody else finds the job without it. */
const PAUSED_MS = 16_000;
const WORKERS = 5;
/** All but one at a time, so that somebody takes over. */
const PAUSES = sized({ short: 1, full: 5 }) * (WORKERS - 1);

onEachEngine('a registry whose workers are stopped for longer than their locks last', (engine) => {
  let trial: Trial;

  before(async function () {
    this.timeout(120_000);
    trial = await openTrial({ engine, workers: WORKERS });
  });
  after(() => trial.close());

  async function paused(workers: readonly AppProcess[]): Promise<number> {
    for (const worker of workers) worker.pause();
    await delay(PAUSED_MS);
    for (const worker of workers) worker.resume();
    return performance.now();
  }

  it('checks everything once, whoever wakes up with a check in hand', async function () {
    this.timeout(1_200_000);
    const { workers } = trial.installation;
    await trial.strike({
      fault:
        engine === 'SQLite'
          ? 'the process stopped past its locks'
          : `${PAUSES} workers stopped past their locks`,
      rounds: engine === 'SQLite' ? { short: 1, full: 20 } : { short: 1, full: PAUSES / (WORKERS - 1) },
      sparesLookups: engine === 'MongoDB',
      async strike(prng) {
        const spared = workers.length === 1 ? -1 : prng.integer(0, workers.length - 1);
        return paused(workers.filter((_, index) => index !== spared));
      },
    });
  });

  it('has all that it acknowledged, once', async function () {
    this.timeout(300_000);
    await trial.conclude();
  });
});
