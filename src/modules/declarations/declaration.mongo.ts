import { setTimeout as delay } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { Failure } from '../../kernel/failure.ts';
import type { Mongo } from '../../platform/mongo/index.ts';
import {
  areAllDuplicates,
  bearsStamp,
  createReadInOrder,
  dueIds,
  isOutcomeUnknown,
  modelOf,
  translated,
  translating,
  violatedIndex,
} from '../../platform/mongo/index.ts';
import {
  byDay,
  DECLARATIONS,
  SUMMARY,
  toDeclaration,
  toDocument,
  toSummary,
} from './declaration-document.mongo.ts';
import type { DeclarationDocument, SummaryDocument, VolumeDocument } from './declaration-document.mongo.ts';
import type { DeclarationQuery, DeclarationStore, InsertOutcome } from './declaration.ports.ts';
import type { Declaration } from './declaration.ts';

export const DECLARATION_COLLECTIONS = [DECLARATIONS];

/** What stands in the way of a write may not have reached a majority yet when it is read. */
const READ_BACK_TRIES = 10;
const READ_BACK_PAUSE_MS = 20;
/** With this many lines a page is full: a few megabytes. */
const LINES_A_PAGE = 5_000;
const VOLUME = { filedAt: 1, itemCount: 1, loose: 1 } as const;

export function createMongoDeclarationStore(connection: Mongo): DeclarationStore {
  const declarations = modelOf<DeclarationDocument>(connection, DECLARATIONS);
  const readInOrder = createReadInOrder<DeclarationDocument>(declarations.collection, 'dcl_');

  async function findOne(
    filter: Partial<Pick<DeclarationDocument, '_id' | 'org' | 'reference' | 'idempotencyKey'>>,
  ) {
    const found = await translating(() => declarations.findOne(filter).lean<DeclarationDocument>().exec());
    return found === null ? null : toDeclaration(found);
  }

  async function insert(declaration: Declaration): Promise<InsertOutcome> {
    const stamp = new mongo.ObjectId();
    try {
      await declarations.collection.insertOne({ ...toDocument(declaration), stamp } as never);
      return { outcome: 'inserted' };
    } catch (error) {
      const isDuplicate = violatedIndex(error) !== null;
      if (!isDuplicate && !isOutcomeUnknown(error)) throw translated(error);
      // The driver sends a write again whose first answer was lost, and may then find a duplicate in it.
      if (await bearsStamp(declarations, declaration.id, stamp)) return { outcome: 'inserted' };
      if (!isDuplicate) throw translated(error);
      return holderOf(declaration);
    }
  }

  async function holderOf({ id, org, reference, idempotencyKey }: Declaration): Promise<InsertOutcome> {
    for (let tries = 0; tries < READ_BACK_TRIES; tries += 1) {
      const byKey = idempotencyKey === undefined ? null : await findOne({ org, idempotencyKey });
      if (byKey !== null) return { outcome: 'key-taken', holder: byKey };
      const byReference = (await findOne({ org, reference })) ?? (await findOne({ _id: id }));
      if (byReference !== null) return { outcome: 'reference-taken', holder: byReference };
      await delay(READ_BACK_PAUSE_MS);
    }
    const message = 'Another filing is being stored under this key or reference; try again.';
    throw new Failure('unavailable', 'store-unsure', message, { retryAfterSeconds: 1 });
  }

  async function replace(previous: Declaration, next: Declaration): Promise<boolean> {
    const filter = { _id: next.id, version: previous.version };
    const stamp = new mongo.ObjectId();
    try {
      const { matchedCount } = await declarations.collection.updateOne(
        filter as never,
        changeOf(previous, next, stamp),
      );
      // A write that the driver sent twice, because the first answer was lost, finds its own version the second time.
      return matchedCount === 1 || (await bearsStamp(declarations, next.id, stamp));
    } catch (error) {
      if (isOutcomeUnknown(error) && (await bearsStamp(declarations, next.id, stamp))) return true;
      throw translated(error);
    }
  }

  async function page(afterId: string, limit: number): Promise<Declaration[]> {
    const found: Declaration[] = [];
    let lines = 0;
    for await (const document of readInOrder(afterId, limit)) {
      lines += document.itemCount;
      if (found.length > 0 && lines > LINES_A_PAGE) break;
      found.push(toDeclaration(document));
      if (found.length === limit) break;
    }
    return found;
  }

  async function adopt(some: readonly Declaration[]): Promise<void> {
    if (some.length === 0) return;
    try {
      await declarations.collection.insertMany(some.map(toDocument) as never, { ordered: false });
    } catch (error) {
      if (!areAllDuplicates(error)) throw translated(error);
      // Of those that were just inserted, nothing changes.
      const updates = some.flatMap(updatesOf);
      await translating(() => declarations.collection.bulkWrite(updates, { ordered: true }));
    }
  }

  return {
    insert,
    replace,
    async postpone({ id, version }, dueAt) {
      const change = dueAt === null ? { $unset: { dueAt: '' } } : { $set: { dueAt } };
      await translating(() =>
        declarations.collection.updateOne({ _id: id, version } as never, change as never),
      );
    },
    find: (id) => findOne({ _id: id }),
    findByKey: (org, idempotencyKey) => findOne({ org, idempotencyKey }),
    async list(query) {
      const found = await translating(() =>
        declarations
          .find(filterOf(query), SUMMARY)
          .sort({ filedAt: 1, _id: 1 })
          .limit(query.limit)
          .lean<SummaryDocument[]>()
          .exec(),
      );
      return found.map(toSummary);
    },
    due: (now, limit) => dueIds(declarations, now, limit),
    async volumes({ org, since, exceptId, limit }) {
      const found = await translating(() =>
        declarations
          .find(
            {
              org,
              filedAt: { $gte: since },
              _id: { $ne: exceptId },
              state: { $nin: ['withdrawn', 'refused'] },
            },
            VOLUME,
          )
          .sort({ filedAt: -1, _id: -1 })
          .limit(limit)
          .lean<VolumeDocument[]>()
          .exec(),
      );
      return byDay(found);
    },
    count: () => translating(() => declarations.estimatedDocumentCount().exec()),
    page: (afterId, limit) => page(afterId ?? '', limit),
    adopt,
    async backlog() {
      const [filed, [oldest]] = await translating(() =>
        Promise.all([
          declarations.countDocuments({ state: 'filed' }).exec(),
          declarations
            .find({ state: 'filed' }, { filedAt: 1 })
            .sort({ filedAt: 1, _id: 1 })
            .limit(1)
            .lean<{ filedAt: string }[]>()
            .exec(),
        ]),
      );
      return { filed, oldestFiledAt: oldest?.filedAt ?? null };
    },
  };
}

