import type { Instant } from '../../src/kernel/clock.ts';
import { DAY_MS, shifted } from '../../src/kernel/clock.ts';
import type { MachineModel } from './machines.ts';
import { ordinary } from './ordinary.ts';
import { createPrng } from './prng.ts';
import type { Scene } from './scene.ts';
import type { Situation } from './situation.ts';
import { itemsIn } from './situation.ts';
import type { NamedSituation } from './situations.ts';
import { SITUATIONS } from './situations.ts';

export interface RegisterPlan {
  readonly seed: number;
  /** The situations stop as soon as they have declared this many items, and not before each has been told once. */
  readonly items: number;
  /** Nothing happens after this instant. Not part of what is random: another day moves everything by days. */
  readonly until: Instant;
}

/** One situation in so many is a story of `SITUATIONS`, each of them in turn. */
const ONE_STORY_IN = 60;
/** A machine is up to so many years old when it is first declared. */
const OLDEST_YEARS = 8;
/** Lower numbers are left to serials that stories name themselves. */
const FIRST_NUMBER = 1_000;
const LONGEST_AGO_DAYS = 1_000;
const MINUTE_MS = 60_000;

/**
 * A realistic register as the acts that make it, one story after the other; the same for the same plan, on every
 * machine, and a longer one begins with a shorter one of the same seed. Keeps no more in memory than one story and a
 * counter for each model and year. Every serial format, name and number is synthetic.
 */
export function* generateRegister({ seed, items, until }: RegisterPlan): Iterable<Situation> {
  const prng = createPrng(seed);
  const numbered = serialSource();
  let declared = 0;
  for (const named of SITUATIONS) {
    const told = story(named, 0);
    declared += itemsIn(told);
    yield told;
  }
  for (let no = 1; declared < items; no += 1) {
    const named = no % ONE_STORY_IN === 0 ? SITUATIONS[(no / ONE_STORY_IN) % SITUATIONS.length] : undefined;
    const told = named === undefined ? business(no) : story(named, no);
    declared += itemsIn(told);
    yield told;
  }

  function story(named: NamedSituation, no: number): Situation {
    const daysAgo = named.days + (no === 0 ? 3 : prng.integer(2, 100));
    return { name: named.name, clean: false, acts: named.tell(scene(`${named.prefix}-${no}`, no, daysAgo)) };
  }

  function business(no: number): Situation {
    const daysAgo = prng.integer(2, LONGEST_AGO_DAYS);
    return { name: 'ordinary', clean: true, acts: ordinary(scene(`ORD-${no}`, no, daysAgo), daysAgo - 1) };
  }

  function scene(prefix: string, no: number, daysAgo: number): Scene {
    const hour = prng.integer(1 * 60, 15 * 60) * MINUTE_MS;
    const start = shifted(`${until.slice(0, 10)}T00:00:00.000Z`, hour - daysAgo * DAY_MS);
    const freshSerial = (model: MachineModel, year?: number) =>
      numbered(model, year ?? Number(start.slice(0, 4)) - prng.integer(0, OLDEST_YEARS));
    return { prng, no, prefix, start, freshSerial };
  }
}

/** Numbers the machines of each model and year one by one, so that no serial comes twice. A full year gives way to the one before. */
function serialSource() {
  const last = new Map<string, number>();
  return (model: MachineModel, latest: number) => {
    for (let year = latest; ; year -= 1) {
      const key = `${model.model} ${year}`;
      const no = (last.get(key) ?? FIRST_NUMBER - 1) + 1;
      if (no >= 10 ** model.digits) continue;
      last.set(key, no);
      return { serial: model.serial(year, no), year };
    }
  };
}
