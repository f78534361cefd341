import { ratio } from 'fuzzball';

/**
 * How alike two texts of ASCII are, 0 to 1: twice the letters they share in order over the letters they
 * have. 0 for any that cannot reach `least`, which is found out without comparing them in full.
 */
export function similarity(one: string, other: string, least: number): number {
  const enough = (least * (one.length + other.length)) / 2;
  if (Math.min(one.length, other.length) < enough || sharedLetters(one, other) < enough) return 0;
  return ratio(one, other, { full_process: false }) / 100;
}

/** Letters both hold, in any order: never fewer than those they share in order. */
function sharedLetters(one: string, other: string): number {
  const counts = new Uint16Array(128);
  for (let at = 0; at < one.length; at += 1) tally(counts, one.charCodeAt(at), 1);
  let shared = 0;
  for (let at = 0; at < other.length; at += 1) {
    const code = other.charCodeAt(at);
    if ((counts[code] ?? 0) === 0) continue;
    tally(counts, code, -1);
    shared += 1;
  }
  return shared;
}

function tally(counts: Uint16Array, code: number, by: number): void {
  counts[code] = (counts[code] ?? 0) + by;
}
