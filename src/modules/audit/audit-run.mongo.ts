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
} from '../../platform/mongo/index.ts';
import type { AuditRun } from './audit-run.ts';
import type {
  AuditRunParts,
  AuditRunStore,
  RunPart,
  RunPartKey,
  RunPartKind,
  RunReplaceOutcome,
} from './audit.ports.ts';

type Fields = 'report' | 'series' | 'status' | 'createdAt' | 'version';

/** `record` is JSON: what no query asks for. Absent, not null: `dueAt`. */
interface RunDocument extends Pick<AuditRun, Fields> {
  readonly _id: string;
  readonly dueAt?: string;
  readonly record: string;
  /** Another one with each write, by which a write whose answer was lost is told from a rival's. Not of the record. */
  readonly stamp?: mongo.ObjectId;
}

interface PartDocument {
  /** Run, attempt, kind and number, so that the order of the ids is that of the parts. */
  readonly _id: string;
  readonly content: string;
}

const text = { type: String, required: true } as const;
const runSchema = new Schema<RunDocument>(
  {
    _id: text,
    report: text,
    series: text,
    status: text,
    createdAt: text,
    version: { type: Number, required: true },
    dueAt: String,
    record: text,
    stamp: Schema.Types.ObjectId,
  },
  SCHEMA_OPTIONS,
);
runSchema.index({ createdAt: 1, _id: 1 }, { name: 'audit_runs_by_time' });
runSchema.index({ report: 1, createdAt: 1, _id: 1 }, { name: 'audit_runs_by_report' });
runSchema.index({ series: 1, createdAt: 1, _id: 1 }, { name: 'audit_runs_by_series' });
runSchema.index({ series: 1, status: 1, createdAt: 1, _id: 1 }, { name: 'audit_runs_by_status' });
runSchema.index(
  { dueAt: 1 },
  { name: 'audit_runs_due', partialFilterExpression: { dueAt: { $exists: true } } },
);
const AUDIT_RUNS = { name: 'audit_runs', schema: runSchema };

const partSchema = new Schema<PartDocument>({ _id: text, content: text }, SCHEMA_OPTIONS);
const AUDIT_RUN_PARTS = { name: 'audit_run_parts', schema: partSchema };

export const AUDIT_RUN_COLLECTIONS = [AUDIT_RUNS, AUDIT_RUN_PARTS];

export function createMongoAuditRunStore(connection: Mongo): AuditRunStore {
  const runs = modelOf<RunDocument>(connection, AUDIT_RUNS);

  async function find(id: string): Promise<AuditRun | null> {
    const found = await translating(() => runs.findById(id).lean<RunDocument>().exec());
    return found === null ? null : toRun(found);
  }

  async function replace(
    { id, version }: Pick<AuditRun, 'id' | 'version'>,
    next: AuditRun,
  ): Promise<RunReplaceOutcome> {
    const stamp = new mongo.ObjectId();
    try {
      const { matchedCount } = await runs.collection.replaceOne({ _id: id, version } as never, {
        ...toDocument(next),
        stamp,
      });
      return matchedCount === 1 || (await bearsStamp(runs, id, stamp)) ? 'replaced' : 'overtaken';
    } catch (error) {
      if (isOutcomeUnknown(error) && (await bearsStamp(runs, id, stamp))) return 'replaced';
      throw translated(error);
    }
  }

  async function adopt(run: AuditRun): Promise<void> {
    const there = await find(run.id);
    if (there === null) await insertNew(runs.collection, [toDocument(run)]);
    else if (there.version < run.version) await replace(there, run);
  }

  return {
    async insert(run) {
      await insertNew(runs.collection, [toDocument(run)]);
    },
    replace,
    find,
    async list({ report, after, limit }) {
      const found = await latestFirst(runs, report === undefined ? {} : { report }, after, limit);
      return found.map(toRun);
    },
    async latest(series, status) {
      const filter = { series, ...(status === undefined ? {} : { status }) };
      const [found] = await latestFirst(runs, filter, undefined, 1);
      return found === undefined ? null : toRun(found);
    },
    due: (now, limit) => dueIds(runs, now, limit),
    count: () => translating(() => runs.estimatedDocumentCount().exec()),
    page: async (afterId, limit) => (await pageById(runs, afterId, limit)).map(toRun),
    async adopt(some) {
      for (const run of some) await adopt(run);
    },
  };
}

function toDocument(run: AuditRun): RunDocument {
  const { id, report, series, status, createdAt, version, dueAt, ...record } = run;
  return {
    _id: id,
    report,
    series,
    status,
    createdAt,
    version,
    ...(dueAt === null ? {} : { dueAt }),
    record: JSON.stringify(record),
  };
}

function toRun(document: RunDocument): AuditRun {
  const { _id: id, report, series, status, createdAt, version, dueAt, record } = document;
  const rest = JSON.parse(record) as Omit<AuditRun, Fields | 'id' | 'dueAt'>;
  return { ...rest, id, report, series, status, createdAt, version, dueAt: dueAt ?? null };
}

/** The numbers of attempts and parts have so many digits at most. */
const DIGITS = 10;
/** After every number, kind and id. */
const LAST = '~';

export function createMongoAuditRunParts(connection: Mongo): AuditRunParts {
  const parts = modelOf<PartDocument>(connection, AUDIT_RUN_PARTS);
  return {
    async add(some) {
      if (some.length === 0) return;
      await insertNew(
        parts.collection,
        some.map((part) => ({ _id: partId(part), content: part.content })),
      );
    },
    async find(key) {
      const found = await translating(() => parts.findById(partId(key)).lean<PartDocument>().exec());
      return found === null ? null : toPart(found);
    },
    async drop(runId, beforeAttempt) {
      const ids = { $gt: `${runId} `, $lt: `${runId} ${padded(beforeAttempt)}` };
      await translating(() => parts.collection.deleteMany({ _id: ids } as never));
    },
    count: () => translating(() => parts.estimatedDocumentCount().exec()),
    async page(after, limit) {
      const ids = { $gt: after === null ? '' : partId(after), $lt: LAST };
      const found = await translating(() =>
        parts.find({ _id: ids }).sort({ _id: 1 }).limit(limit).lean<PartDocument[]>().exec(),
      );
      return found.map(toPart);
    },
  };
}

function padded(no: number): string {
  return String(no).padStart(DIGITS, '0');
}

function partId({ runId, attempt, kind, no }: RunPartKey): string {
  return `${runId} ${padded(attempt)} ${kind} ${padded(no)}`;
}

function toPart({ _id, content }: PartDocument): RunPart {
  const [runId = '', attempt, kind, no] = _id.split(' ');
  return { runId, attempt: Number(attempt), kind: kind as RunPartKind, no: Number(no), content };
}