/** What adopting a declaration changes of the one that is there, if anything. */
function updatesOf(declaration: Declaration): mongo.AnyBulkWriteOperation[] {
  const document = toDocument(declaration);
  const { _id, version, dueAt } = document;
  const sameDue = dueAt === undefined ? { $unset: { dueAt: '' } } : { $set: { dueAt } };
  return [
    { replaceOne: { filter: { _id, version: { $lt: version } } as never, replacement: document } },
    { updateOne: { filter: { _id, version } as never, update: sameDue } },
  ];
}

/** What changes from one version to the next: a step doesn't send 2,000 lines again. */
function changeOf(previous: Declaration, next: Declaration, stamp: mongo.ObjectId) {
  const { _id, content, loose, itemCount, ...facts } = toDocument(next);
  const gone = (['dueAt', 'number', 'expiresAt'] as const).filter((field) => facts[field] === undefined);
  const $set = {
    ...facts,
    stamp,
    ...(next.content === previous.content ? {} : { content, loose, itemCount }),
  };
  return {
    $set: $set as never,
    ...(gone.length === 0 ? {} : { $unset: Object.fromEntries(gone.map((field) => [field, ''])) as never }),
  };
}

function filterOf({ org, state, number, since, after }: DeclarationQuery) {
  const isOfAll = [org, state, number, since, after].every((condition) => condition === undefined);
  return {
    ...(org === undefined ? {} : { org }),
    ...(state === undefined ? {} : { state }),
    ...(number === undefined ? {} : { number }),
    // Not every server finds all records by an index for the sake of their order: a bound asks for it.
    ...(since === undefined && after === undefined && !isOfAll
      ? {}
      : { filedAt: { $gte: latest(since, after?.filedAt) } }),
    ...(after === undefined
      ? {}
      : { $or: [{ filedAt: { $gt: after.filedAt } }, { filedAt: after.filedAt, _id: { $gt: after.id } }] }),
  };
}

function latest(one = '', other = ''): string {
  return one > other ? one : other;
}
