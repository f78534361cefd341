import { Schema } from 'mongoose';
import type { Mongo } from '../../platform/mongo/index.ts';
import { createBatch, insertNew, modelOf, SCHEMA_OPTIONS, translating } from '../../platform/mongo/index.ts';
import type { RefusedFiling, RefusedFilingStore } from './declaration.ports.ts';

type RefusedFilingDocument = Omit<RefusedFiling, 'id'> & { readonly _id: string };

const text = { type: String, required: true } as const;
const schema = new Schema<RefusedFilingDocument>(
  {
    _id: text,
    org: text,
    sub: text,
    at: text,
    reference: String,
    code: text,
    faults: [Schema.Types.Mixed],
    body: String,
  },
  SCHEMA_OPTIONS,
);
schema.index({ org: 1, at: 1, _id: 1 }, { name: 'refused_filings_by_org' });
schema.index({ at: 1, _id: 1 }, { name: 'refused_filings_by_time' });

const REFUSED_FILINGS = { name: 'refused_filings', schema };
export const REFUSED_FILING_COLLECTIONS = [REFUSED_FILINGS];

const KEPT_PER_ORG = 1_000;
const PER_BATCH = 64;
const PRUNED_AT_ONCE = 1_000;

export function createMongoRefusedFilingStore(connection: Mongo): RefusedFilingStore {
  const filings = modelOf<RefusedFilingDocument>(connection, REFUSED_FILINGS);

  async function prune(org: string): Promise<void> {
    const surplus = await filings
      .find({ org }, { _id: 1 })
      .sort({ at: -1, _id: -1 })
      .skip(KEPT_PER_ORG)
      .limit(PRUNED_AT_ONCE)
      .lean<{ _id: string }[]>()
      .exec();
    if (surplus.length > 0) await filings.deleteMany({ _id: { $in: surplus.map(({ _id }) => _id) } }).exec();
  }

  const add = createBatch<RefusedFilingDocument, void>({
    async run(documents) {
      await insertNew(filings.collection, documents);
      for (const org of new Set(documents.map((document) => document.org))) await prune(org);
      return documents.map(() => undefined);
    },
    maxKeys: PER_BATCH,
  });

  return {
    add: ({ id, ...rest }) => add({ _id: id, ...rest }),
    count: () => translating(() => filings.estimatedDocumentCount().exec()),
    async list({ org, after, limit }) {
      const found = await translating(() =>
        filings
          .find({
            ...(org === undefined ? {} : { org }),
            // Not every server finds all records by an index for the sake of their order: a bound asks for it.
            ...(after === undefined && org === undefined ? { at: { $gte: '' } } : {}),
            ...(after === undefined
              ? {}
              : {
                  at: { $lte: after.at },
                  $or: [{ at: { $lt: after.at } }, { at: after.at, _id: { $lt: after.id } }],
                }),
          })
          .sort({ at: -1, _id: -1 })
          .limit(limit)
          .lean<RefusedFilingDocument[]>()
          .exec(),
      );
      return found.map(({ _id: id, ...rest }) => ({ id, ...rest }));
    },
  };
}
