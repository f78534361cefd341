import type { PartyName } from './party-name.ts';

/**
 * Entries read for one name, its rarest features first, so that common words such as "trading" cost
 * nothing however long the list. The rarest feature is read whole.
 */
const ENTRIES_READ = 10_000;
/** A word both names hold says more than three letters they share. */
const WORD_WEIGHT = 3;

/** Finds, among many names, the few that share rare words or letter trigrams with a given one. */
export interface NameIndex {
  /** Positions of at most `limit` names in the indexed list, the most alike first. */
  candidates(name: PartyName, limit: number): number[];
}

/** An index over `names`; a name's position in that list is its handle. */
export function createNameIndex(names: readonly PartyName[]): NameIndex {
  const holders = new Map<string, number[]>();
  for (const [position, name] of names.entries()) {
    for (const feature of featuresOf(name)) {
      const known = holders.get(feature);
      if (known === undefined) holders.set(feature, [position]);
      else known.push(position);
    }
  }
  return {
    candidates(name, limit) {
      const found = [...featuresOf(name)]
        .flatMap((feature) => {
          const positions = holders.get(feature);
          return positions === undefined ? [] : [{ feature, positions }];
        })
        .sort((one, other) => one.positions.length - other.positions.length);
      const weights = new Map<number, number>();
      let read = 0;
      for (const { feature, positions } of found) {
        if (read > 0 && read + positions.length > ENTRIES_READ) break;
        read += positions.length;
        const weight = feature.startsWith('=') ? WORD_WEIGHT : 1;
        for (const position of positions) weights.set(position, (weights.get(position) ?? 0) + weight);
      }
      return [...weights]
        .sort(([, one], [, other]) => other - one)
        .slice(0, limit)
        .map(([position]) => position);
    },
  };
}

/** Whole words, marked '=', and the trigrams of each word with its ends marked '^' and '$'. */
function featuresOf(name: PartyName): Set<string> {
  const features = new Set<string>();
  for (const word of name.words) {
    features.add(`=${word}`);
    const marked = `^${word}$`;
    for (let at = 0; at + 3 <= marked.length; at += 1) features.add(marked.slice(at, at + 3));
  }
  return features;
}
