import type { Chance } from './chance.ts';

export const CLOCKS = ['right', 'ahead', 'behind', 'jumping'] as const;
/** What is wrong with clocks: nothing, an hour on some machines, or they jump an hour back and forth. */
export type Clocks = (typeof CLOCKS)[number];

/** How a call of a port can go wrong. */
export const FAULTS = [
  /** It fails, and had no effect. */
  'fails',
  /** It fails, though it had its effect. */
  'unknown',
  /** It fails, and has its effect later, or never. */
  'late',
  /** It has its effect; the answer takes its time. */
  'slow',
  /** It has its effect twice; the second answer comes back. */
  'twice',
  /** It has its effect, and once more later. */
  'echo',
  /** It has its effect on some of the records, and fails. */
  'cut',
] as const;
export type Fault = (typeof FAULTS)[number];

/** What troubles the world of one seed; probabilities for each step, or for each call of a port. */
export interface Weather {
  readonly clocks: Clocks;
  readonly machines: number;
  readonly call: number;
  readonly crash: number;
  readonly sleep: number;
  readonly wake: number;
  readonly flush: number;
  readonly leap: number;
  readonly giveUp: number;
  readonly loseJob: number;
  /** How often one part of what the machines reach is away for a while. */
  readonly outage: number;
  /** Faults that calls of this world meet. */
  readonly faults: readonly Fault[];
}

/** Some seeds have all troubles, some a few of them: rare faults show best where no others hide them. */
export function weatherOf(chance: Chance, clocks?: Clocks): Weather {
  const often = (probability: number): number =>
    chance.pick([0, probability / 4, probability, probability * 3]);
  const faults = FAULTS.filter(() => chance.happens(0.5));
  return {
    clocks: clocks ?? chance.pick(CLOCKS),
    machines: 2 + chance.int(2),
    call: faults.length === 0 ? 0 : chance.pick([0, 0.02, 0.08, 0.2]),
    crash: often(0.006),
    sleep: often(0.006),
    wake: chance.pick([0.01, 0.05]),
    flush: often(0.002),
    leap: often(0.01),
    giveUp: often(0.01),
    loseJob: chance.pick([0, 0, 0.1, 0.5]),
    outage: chance.pick([0, 0, 0.005, 0.02]),
    faults,
  };
}
