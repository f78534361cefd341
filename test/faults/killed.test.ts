import { setTimeout as delay } from 'node:timers/promises';
import type { Prng } from '../../scripts/generator/prng.ts';
import type { AppProcess } from './support/app-process.ts';
import { onEachEngine } from './support/engine.ts';
import type { Trial } from './support/trial.ts';
import { openTrial } from './support/trial.ts';

const MANY = { short: 2, full: 50 };
/** What was killed stays away this long at most. */
const AWAY_MS = 600;

onEachEngine('a registry under load', (engine) => {
  let trial: Trial;

  before(async function () {
    this.timeout(120_000);
    trial = await openTrial({ engine });
  });
  after(() => trial.close());

  /** Any of them; what supervises processes starts it again at once. */
  async function killed(victims: readonly AppProcess[], prng: Prng): Promise<number> {
    const victim = victims[prng.integer(0, victims.length - 1)]!;
    await victim.kill();
    const healedAt = performance.now();
    await victim.start();
    return healedAt;
  }

  it('goes on when its API is killed', async function () {
    this.timeout(1_200_000);
    const { apis } = trial.installation;
    await trial.strike({ fault: 'kill -9 of the API', rounds: MANY, strike: (prng) => killed(apis, prng) });
  });

  // On SQLite one process is all, and its store a file.
  const itOfMany = engine === 'SQLite' ? () => undefined : it;

  itOfMany('goes on when a worker is killed', async function () {
    this.timeout(1_200_000);
    const { workers } = trial.installation;
    const strike = (prng: Prng) => killed(workers, prng);
    await trial.strike({ fault: 'kill -9 of a worker', rounds: MANY, sparesLookups: true, strike });
  });

  itOfMany('goes on when its database is killed', async function () {
    this.timeout(1_200_000);
    const database = trial.installation.database!;
    await trial.strike({
      fault: 'kill -9 of the database',
      rounds: MANY,
      async strike(prng) {
        await database.kill();
        await delay(prng.integer(0, AWAY_MS));
        await database.start();
        return performance.now();
      },
    });
  });

  it('goes on when Redis is killed', async function () {
    this.timeout(1_200_000);
    const redis = trial.installation.redis!;
    await trial.strike({
      fault: 'kill -9 of Redis',
      rounds: MANY,
      sparesLookups: true,
      async strike(prng) {
        await redis.kill();
        await delay(prng.integer(0, AWAY_MS));
        await redis.start();
        return performance.now();
      },
    });
  });

  it('goes on when Redis forgets everything', async function () {
    this.timeout(1_200_000);
    const redis = trial.installation.redis!;
    await trial.strike({
      fault: 'FLUSHALL',
      rounds: { short: 1, full: 10 },
      sparesLookups: true,
      async strike() {
        await redis.flushAll();
        return performance.now();
      },
    });
  });

  it('goes on when Redis loses its files', async function () {
    this.timeout(1_200_000);
    const redis = trial.installation.redis!;
    await trial.strike({
      fault: 'AOF deleted',
      rounds: { short: 1, full: 5 },
      sparesLookups: true,
      async strike() {
        await redis.kill();
        redis.deleteFiles();
        await redis.start();
        return performance.now();
      },
    });
  });

  it('has all that it acknowledged, once', async function () {
    this.timeout(300_000);
    await trial.conclude();
  });
});
