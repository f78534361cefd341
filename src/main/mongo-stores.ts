import type { Clock } from '../kernel/clock.ts';
import {
  AUDIT_RUN_COLLECTIONS,
  createMongoAuditRunParts,
  createMongoAuditRunStore,
} from '../modules/audit/audit-run.mongo.ts';
import {
  createMongoDeclarationStore,
  DECLARATION_COLLECTIONS,
} from '../modules/declarations/declaration.mongo.ts';
import {
  createMongoRefusedFilingStore,
  REFUSED_FILING_COLLECTIONS,
} from '../modules/declarations/refused-filing.mongo.ts';
import {
  createMongoImportParts,
  createMongoImportStore,
  IMPORT_COLLECTIONS,
} from '../modules/imports/import.mongo.ts';
import { createMongoLookupLog, LOOKUP_COLLECTIONS } from '../modules/lookup/lookup.mongo.ts';
import { createMongoRegisterStore, REGISTER_COLLECTIONS } from '../modules/register/register.mongo.ts';
import type { Collection, IndexProgress, Mongo, MongoOptions } from '../platform/mongo/index.ts';
import {
  assertIndexes,
  buildIndexes,
  createMongoLeaseStore,
  indexPlans,
  LEASE_COLLECTIONS,
  modelOf,
  openMongo,
  refusalSentence,
  translating,
} from '../platform/mongo/index.ts';
import {
  assertFormat,
  beginFilling,
  beginServing,
  endFilling,
  REGISTRY,
  registerIdIn,
  registryOf,
} from './mongo-stage.ts';
import type { Admit, Stores } from './stores.ts';

const APP = 'pill-press-registry';
const COLLECTIONS = [
  ...REGISTER_COLLECTIONS,
  ...DECLARATION_COLLECTIONS,
  ...REFUSED_FILING_COLLECTIONS,
  ...LOOKUP_COLLECTIONS,
  ...IMPORT_COLLECTIONS,
  ...AUDIT_RUN_COLLECTIONS,
  ...LEASE_COLLECTIONS,
  REGISTRY,
] as unknown as Collection<never>[];

export interface MongoPlace {
  /** Names servers, database and user; holds a password. */
  readonly url: string;
  readonly clock: Clock;
}

/**
 * Opens the MongoDB stores in the database of `url`, to be served.
 * @param newRegisterId the id that a register gets when it is made
 * @throws Error of one sentence, with nothing written, when the server, the rights, the indexes or the records can't
 * be relied on, or a copy into the database was not completed; whatever `admit` throws
 */
export function openMongoStores(
  place: MongoPlace,
  newRegisterId: string,
  admit: Admit = () => undefined,
): Promise<Stores> {
  return opened(place, { appName: APP }, async (connection) => {
    await assertIndexes(connection, indexPlans(COLLECTIONS));
    await assertFormat(registryOf(connection));
    await assertRights(connection);
    return mongoStores(connection, await beginServing(registryOf(connection), newRegisterId, admit));
  });
}

/**
 * Opens the stores in the database of `url` to be read: nothing is written.
 * @throws Error of one sentence when the server or the records can't be relied on
 */
export function readMongoStores(place: MongoPlace): Promise<Stores> {
  return opened(place, { appName: `${APP} reading`, patient: true }, async (connection) => {
    await assertIndexes(connection, indexPlans(COLLECTIONS));
    await assertFormat(registryOf(connection));
    return mongoStores(connection, await registerIdIn(registryOf(connection)));
  });
}

/**
 * Opens the stores in the database of `url`, whose indexes are made where they are missing, to be filled with a copy
 * of this register. No registry starts on them before `complete`.
 * @throws Error of one sentence when the server can't be relied on, or the database isn't free for the copy
 */
export async function fillMongoStores(
  place: MongoPlace,
  registerId: string,
): Promise<Stores & { complete(): Promise<void> }> {
  return opened(place, { appName: `${APP} copying`, patient: true }, async (connection) => {
    const registry = registryOf(connection);
    await assertFormat(registry);
    await beginFilling(registry, registerId);
    await buildIndexes(connection, indexPlans(COLLECTIONS), () => undefined);
    await assertRights(connection);
    return {
      ...mongoStores(connection, registerId),
      complete: () => translating(() => endFilling(registry)),
    };
  });
}

/** Connects and hands the connection on; where that fails, closes it and says why in one sentence. */
async function opened<T>(
  { url, clock }: MongoPlace,
  options: MongoOptions,
  use: (connection: Mongo) => Promise<T>,
): Promise<T> {
  const connection = await openMongo(url, options, () => Date.parse(clock.now()));
  try {
    return await use(connection);
  } catch (error) {
    await connection.destroy().catch(() => undefined);
    throw isSentence(error) ? error : new Error(refusalSentence(error), { cause: error });
  }
}

function mongoStores(connection: Mongo, registerId: string): Stores {
  const registry = registryOf(connection);
  return {
    register: createMongoRegisterStore(connection),
    declarations: createMongoDeclarationStore(connection),
    refusedFilings: createMongoRefusedFilingStore(connection),
    lookupLog: createMongoLookupLog(connection),
    imports: createMongoImportStore(connection),
    importParts: createMongoImportParts(connection),
    auditRuns: createMongoAuditRunStore(connection),
    auditRunParts: createMongoAuditRunParts(connection),
    leases: createMongoLeaseStore(connection),
    registerId,
    async probe() {
      await translating(() => registry.updateOne({ _id: 'registry' }, { $inc: { probes: 1 } }).exec());
    },
    close: () => connection.destroy(),
  };
}

/** Changes that match no record: they need the right to change and to remove, and write nothing. */
async function assertRights(connection: Mongo): Promise<void> {
  for (const collection of COLLECTIONS) {
    const records = modelOf(connection, collection).collection;
    await records.updateOne({ _id: '' as never }, { $set: { probes: 0 } });
    await records.deleteOne({ _id: '' as never });
  }
}

/**
 * Builds the indexes that are missing in the database of `url`, while it is in use.
 * @throws Error of one sentence
 */
export function buildMongoIndexes(
  place: MongoPlace,
  onProgress: (progress: IndexProgress) => void,
): Promise<number> {
  const plans = indexPlans(COLLECTIONS);
  return opened(place, { appName: `${APP} indexes`, patient: true }, async (connection) => {
    await buildIndexes(connection, plans, onProgress);
    await connection.destroy().catch(() => undefined);
    return plans.length;
  });
}

/** What we threw ourselves is a sentence; errors of the driver have a class of their own. */
function isSentence(error: unknown): boolean {
  return error instanceof Error && error.name === 'Error';
}
