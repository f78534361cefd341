import { createHash } from 'node:crypto';

/** What records add up to. */
export interface Tally {
  readonly count: number;
  /** SHA-256, hexadecimal, of their texts in order, each with a line feed behind it. */
  readonly digest: string;
}

/** Adds records up: the same texts in the same order, and no others, give the same tally. */
export interface RecordDigest {
  add(text: string): void;
  tally(): Tally;
}

export function createRecordDigest(): RecordDigest {
  const hash = createHash('sha256');
  let count = 0;
  return {
    add(text) {
      // A text is JSON on one line, so the line feed can't be part of it.
      hash.update(`${text}\n`);
      count += 1;
    },
    tally: () => ({ count, digest: hash.copy().digest('hex') }),
  };
}
