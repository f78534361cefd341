import { onEachEngine } from './support/engine.ts';
import type { Trial } from './support/trial.ts';
import { openTrial } from './support/trial.ts';

const HOUR_MS = 3_600_000;
/** The right time, ahead, back, behind, from behind far ahead, from there far back. */
const SETTINGS = [HOUR_MS, 0, -HOUR_MS, HOUR_MS, -HOUR_MS, 0];

onEachEngine('a registry whose clocks are wrong', (engine) => {
  let trial: Trial;

  before(async function () {
    this.timeout(120_000);
    trial = await openTrial({ engine, clocks: true });
  });
  after(() => trial.close());

  it('goes on while they are an hour ahead, behind, and jump back', async function () {
    this.timeout(600_000);
    const clocks = [...trial.installation.clocks.values()];
    let turn = 0;
    await trial.strike({
      fault: 'clocks an hour ahead, behind, jumping back',
      rounds: { short: SETTINGS.length, full: 5 * SETTINGS.length },
      async strike(prng) {
        // Where there are several processes, their clocks differ.
        const wrong = clocks.length === 1 ? clocks : clocks.filter(() => prng.chance(0.5));
        const setting = SETTINGS[turn % SETTINGS.length]!;
        await Promise.all(wrong.map((clock) => clock.set(setting)));
        turn += 1;
        return performance.now();
      },
    });
  });

  it('has all that it acknowledged, once and in order', async function () {
    this.timeout(300_000);
    await trial.conclude();
  });
});
