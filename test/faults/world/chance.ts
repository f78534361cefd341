/** Chance that is the same for the same seed. */
export interface Chance {
  /** One of 0 … `below` - 1. */
  int(below: number): number;
  /** True with this probability. */
  happens(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** 32 hexadecimal digits. */
  nonce(): string;
}

/** @param stream keeps what is drawn for one purpose apart from what is drawn for another */
export function createChance(seed: number, stream = 0): Chance {
  let state = Math.imul(seed ^ (stream * 0x9e3779b9), 0x85ebca6b) ^ seed;

  /** 32 bits: mulberry32, a generator in the public domain. */
  function bits(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  const int = (below: number): number => Math.floor((bits() / 2 ** 32) * below);
  return {
    int,
    happens: (probability) => bits() / 2 ** 32 < probability,
    pick(from) {
      const picked = from[int(from.length)];
      if (picked === undefined) throw new RangeError('there is nothing to pick from');
      return picked;
    },
    nonce: () => Array.from({ length: 4 }, () => bits().toString(16).padStart(8, '0')).join(''),
  };
}
