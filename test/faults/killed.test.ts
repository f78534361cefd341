import type { AppProcess } from './support/app-process.ts';
import { onEachEngine } from './support/engine.ts';
import type { Trial } from './support/trial.ts';
import { openTrial } from './support/trial.ts';

const MANY = { short: 2, full: 50 };

onEachEngine('a registry under load', (engine) => {
  let trial: Trial;

  before(async function () {
    this.timeout(60_000);
    trial = await openTrial({ engine });
  });
  after(() => trial.close());

  async function killed(victims: readonly AppProcess[], no: number): Promise<number> {
    const victim = victims[no % victims.length];
    await victim?.kill();
    const healedAt = performance.now();
    await victim?.start();
    return healedAt;
  }

  it('goes on when its API is killed', async function () {
    this.timeout(1_200_000);
    const { apis } = trial.installation;
    await trial.strike({
      fault: 'kill -9 of the API',
      rounds: MANY,
      strike: (prng) => killed(apis, prng.integer(0, apis.length - 1)),
    });
  });

  it('goes on when Redis is killed', async function () {
    this.timeout(1_200_000);
    const { redis } = trial.installation;
    await trial.strike({
      fault: 'kill -9 of Redis',
      rounds: MANY,
      sparesLookups: true,
      async strike(prng) {
        await redis!.kill();
        await pause(prng.integer(0, 500));
        await redis!.start();
        return performance.now();
      },
    });
  });

  it('goes on when Redis forgets everything', async function () {
    this.timeout(1_200_000);
    const { redis } = trial.installation;
    await trial.strike({
      fault: 'FLUSHALL',
      rounds: { short: 1, full: 10 },
      sparesLookups: true,
      async strike() {
        await redis!.flushAll();
        return performance.now();
      },
    });
  });

  it('goes on when Redis loses its files', async function () {
    this.timeout(1_200_000);
    const { redis } = trial.installation;
    await trial.strike({
      fault: 'AOF deleted',
      rounds: { short: 1, full: 5 },
      sparesLookups: true,
      async strike() {
        await redis!.kill();
        redis!.deleteFiles();
        await redis!.start();
        return performance.now();
      },
    });
  });

  it('has all that it acknowledged, once', async function () {
    this.timeout(300_000);
    await trial.conclude();
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
