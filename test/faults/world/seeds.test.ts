import { expect } from 'chai';
import { createChance } from './chance.ts';
import type { Course } from './run-seed.ts';
import { runSeed } from './run-seed.ts';
import type { Clocks } from './weather.ts';
import { CLOCKS, FAULTS, weatherOf } from './weather.ts';

const { FAULTS: form, FAULTS_SEED: replayed, FAULTS_SEEDS: asked, FAULTS_FROM: from = '0' } = process.env;
/** `npm test` runs a few seeds, `FAULTS=full` all of them, `FAULTS_FROM=50000 FAULTS_SEEDS=100000` others. */
const SEEDS = counted(asked ?? (form === 'full' ? '20000' : '300'));
const FIRST = counted(from);
/** With fewer seeds some faults may not come up. */
const ENOUGH = 300;
const PROGRESS_EVERY = 1_000;
const SHOWN = 12;

/** What this many seeds must have met, or the world is too quiet to prove anything. */
const MUST_MEET = [
  ...FAULTS,
  ...['crash', 'sleep', 'flush', 'outage', 'clock'],
  ...['filed', 'amended', 'withdrawn', 'checked', 'reviewed', 'exited', 'expired'].map(
    (type) => `stored ${type}`,
  ),
  ...['filing', 'amended', 'withdrawn', 'reviewed', 'exited', 'event', 'look-up'].map(
    (what) => `told ${what}`,
  ),
  ...['unknown', 'illegal-transition', 'reference-taken', 'idempotency-mismatch'].map(
    (what) => `sent: ${what}`,
  ),
];

function counted(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new RangeError(`"${text}" is no number of seeds`);
  return Number(text);
}

/** How a seed's world goes wrong, and how to see it go wrong again. */
function report({ seed, broken }: Course): string {
  const more = broken.length > SHOWN ? [`… and ${broken.length - SHOWN} more`] : [];
  return [
    `The world of seed ${seed} breaks ${broken.length} promises:`,
    ...broken.slice(0, SHOWN).map((what) => `  ${what}`),
    ...more.map((what) => `  ${what}`),
    'To see it happen again, step by step:',
    `  FAULTS_SEED=${seed} npm test -- test/faults/world/seeds.test.ts`,
  ].join('\n');
}

function seedsWith(clocks: Clocks): number[] {
  const seeds = Array.from({ length: SEEDS }, (_, index) => FIRST + index);
  return seeds.filter((seed) => weatherOf(createChance(seed)).clocks === clocks);
}

describe('a registry whose machines, store and queue fail in every order', () => {
  if (replayed !== undefined) {
    it(`keeps its promises in the world of seed ${replayed}`, async () => {
      const course = await runSeed(counted(replayed));
      process.stderr.write(`${course.trace.join('\n')}\n${course.digest()}\n`);
      expect(course.broken, report(course)).to.deep.equal([]);
    });
    return;
  }

  const met: Record<string, number> = {};

  for (const clocks of CLOCKS) {
    it(`loses nothing and does nothing twice, with clocks that are ${clocks}`, async function () {
      this.timeout(0);
      const seeds = seedsWith(clocks);
      for (const [index, seed] of seeds.entries()) {
        const course = await runSeed(seed);
        expect(course.broken, report(course)).to.deep.equal([]);
        for (const [what, times] of Object.entries(course.met)) met[what] = (met[what] ?? 0) + times;
        if ((index + 1) % PROGRESS_EVERY === 0)
          process.stderr.write(`    clocks ${clocks}: ${index + 1} of ${seeds.length} seeds\n`);
      }
    });
  }

  if (SEEDS >= ENOUGH) {
    it('has met every fault, and got something done all the same', () => {
      expect(MUST_MEET.filter((what) => (met[what] ?? 0) === 0)).to.deep.equal([]);
    });
  }

  it('takes the same course for the same seed', async () => {
    const digests = async (): Promise<string[]> => {
      const courses: Course[] = [];
      for (let seed = 0; seed < 20; seed += 1) courses.push(await runSeed(seed));
      return courses.map(({ digest }) => digest());
    };
    const first = await digests();
    expect(await digests()).to.deep.equal(first);
    expect(new Set(first).size).to.equal(first.length);
  });
});
