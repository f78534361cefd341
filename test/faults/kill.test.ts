import type { EngineName } from './support/engine.ts';
import { onEachEngine } from './support/engine.ts';
import { sized } from './support/scale.ts';
import type { Trial } from './support/trial.ts';
import { expectAllKept, openTrial } from './support/trial.ts';

const ROUNDS = sized({ short: 2, full: 50 });

onEachEngine('a registry under load', function (engine: EngineName) {
  let trial: Trial;
  afterEach(() => trial.close());

  it(`has all it acknowledged when its API is killed ${ROUNDS} times`, async function () {
    this.timeout(ROUNDS * 20_000 + 240_000);
    trial = await openTrial({ fault: 'API killed', engine });
    const [api] = trial.installation.apis;
    for (let no = 0; no < ROUNDS; no += 1) {
      await trial.round(async () => {
        await api!.kill();
        const healedAt = performance.now();
        await api!.start();
        return healedAt;
      });
    }
    expectAllKept(await trial.conclude());
  });
});
