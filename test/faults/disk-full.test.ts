import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/app.ts';
import type { SmallDisk } from '../support/small-disk.ts';
import { fill, smallDisk } from '../support/small-disk.ts';
import type { Database } from './support/database.ts';
import type { EngineName } from './support/engine.ts';
import { onEachEngine } from './support/engine.ts';
import type { Trial } from './support/trial.ts';
import { openTrial } from './support/trial.ts';

const ROUNDS = { short: 1, full: 5 };
const MEBIBYTES: Readonly<Record<EngineName, number>> = { SQLite: 96, MongoDB: 512 };
const LOOK_EVERY_MS = 50;
/** So many show that it is no passing shortage. */
const REFUSALS = 20;

onEachEngine('a registry whose disk is full', (engine) => {
  let disk: SmallDisk | null;
  let trial: Trial | null;

  beforeEach(function () {
    trial = null;
    disk = smallDisk(MEBIBYTES[engine]);
    // Only root may mount; without a small disk nothing can be filled safely.
    if (disk === null) this.skip();
  });
  afterEach(async () => {
    await trial?.close();
    disk?.remove();
  });

  /** Fills the disk until it shows, then makes room again. */
  async function filled(shows: () => Promise<boolean>): Promise<void> {
    const ballast = join(disk!.folder, 'ballast');
    fill(ballast);
    await until(async () => ((await shows()) ? true : null), LOOK_EVERY_MS);
    rmSync(ballast);
  }

  it('refuses what its store can not take, goes on when there is room, and has all that it acknowledged', async function () {
    this.timeout(600_000);
    trial = await openTrial({ engine, storeFolder: join(disk!.folder, 'store') });
    const { installation, refused } = trial;
    await trial.strike({
      fault: 'disk of the store full',
      rounds: ROUNDS,
      async strike() {
        const before = refused();
        await filled(async () => refused() >= before + REFUSALS);
        await restarted(installation.database);
        return performance.now();
      },
    });
    await trial.conclude();
  });

  it('goes on while Redis can not write, and has all that it acknowledged', async function () {
    this.timeout(600_000);
    trial = await openTrial({ engine, redisFolder: join(disk!.folder, 'redis') });
    const redis = trial.installation.redis!;
    await trial.strike({
      fault: 'disk of Redis full',
      rounds: ROUNDS,
      sparesLookups: true,
      async strike() {
        await filled(async () => (await redis.ask('INFO persistence')).includes('aof_last_write_status:err'));
        return performance.now();
      },
    });
    await trial.conclude();
  });
});

/** A database may give up when it can't write its log; whoever supervises it starts it again. */
async function restarted(database: Database | null): Promise<void> {
  if (database?.isRunning() !== false) return;
  await database.kill();
  await database.start();
}
