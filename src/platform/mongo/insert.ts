import type { mongo } from 'mongoose';
import { areAllDuplicates } from './duplicate-key.ts';
import { isOutcomeUnknown, translated, translating } from './translate.ts';

interface Identified {
  readonly _id: string;
}

/**
 * Inserts documents, each on its own. One whose id is there already stays as it is: whoever isn't sure whether a call
 * took effect can repeat it, and so does the driver. What became of a write that nobody confirmed is read back.
 * @returns the ids of those that were not there; after a write whose outcome was unknown, of none
 * @throws Failure `store-unsure` or `store-away` when they, or some of them, may not be there for good
 */
export async function insertNew<T extends Identified>(
  collection: mongo.Collection,
  documents: readonly T[],
): Promise<Set<string>> {
  const ids = documents.map(({ _id }) => _id);
  try {
    await collection.insertMany(documents as never, { ordered: false });
    return new Set(ids);
  } catch (error) {
    if (areAllDuplicates(error)) return added(ids, error);
    if (isOutcomeUnknown(error) && (await areThere(collection, ids))) return new Set();
    throw translated(error);
  }
}

/** Those whose insertion no duplicate stood in the way of. */
function added(ids: readonly string[], error: unknown): Set<string> {
  const failures = [(error as mongo.MongoBulkWriteError).writeErrors].flat();
  const failed = new Set(failures.map(({ index }) => ids[index]));
  return new Set(ids.filter((id) => !failed.has(id)));
}

/** As a majority of the servers has it. */
async function areThere(collection: mongo.Collection, ids: readonly string[]): Promise<boolean> {
  const found = await translating(() =>
    collection.find({ _id: { $in: [...ids] } } as never, { projection: { _id: 1 } }).toArray(),
  );
  return found.length === new Set(ids).size;
}
