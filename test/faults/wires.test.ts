import { setTimeout as delay } from 'node:timers/promises';
import { onEngine } from './support/engine.ts';
import type { InstallationOptions } from './support/installation.ts';
import type { Wire } from './support/tcp-proxy.ts';
import type { Trial } from './support/trial.ts';
import { openTrial } from './support/trial.ts';

const ROUNDS = { short: 5, full: 50 };
const DISTURBANCES: readonly [Wire, ...Wire[]] = ['stall', 'silence', 'reset', 'drip', 'cut', 'refuse'];
const DISTURBED_MS = { least: 200, most: 1_500 };

function onDisturbedWire({ engine, wired }: Pick<InstallationOptions, 'engine' | 'wired'>): void {
  onEngine(engine, `a registry whose connections to ${wired} are disturbed`, () => {
    let trial: Trial;

    before(async function () {
      this.timeout(120_000);
      trial = await openTrial({ engine, ...(wired === undefined ? {} : { wired }) });
    });
    after(() => trial.close());

    it('answers or refuses in time, and goes on', async function () {
      this.timeout(1_200_000);
      const wire = trial.installation.wire!;
      let turn = 0;
      await trial.strike({
        fault: `connections to ${wired} disturbed`,
        rounds: ROUNDS,
        sparesLookups: wired === 'redis',
        async strike(prng) {
          // One kind after the other, so that each comes about as often.
          wire.set(DISTURBANCES[turn % DISTURBANCES.length]!);
          turn += 1;
          await delay(prng.integer(DISTURBED_MS.least, DISTURBED_MS.most));
          wire.set('pass');
          return performance.now();
        },
      });
    });

    it('has all that it acknowledged, once', async function () {
      this.timeout(300_000);
      await trial.conclude();
    });
  });
}

onDisturbedWire({ engine: 'SQLite', wired: 'redis' });
onDisturbedWire({ engine: 'MongoDB', wired: 'redis' });
onDisturbedWire({ engine: 'MongoDB', wired: 'store' });
