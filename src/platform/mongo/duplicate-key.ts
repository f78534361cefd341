import { mongo } from 'mongoose';

/** https://www.mongodb.com/docs/manual/reference/error-codes/ */
const DUPLICATE_KEY = 11_000;
/** MongoDB: `E11000 duplicate key error collection: a.b index: NAME dup key: …`. Others: `… Index 'NAME'`. */
const INDEX_IN_MESSAGE = /\bindex: (\S+) dup key|\bIndex '([^']+)'/;

/** Fields and directions, such as `{ org: 1, reference: 1 }`. */
export type IndexKeys = Readonly<Record<string, 1 | -1>>;

/**
 * The name of the unique index that a write would have violated; null when the error is another one.
 * MongoDB names fields (`keyPattern`) and the index; compatible servers name the index in the message alone.
 * @param indexes names by fields, for a server that tells only the fields
 */
export function violatedIndex(
  error: unknown,
  indexes: Readonly<Record<string, IndexKeys>> = {},
): string | null {
  if (!(error instanceof mongo.MongoServerError) || error.code !== DUPLICATE_KEY) return null;
  const named = INDEX_IN_MESSAGE.exec(error.message);
  const name = named?.[1] ?? named?.[2];
  if (name !== undefined) return name;
  const fields = JSON.stringify(error['keyPattern'] ?? {});
  if (fields === '{"_id":1}') return '_id_';
  return Object.entries(indexes).find(([, keys]) => JSON.stringify(keys) === fields)?.[0] ?? 'unknown';
}

/** True when every single failure of a batch is a duplicate: the record was there before, perhaps from this very call. */
export function areAllDuplicates(error: unknown): boolean {
  if (!(error instanceof mongo.MongoBulkWriteError)) return violatedIndex(error) !== null;
  const failures = [error.writeErrors].flat();
  return (
    failures.length > 0 &&
    failures.every(({ code }) => code === DUPLICATE_KEY) &&
    error.result.getWriteConcernError() === undefined
  );
}
