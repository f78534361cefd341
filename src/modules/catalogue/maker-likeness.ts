import { similarity } from './similarity.ts';
import { toAscii } from './transliteration.ts';

/** This project's choice: one letter in seven may differ. */
const LEAST_LIKENESS = 0.85;

/** Whether two maker keys read alike: all words of one are among the other's, or few of their letters differ. */
export function makersAlike(one: string, other: string): boolean {
  const [words, otherWords] = [wordsOf(one), wordsOf(other)];
  if (words.length === 0 || otherWords.length === 0) return one === other;
  if (contains(words, otherWords) || contains(otherWords, words)) return true;
  return similarity(words.join(''), otherWords.join(''), LEAST_LIKENESS) >= LEAST_LIKENESS;
}

function contains(words: readonly string[], fewer: readonly string[]): boolean {
  return fewer.every((word) => words.includes(word));
}

function wordsOf(key: string): string[] {
  return toAscii(key)
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
