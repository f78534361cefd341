import { Schema } from 'mongoose';
import type { Mongo } from '../../platform/mongo/index.ts';
import { createBatch, insertNew, modelOf, SCHEMA_OPTIONS, translating } from '../../platform/mongo/index.ts';
import type { LookupLog, LookupLogEntry } from './lookup.ports.ts';

type LookupDocument = Omit<LookupLogEntry, 'lookupId'> & { readonly _id: string };

const text = { type: String, required: true } as const;
const schema = new Schema<LookupDocument>(
  {
    _id: text,
    at: text,
    sub: text,
    org: text,
    role: text,
    country: text,
    serial: String,
    maker: String,
    kind: String,
    case: String,
    verdict: text,
    itemIds: [String],
  },
  SCHEMA_OPTIONS,
);
schema.index({ at: 1, _id: 1 }, { name: 'lookups_by_time' });
schema.index({ org: 1, at: 1, _id: 1 }, { name: 'lookups_by_org' });
schema.index(
  { case: 1, at: 1, _id: 1 },
  { name: 'lookups_by_case', partialFilterExpression: { case: { $exists: true } } },
);

const LOOKUPS = { name: 'lookups', schema };
export const LOOKUP_COLLECTIONS = [LOOKUPS];

const PER_BATCH = 256;

export function createMongoLookupLog(connection: Mongo): LookupLog {
  const lookups = modelOf<LookupDocument>(connection, LOOKUPS);

  const add = createBatch<LookupDocument, void>({
    async run(documents) {
      await insertNew(lookups.collection, documents);
      return documents.map(() => undefined);
    },
    maxKeys: PER_BATCH,
  });

  return {
    add: ({ lookupId, ...rest }) => add({ _id: lookupId, ...rest }),
    async list({ org, case: caseRef, since, until, after, limit }) {
      const isOfAll = [org, caseRef, since, until, after].every((condition) => condition === undefined);
      // Not every server finds all records by an index for the sake of their order: a bound asks for it.
      const from = [since, after?.at, isOfAll ? '' : undefined]
        .filter((instant) => instant !== undefined)
        .sort()
        .at(-1);
      const found = await translating(() =>
        lookups
          .find({
            ...(org === undefined ? {} : { org }),
            ...(caseRef === undefined ? {} : { case: caseRef }),
            ...(from === undefined && until === undefined
              ? {}
              : {
                  at: {
                    ...(from === undefined ? {} : { $gte: from }),
                    ...(until === undefined ? {} : { $lte: until }),
                  },
                }),
            ...(after === undefined
              ? {}
              : { $or: [{ at: { $gt: after.at } }, { at: after.at, _id: { $gt: after.lookupId } }] }),
          })
          .sort({ at: 1, _id: 1 })
          .limit(limit)
          .lean<LookupDocument[]>()
          .exec(),
      );
      return found.map(({ _id: lookupId, ...rest }) => ({ lookupId, ...rest }));
    },
    count: () => translating(() => lookups.estimatedDocumentCount().exec()),
  };
}
