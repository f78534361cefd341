import { expect } from 'chai';
import { onEngine } from './support/engine.ts';
import type { Trial } from './support/trial.ts';
import { openTrial } from './support/trial.ts';

onEngine('MongoDB', 'a registry of two api and two worker processes behind a proxy', () => {
  let trial: Trial;

  before(async function () {
    this.timeout(120_000);
    // A slow machine is no failed request: only what the restart itself does is to be seen.
    trial = await openTrial({
      engine: 'MongoDB',
      balanced: true,
      environment: { REQUEST_TIMEOUT_MS: '60000' },
    });
  });
  after(() => trial.close());

  it('is restarted one process after the other without a failed request', async function () {
    this.timeout(600_000);
    const { apis, workers } = trial.installation;
    await trial.strike({
      fault: 'rolling restart',
      rounds: { short: 1, full: 5 },
      sparesLookups: true,
      async strike() {
        for (const process of [...workers, ...apis]) {
          expect(await process.stop(), `exit code of ${process.name}`).to.equal(0);
          await process.start();
          if (apis.includes(process)) await trial.balancer?.sendsTo(process.name);
        }
        expect(trial.refused(), 'requests refused').to.equal(0);
        return performance.now();
      },
    });
    await trial.conclude();
  });
});
