import { Schema } from 'mongoose';
import type { Clock } from '../kernel/clock.ts';
import {
  createMongoDeclarationStore,
  DECLARATION_COLLECTIONS,
} from '../modules/declarations/declaration.mongo.ts';
import {
  createMongoRefusedFilingStore,
  REFUSED_FILING_COLLECTIONS,
} from '../modules/declarations/refused-filing.mongo.ts';
import { createMongoLookupLog, LOOKUP_COLLECTIONS } from '../modules/lookup/lookup.mongo.ts';
import { createMongoRegisterStore, REGISTER_COLLECTIONS } from '../modules/register/register.mongo.ts';
import type { Collection, IndexProgress, Mongo } from '../platform/mongo/index.ts';
import {
  assertIndexes,
  buildIndexes,
  createMongoLeaseStore,
  indexPlans,
  LEASE_COLLECTIONS,
  modelOf,
  openMongo,
  refusalSentence,
  SCHEMA_OPTIONS,
  translating,
} from '../platform/mongo/index.ts';
import type { Stores } from './stores.ts';

const REGISTRY = {
  name: 'registry',
  schema: new Schema<RegistryDocument>(
    { _id: { type: String, required: true }, registerId: String, format: Number, probes: Number },
    SCHEMA_OPTIONS,
  ),
};
const COLLECTIONS = [
  ...REGISTER_COLLECTIONS,
  ...DECLARATION_COLLECTIONS,
  ...REFUSED_FILING_COLLECTIONS,
  ...LOOKUP_COLLECTIONS,
  ...LEASE_COLLECTIONS,
  REGISTRY,
] as unknown as Collection<never>[];

/** How the documents are laid out. A change that older versions can't read is a new number. */
const FORMAT = 1;

interface RegistryDocument {
  readonly _id: 'registry';
  readonly registerId: string;
  readonly format: number;
  readonly probes: number;
}

interface MongoPlace {
  /** Names servers, database and user; holds a password. */
  readonly url: string;
  readonly clock: Clock;
}

/**
 * Opens the MongoDB stores in the database of `url`.
 * @param newRegisterId the id that a register gets when it is made
 * @throws Error of one sentence, with nothing written, when the server, the rights, the indexes or the records can't
 * be relied on
 */
export async function openMongoStores({ url, clock }: MongoPlace, newRegisterId: string): Promise<Stores> {
  const connection = await openMongo(url, { appName: 'pill-press-registry' }, () => Date.parse(clock.now()));
  try {
    await assertIndexes(connection, indexPlans(COLLECTIONS));
    const registry = modelOf<RegistryDocument>(connection, REGISTRY);
    await assertFormat();
    await assertRights(connection);
    const { registerId } = await registry
      .findOneAndUpdate(
        { _id: 'registry' },
        { $setOnInsert: { registerId: newRegisterId, format: FORMAT }, $inc: { probes: 1 } },
        { upsert: true, returnDocument: 'after' },
      )
      .lean<RegistryDocument>()
      .orFail()
      .exec();
    return {
      register: createMongoRegisterStore(connection),
      declarations: createMongoDeclarationStore(connection),
      refusedFilings: createMongoRefusedFilingStore(connection),
      lookupLog: createMongoLookupLog(connection),
      leases: createMongoLeaseStore(connection),
      registerId,
      async probe() {
        await translating(() => registry.updateOne({ _id: 'registry' }, { $inc: { probes: 1 } }).exec());
      },
      close: () => connection.destroy(),
    };

    async function assertFormat(): Promise<void> {
      const found = await registry.findById('registry').lean<RegistryDocument>().exec();
      if (found !== null && found.format > FORMAT) {
        throw new Error(
          `The store was written by a newer version: its format is ${found.format}, the newest known here is ${FORMAT}.`,
        );
      }
    }
  } catch (error) {
    await connection.destroy().catch(() => undefined);
    throw isSentence(error) ? error : new Error(refusalSentence(error), { cause: error });
  }
}

/** Changes that match no record: they need the right to change, and write nothing. */
async function assertRights(connection: Mongo): Promise<void> {
  for (const collection of COLLECTIONS) {
    await modelOf(connection, collection).collection.updateOne({ _id: '' as never }, { $set: { probes: 0 } });
  }
}

/**
 * Builds the indexes that are missing in the database of `url`, while it is in use.
 * @throws Error of one sentence
 */
export async function buildMongoIndexes(
  { url, clock }: MongoPlace,
  onProgress: (progress: IndexProgress) => void,
): Promise<number> {
  const plans = indexPlans(COLLECTIONS);
  const options = { appName: 'pill-press-registry indexes', patient: true };
  const connection = await openMongo(url, options, () => Date.parse(clock.now()));
  try {
    await buildIndexes(connection, plans, onProgress);
    return plans.length;
  } catch (error) {
    throw isSentence(error) ? error : new Error(refusalSentence(error), { cause: error });
  } finally {
    await connection.destroy().catch(() => undefined);
  }
}

/** What we threw ourselves is a sentence; errors of the driver have a class of their own. */
function isSentence(error: unknown): boolean {
  return error instanceof Error && error.name === 'Error';
}
