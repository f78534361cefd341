import { createNameIndex } from './name-index.ts';
import { partyName, type PartyName } from './party-name.ts';
import { similarity } from './similarity.ts';
import type { WatchedParty } from './watched-party.ts';

/** A possible match of a party with a watched one. Never proof: names are shared. */
export interface ScreeningHit {
  readonly entityId: string;
  /** The listed spelling that matched; of several that are equal, the one asked for letter for letter. */
  readonly name: string;
  /** 0 to 1, two decimals; 1 for an exact hit. */
  readonly score: number;
  /** `exact`: the same words, whatever their order, case, script or legal form. */
  readonly how: 'exact' | 'fuzzy';
  /** Upper-case alpha-2 codes; empty when the list names none. */
  readonly listedCountries: readonly string[];
}

export interface ScreenedParty {
  readonly name: string;
  /** Orders hits of one score: those listed in this country first. It rules nothing out. */
  readonly country?: string;
}

export interface Screening {
  /** How many parties are watched. */
  readonly size: number;
  /** The best hit of each watched party, the best first. */
  screen(party: ScreenedParty): ScreeningHit[];
}

// All numbers below are this project's choice.
const LEAST_SCORE = 0.88;
/** The words that differ must be alike by themselves, or long shared words would carry any others. */
const LEAST_REST_SCORE = 0.8;
/** A name with fewer letters has too many neighbours: only exact hits. */
const LEAST_FUZZY_LENGTH = 5;
const CANDIDATES = 20;
const CACHED_NAMES = 10_000;

interface Listed {
  readonly party: WatchedParty;
  readonly spelling: string;
  readonly name: PartyName;
}

/** Screens names against `parties`. Answers are kept for the 10,000 names asked last. */
export function createScreening(parties: readonly WatchedParty[]): Screening {
  const listed: Listed[] = parties.flatMap((party) =>
    party.names
      .map((spelling) => ({ party, spelling, name: partyName(spelling) }))
      .filter(({ name }) => name.compact !== ''),
  );
  const exact = new Map<string, Listed[]>();
  for (const each of listed) {
    for (const key of exactKeys(each.name)) exact.set(key, [...(exact.get(key) ?? []), each]);
  }
  const index = createNameIndex(listed.map((each) => each.name));
  const known = new Map<string, readonly ScreeningHit[]>();

  function hitsFor(asked: string): readonly ScreeningHit[] {
    const name = partyName(asked);
    const best = new Map<string, ScreeningHit>();
    const note = (entry: Listed, score: number, how: 'exact' | 'fuzzy') => {
      const before = best.get(entry.party.id);
      const better = before === undefined || before.score < score || entry.spelling === asked;
      if (better) best.set(entry.party.id, hit(entry, score, how));
    };
    for (const key of exactKeys(name)) {
      for (const entry of exact.get(key) ?? []) note(entry, 1, 'exact');
    }
    for (const position of index.candidates(name, CANDIDATES)) {
      const entry = listed[position];
      if (entry === undefined || best.get(entry.party.id)?.how === 'exact') continue;
      const score = fuzzyScore(name, entry.name);
      if (score !== null) note(entry, score, 'fuzzy');
    }
    return [...best.values()];
  }

  return {
    size: parties.length,
    screen({ name, country }) {
      const hits = known.get(name) ?? hitsFor(name);
      known.delete(name); // and set again: a Map keeps insertion order, so the first key is the oldest
      known.set(name, hits);
      if (known.size > CACHED_NAMES) known.delete(known.keys().next().value ?? name);
      const here = (each: ScreeningHit) =>
        Number(country !== undefined && each.listedCountries.includes(country));
      return hits.toSorted((one, other) => other.score - one.score || here(other) - here(one));
    },
  };
}

function hit({ party, spelling }: Listed, score: number, how: 'exact' | 'fuzzy'): ScreeningHit {
  return { entityId: party.id, name: spelling, score, how, listedCountries: party.countries };
}

/** Names are equal when they share a key: the same words in any order, or the same letters in order. */
function exactKeys(name: PartyName): Set<string> {
  return name.compact === '' ? new Set() : new Set([name.sorted, name.compact]);
}

/**
 * How alike two names are that aren't equal; null below the least score. Words both hold are lined up
 * first, because plain sorting pulls a word with a misspelt first letter out of its place.
 */
function fuzzyScore(one: PartyName, other: PartyName): number | null {
  if (Math.min(one.compact.length, other.compact.length) < LEAST_FUZZY_LENGTH) return null;
  if (digitsOf(one) !== digitsOf(other)) return null; // "Plant 17" is not a misspelt "Plant 18"
  const common = one.words.filter((word) => other.words.includes(word)).join(' ');
  const rests = [restOf(one, other), restOf(other, one)] as const;
  const scores = [
    rests.map((rest) => rest.toSorted().join(' ')), // other order
    rests.map((rest) => rest.join('')), // other word breaks
  ].flatMap(([rest = '', otherRest = '']) => {
    const whole = rest === '' || otherRest === '';
    if (!whole && similarity(rest, otherRest, LEAST_REST_SCORE) < LEAST_REST_SCORE) return [];
    return [similarity(`${common} ${rest}`.trim(), `${common} ${otherRest}`.trim(), LEAST_SCORE)];
  });
  const score = Math.max(0, ...scores);
  return score < LEAST_SCORE ? null : Math.min(score, 0.99);
}

function restOf(name: PartyName, other: PartyName): string[] {
  return name.words.filter((word) => !other.words.includes(word));
}

function digitsOf(name: PartyName): string {
  return name.words
    .filter((word) => /^\d+$/.test(word))
    .toSorted()
    .join(' ');
}
