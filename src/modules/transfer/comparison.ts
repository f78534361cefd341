import { createRecordDigest, type RecordDigest, type Tally } from './record-digest.ts';
import type { Kind, Records, RecordSource } from './records.ts';
import { isBefore, keyOf, textOf } from './records.ts';

/** A record that two sources don't have alike. */
export interface Difference {
  readonly key: string;
  readonly what: 'only in the first' | 'only in the second' | 'not the same in both';
}

export interface KindComparison {
  readonly kind: Kind;
  readonly first: Tally;
  readonly second: Tally;
  /** How many records differ, and how many of these the second lacks or has otherwise. */
  readonly different: number;
  readonly wanting: number;
  /** The first of them. */
  readonly named: readonly Difference[];
}

export interface Comparison {
  /** The same register, and every record of it alike. */
  readonly equal: boolean;
  readonly registerIds: readonly [first: string, second: string];
  readonly kinds: readonly KindComparison[];
}

/** A record of the first source that the second lacks or has otherwise. */
export interface Wanting<K extends Kind> {
  readonly record: Records[K];
  /** Characters of its text. */
  readonly size: number;
}

const NAMED = 10;
const TOLD_EVERY = 100;

/**
 * Walks through all records of a kind of two sources, side by side in order of key. Memory holds two pages.
 * @param onWanting told of each record that the second lacks or has otherwise, before the walk goes on
 * @param onRead told now and then how many of the first were read
 * @throws Error when a source isn't in order
 */
export async function compareKind<K extends Kind>(
  kind: K,
  sources: readonly [first: RecordSource, second: RecordSource],
  onWanting: (wanting: Wanting<K>) => Promise<void> | void,
  onRead: (count: number) => void,
): Promise<KindComparison> {
  const digests = [createRecordDigest(), createRecordDigest()] as const;
  const first = entries(kind, sources[0], digests[0]);
  const second = entries(kind, sources[1], digests[1]);
  const named: Difference[] = [];
  let different = 0;
  let wanting = 0;
  let read = 0;
  try {
    let one = await next(first);
    let other = await next(second);
    while (one !== undefined || other !== undefined) {
      // The one that comes first, or both when they have the same key.
      const here =
        one !== undefined && (other === undefined || !isBefore(kind, other.key, one.key)) ? one : null;
      const there =
        other !== undefined && (one === undefined || !isBefore(kind, one.key, other.key)) ? other : null;
      if (here?.text !== there?.text) {
        different += 1;
        if (named.length < NAMED) named.push(difference(here, there));
        if (here !== null) {
          wanting += 1;
          await onWanting({ record: here.record, size: here.text.length });
        }
      }
      if (here !== null) {
        one = await next(first);
        read += 1;
        if (read % TOLD_EVERY === 0) onRead(read);
      }
      if (there !== null) other = await next(second);
    }
    onRead(read);
  } finally {
    await Promise.all([first.return(), second.return()]);
  }
  return { kind, first: digests[0].tally(), second: digests[1].tally(), different, wanting, named };
}

interface Entry<K extends Kind> {
  readonly key: string;
  readonly record: Records[K];
  readonly text: string;
}

/** Every record with its key and text, added up on the way. */
async function* entries<K extends Kind>(
  kind: K,
  source: RecordSource,
  digest: RecordDigest,
): AsyncGenerator<Entry<K>, void, void> {
  let last: string | undefined;
  for await (const page of source.pages(kind)) {
    for (const record of page) {
      const key = keyOf(kind, record);
      if (last !== undefined && isBefore(kind, key, last)) {
        throw new Error(`The ${kind} are not in order: ${key} comes after ${last}.`);
      }
      last = key;
      const text = textOf(kind, record);
      digest.add(text);
      yield { key, record, text };
    }
  }
}

async function next<T>(generator: AsyncGenerator<T, void, void>): Promise<T | undefined> {
  const { done, value } = await generator.next();
  return done === true ? undefined : value;
}

function difference(here: { key: string } | null, there: { key: string } | null): Difference {
  const what =
    there === null ? 'only in the first' : here === null ? 'only in the second' : 'not the same in both';
  return { key: here?.key ?? there?.key ?? '', what };
}
