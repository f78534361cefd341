import { mongo, Schema } from 'mongoose';
import type { Mongo } from '../../platform/mongo/index.ts';
import {
  bearsStamp,
  dueIds,
  insertNew,
  isOutcomeUnknown,
  latestFirst,
  modelOf,
  pageById,
  SCHEMA_OPTIONS,
  translated,
  translating,
  violatedIndex,
} from '../../platform/mongo/index.ts';
import type {
  ImportPart,
  ImportParts,
  ImportStore,
  PartKey,
  PartKind,
  ReplaceOutcome,
} from './import.ports.ts';
import type { Import } from './import.ts';

/** `record` is JSON: what no query asks for, with names of its own in the mapping. Absent, not null: `dueAt`, `fileKey`. */
interface ImportDocument extends Pick<Import, 'org' | 'createdAt' | 'version' | 'fileKey'> {
  readonly _id: string;
  readonly dueAt?: string;
  readonly record: string;
  /** Another one with each write, by which a write whose answer was lost is told from a rival's. Not of the record. */
  readonly stamp?: mongo.ObjectId;
}

interface PartDocument {
  /** Import, kind and number, so that the order of the ids is that of the parts. */
  readonly _id: string;
  readonly content: Buffer;
}

const text = { type: String, required: true } as const;
const importSchema = new Schema<ImportDocument>(
  {
    _id: text,
    org: text,
    createdAt: text,
    version: { type: Number, required: true },
    fileKey: String,
    dueAt: String,
    record: text,
    stamp: Schema.Types.ObjectId,
  },
  SCHEMA_OPTIONS,
);
importSchema.index(
  { org: 1, fileKey: 1 },
  { name: 'imports_by_file', unique: true, partialFilterExpression: { fileKey: { $exists: true } } },
);
importSchema.index({ org: 1, createdAt: 1, _id: 1 }, { name: 'imports_by_org' });
importSchema.index({ createdAt: 1, _id: 1 }, { name: 'imports_by_time' });
importSchema.index(
  { dueAt: 1 },
  { name: 'imports_due', partialFilterExpression: { dueAt: { $exists: true } } },
);
const IMPORTS = { name: 'imports', schema: importSchema };

const partSchema = new Schema<PartDocument>(
  { _id: text, content: { type: Buffer, required: true } },
  SCHEMA_OPTIONS,
);
const IMPORT_PARTS = { name: 'import_parts', schema: partSchema };

export const IMPORT_COLLECTIONS = [IMPORTS, IMPORT_PARTS];

export function createMongoImportStore(connection: Mongo): ImportStore {
  const imports = modelOf<ImportDocument>(connection, IMPORTS);

  async function findOne(
    filter: Partial<Pick<ImportDocument, '_id' | 'org' | 'fileKey'>>,
  ): Promise<Import | null> {
    const found = await translating(() => imports.findOne(filter).lean<ImportDocument>().exec());
    return found === null ? null : toImport(found);
  }

  async function replace(previous: Pick<Import, 'id' | 'version'>, next: Import): Promise<ReplaceOutcome> {
    const stamp = new mongo.ObjectId();
    const filter = { _id: previous.id, version: previous.version };
    try {
      const { matchedCount } = await imports.collection.replaceOne(filter as never, {
        ...toDocument(next),
        stamp,
      });
      return matchedCount === 1 || (await bearsStamp(imports, next.id, stamp)) ? 'replaced' : 'overtaken';
    } catch (error) {
      const isTaken = violatedIndex(error) !== null;
      if (!isTaken && !isOutcomeUnknown(error)) throw translated(error);
      if (await bearsStamp(imports, next.id, stamp)) return 'replaced';
      if (isTaken) return 'file-taken';
      throw translated(error);
    }
  }

  async function adopt(one: Import): Promise<void> {
    const there = await findOne({ _id: one.id });
    if (there === null) await insertNew(imports.collection, [toDocument(one)]);
    else if (there.version < one.version) await replace(there, one);
  }

  return {
    async insert(one) {
      await insertNew(imports.collection, [toDocument(one)]);
    },
    replace,
    async remove({ id, version }) {
      await translating(() => imports.collection.deleteOne({ _id: id, version } as never));
    },
    find: (id) => findOne({ _id: id }),
    findByFile: (org, fileKey) => findOne({ org, fileKey }),
    async list({ org, after, limit }) {
      const found = await latestFirst(imports, org === undefined ? {} : { org }, after, limit);
      return found.map(toImport);
    },
    due: (now, limit) => dueIds(imports, now, limit),
    count: () => translating(() => imports.estimatedDocumentCount().exec()),
    page: async (afterId, limit) => (await pageById(imports, afterId, limit)).map(toImport),
    async adopt(some) {
      for (const one of some) await adopt(one);
    },
  };
}

function toDocument(one: Import): ImportDocument {
  const { id, org, createdAt, version, fileKey, dueAt, ...record } = one;
  return {
    _id: id,
    org,
    createdAt,
    version,
    ...(fileKey === undefined ? {} : { fileKey }),
    ...(dueAt === null ? {} : { dueAt }),
    record: JSON.stringify(record),
  };
}

function toImport({ _id: id, org, createdAt, version, fileKey, dueAt, record }: ImportDocument): Import {
  return {
    ...(JSON.parse(record) as Omit<Import, 'id' | 'org' | 'createdAt' | 'version' | 'fileKey' | 'dueAt'>),
    id,
    org,
    createdAt,
    version,
    ...(fileKey === undefined ? {} : { fileKey }),
    dueAt: dueAt ?? null,
  };
}

/** A number of parts has so many digits at most. */
const DIGITS = 16;
/** After every number. */
const LAST = '~';

export function createMongoImportParts(connection: Mongo): ImportParts {
  const parts = modelOf<PartDocument>(connection, IMPORT_PARTS);

  async function between(from: string, to: string, limit: number): Promise<ImportPart[]> {
    const found = await translating(() =>
      parts.collection
        .find({ _id: { $gt: from, $lt: to } } as never, { promoteBuffers: true })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray(),
    );
    return (found as unknown as PartDocument[]).map(toPart);
  }

  return {
    async add(some) {
      if (some.length === 0) return;
      const documents = some.map((part) => ({ _id: partId(part), content: part.content }));
      await insertNew(parts.collection, documents);
    },
    after: (importId, kind, no, limit) =>
      between(partId({ importId, kind, no }), `${importId} ${kind} ${LAST}`, limit),
    async drop(importId, kind, no) {
      const ids = { $gt: partId({ importId, kind, no }), $lt: `${importId} ${kind} ${LAST}` };
      await translating(() => parts.collection.deleteMany({ _id: ids } as never));
    },
    count: () => translating(() => parts.estimatedDocumentCount().exec()),
    page: (after, limit) => between(after === null ? '' : partId(after), LAST, limit),
  };
}

function partId({ importId, kind, no }: PartKey): string {
  return `${importId} ${kind} ${String(no).padStart(DIGITS, '0')}`;
}

function toPart({ _id, content }: PartDocument): ImportPart {
  const [importId = '', kind, no] = _id.split(' ');
  return { importId, kind: kind as PartKind, no: Number(no), content };
}
