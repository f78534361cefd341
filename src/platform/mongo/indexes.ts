import { isDeepStrictEqual } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { mongo } from 'mongoose';
import type { Mongo } from './connect.ts';
import type { IndexPlan } from './models.ts';

interface FoundIndex {
  readonly name: string;
  readonly key: Readonly<Record<string, unknown>>;
  readonly unique?: boolean;
  readonly partialFilterExpression?: unknown;
  readonly [option: string]: unknown;
}

/** Server code NamespaceNotFound. */
const NO_COLLECTION = 26;
/** Options that change what an index does, which none of ours has: one would even delete records. */
const FOREIGN_OPTIONS = ['expireAfterSeconds', 'sparse', 'hidden', 'collation'] as const;
const LOOK_EVERY_MS = 250;

/**
 * Makes sure that every index is there, whole, and as it has to be.
 * @throws Error of one sentence that names those that are not
 */
export async function assertIndexes(connection: Mongo, plans: readonly IndexPlan[]): Promise<void> {
  const wrong: string[] = [];
  for (const collection of new Set(plans.map((plan) => plan.collection))) {
    const found = await indexesOf(connection, collection);
    const building = await unfinished(connection, collection);
    for (const plan of plans.filter((each) => each.collection === collection)) {
      const fault = faultOf(plan, found, building);
      if (fault !== null) wrong.push(`${collection}.${plan.name} ${fault}`);
    }
  }
  if (wrong.length === 0) return;
  throw new Error(`The store lacks indexes; run "npm run indexes": ${wrong.join(', ')}.`);
}

/** What is wrong with an index, in words that follow its name; null when nothing is. */
function faultOf(
  plan: IndexPlan,
  found: readonly FoundIndex[],
  building: ReadonlySet<string>,
): string | null {
  const index = found.find(({ name }) => name === plan.name);
  if (index === undefined) return 'is missing';
  if (building.has(plan.name)) return 'is half built';
  if (!isDeepStrictEqual(Object.entries(index.key), Object.entries(plan.keys))) return 'has other fields';
  if ((index.unique === true) !== plan.unique) return plan.unique ? 'is not unique' : 'is unique';
  const foreign = FOREIGN_OPTIONS.find((option) => Boolean(index[option]));
  if (foreign !== undefined) return `has the option ${foreign}`;
  const isPartialAsPlanned = isDeepStrictEqual(index.partialFilterExpression, plan.partialFilterExpression);
  return isPartialAsPlanned ? null : 'covers other records';
}

export interface IndexProgress {
  /** What is looked after now. */
  readonly collection: string;
  /** Indexes that have been looked after. */
  readonly done: number;
  readonly total: number;
}

/**
 * Builds what is missing, one collection after the other, while the store is in use, and waits until each index is
 * whole. One that is there but differs is left alone. Those of a collection are built in one scan of it.
 * @param connection a patient one
 * @throws Error of one sentence that names what can't be built, or what is still wrong at the end
 */
export async function buildIndexes(
  connection: Mongo,
  plans: readonly IndexPlan[],
  onProgress: (progress: IndexProgress) => void,
): Promise<void> {
  let done = 0;
  for (const collection of new Set(plans.map((plan) => plan.collection))) {
    onProgress({ collection, done, total: plans.length });
    const own = plans.filter((plan) => plan.collection === collection);
    await buildMissing(connection, collection, own);
    done += own.length;
    onProgress({ collection, done, total: plans.length });
  }
  await assertIndexes(connection, plans);
}

async function buildMissing(
  connection: Mongo,
  collection: string,
  plans: readonly IndexPlan[],
): Promise<void> {
  const found = new Set((await indexesOf(connection, collection)).map(({ name }) => name));
  const missing = plans.filter(({ name }) => !found.has(name));
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ');
    try {
      await databaseOf(connection)
        .collection(collection)
        .createIndexes(
          missing.map(({ keys, collection: _collection, ...rest }) => ({ key: { ...keys }, ...rest })),
        );
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause);
      throw new Error(`The indexes ${names} of ${collection} cannot be built: ${reason}.`, { cause });
    }
  }
  while ((await unfinished(connection, collection)).size > 0) await delay(LOOK_EVERY_MS);
}

async function indexesOf(connection: Mongo, collection: string): Promise<FoundIndex[]> {
  try {
    return (await databaseOf(connection).collection(collection).listIndexes().toArray()) as FoundIndex[];
  } catch (error) {
    if (error instanceof mongo.MongoServerError && error.code === NO_COLLECTION) return [];
    throw error;
  }
}

interface ListedIndex {
  readonly name?: string;
  /** Around the index, where more than it is told. */
  readonly spec?: { readonly name: string };
  /** Only of one that is being built. */
  readonly buildUUID?: unknown;
}

/**
 * Names of indexes that are being built now. Whoever may list indexes is told so from 6.0 on
 * (https://www.mongodb.com/docs/manual/reference/command/listIndexes/); other servers tell it in `$indexStats`, or not.
 */
async function unfinished(connection: Mongo, collection: string): Promise<Set<string>> {
  const database = databaseOf(connection);
  const listed = await told(() =>
    database.command({ listIndexes: collection, includeIndexBuildInfo: true, cursor: { batchSize: 1_000 } }),
  );
  const { firstBatch = [] } = (listed?.['cursor'] ?? {}) as { firstBatch?: ListedIndex[] };
  const building = firstBatch.filter(({ buildUUID }) => buildUUID !== undefined);
  const stats =
    (await told(() =>
      database
        .collection(collection)
        .aggregate<{ name: string; building?: boolean }>([{ $indexStats: {} }])
        .toArray(),
    )) ?? [];
  return new Set([
    ...building.map(({ name, spec }) => spec?.name ?? name ?? ''),
    ...stats.filter((each) => each.building === true).map(({ name }) => name),
  ]);
}

/** What a server says; null when it can't or won't. */
async function told<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof mongo.MongoServerError) return null;
    throw error;
  }
}

export function databaseOf(connection: Mongo): mongo.Db {
  if (connection.db === undefined) throw new Error('the connection to the store is not open');
  return connection.db;
}
