import type { mongo } from 'mongoose';
import { translated } from './translate.ts';

/** Crockford's base 32 in lower case: its text order is the order of its values. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
/** So many digits tell ids apart well enough to say how far one lies from another. */
const TELLING = 6;
const SPACE = DIGITS.length ** TELLING;
/** A range is made so much wider than it has to be on average, so that one mostly suffices. */
const SPARE = 1.2;
const WIDER = 8;
/** Fewer documents say too little about how far they lie apart. */
const TELLING_DOCUMENTS = 20;

/**
 * Reads the documents after an id in order of id; empty: from the beginning. Whoever has had enough just stops.
 * @param wanted how many are likely to be taken
 */
export type ReadInOrder<T> = (afterId: string, wanted: number) => AsyncGenerator<T, void, void>;

/**
 * Reads documents whose ids are `prefix` and base 32 of a hash, and so lie evenly. Not every server with MongoDB's
 * protocol reads an index in order: some sort all that the filter leaves, each time. So each read is of a range that
 * holds about as many documents as are wanted, and the next range is read where that doesn't suffice.
 */
export function createReadInOrder<T extends mongo.BSON.Document>(
  collection: mongo.Collection,
  prefix: string,
): ReadInOrder<T> {
  /** How far apart documents lie on average; the server's own count may lag far behind. */
  let apart: number | undefined;

  return async function* readInOrder(afterId, wanted) {
    try {
      apart ??= SPACE / Math.max(1, await collection.estimatedDocumentCount());
      let width = Math.ceil(apart * wanted * SPARE);
      let from = afterId;
      for (;;) {
        const to = idFurther(from, prefix, width);
        const range = { _id: { $gt: from, ...(to === null ? {} : { $lte: to }) } };
        const cursor = collection.find<T>(range as never).sort({ _id: 1 });
        let count = 0;
        let last = from;
        try {
          for await (const document of cursor.batchSize(wanted)) {
            count += 1;
            last = String(document['_id']);
            yield document;
          }
        } finally {
          if (count >= TELLING_DOCUMENTS) apart = distance(from, last, prefix) / count;
        }
        if (to === null) return;
        from = to;
        if (count === 0) width *= WIDER;
      }
    } catch (error) {
      throw translated(error);
    }
  };
}

/** The beginning of ids that lie so far behind this one; null beyond the last, and for an id of another form. */
function idFurther(id: string, prefix: string, width: number): string | null {
  const further = valueOf(id, prefix) + width;
  if (Number.isNaN(further) || further >= SPACE) return null;
  let text = '';
  for (let rest = further, index = 0; index < TELLING; index += 1) {
    text = `${DIGITS[rest % DIGITS.length] ?? ''}${text}`;
    rest = Math.floor(rest / DIGITS.length);
  }
  return prefix + text;
}

function distance(from: string, to: string, prefix: string): number {
  return Math.max(1, valueOf(to, prefix) - valueOf(from, prefix)) || SPACE;
}

/** What the first digits of an id say; not a number for an id of another form. */
function valueOf(id: string, prefix: string): number {
  if (id !== '' && !id.startsWith(prefix)) return NaN;
  const digits = [...id.slice(prefix.length, prefix.length + TELLING).padEnd(TELLING, '0')];
  return digits.reduce((sum, digit) => {
    const value = DIGITS.indexOf(digit);
    return value === -1 ? NaN : sum * DIGITS.length + value;
  }, 0);
}
