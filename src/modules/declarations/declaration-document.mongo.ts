import type { mongo } from 'mongoose';
import { Schema } from 'mongoose';
import { SCHEMA_OPTIONS } from '../../platform/mongo/index.ts';
import type { DayVolume, DeclarationSummary } from './declaration.ports.ts';
import type { Declaration, DeclarationState, Verification } from './declaration.ts';
import { countByKind } from './declaration.ts';
import type { Finding } from './finding.ts';

/** `evidence` is JSON: its names are free, and a document's may not begin with `$` everywhere. */
type FindingDocument = Omit<Finding, 'evidence'> & { readonly evidence?: string };

/** A declaration whole: each step is one write that expects `version`. Absent, not null: `dueAt`, so that an index of what is due holds only that. */
export interface DeclarationDocument extends Omit<Declaration, 'id' | 'dueAt' | 'verification'> {
  readonly _id: string;
  readonly dueAt?: string;
  readonly verification: Omit<Verification, 'findings'> & { readonly findings: readonly FindingDocument[] };
  readonly itemCount: number;
  /** Parts that belong to no declared press. */
  readonly loose: readonly { readonly kind: string; readonly count: number }[];
  /** Another one with each write, by which a write whose answer was lost is told from a rival's. Not of the record. */
  readonly stamp?: mongo.ObjectId;
}

const text = { type: String, required: true } as const;
const number = { type: Number, required: true } as const;
const { Mixed } = Schema.Types;

const schema = new Schema<DeclarationDocument>(
  {
    _id: text,
    org: text,
    country: text,
    reference: text,
    idempotencyKey: String,
    bodyHash: text,
    version: number,
    state: text,
    filedAt: text,
    dueAt: String,
    number: String,
    expiresAt: String,
    itemCount: number,
    loose: [Mixed],
    content: Mixed,
    moves: [Mixed],
    pending: [Number],
    verification: Mixed,
    stamp: Schema.Types.ObjectId,
  },
  SCHEMA_OPTIONS,
);
/** Only records that have the field. */
const having = (field: string) => ({ partialFilterExpression: { [field]: { $exists: true } } });
schema.index({ org: 1, reference: 1 }, { name: 'declarations_by_reference', unique: true });
schema.index(
  { org: 1, idempotencyKey: 1 },
  { name: 'declarations_by_key', unique: true, ...having('idempotencyKey') },
);
schema.index({ number: 1 }, { name: 'declarations_by_number', unique: true, ...having('number') });
schema.index({ filedAt: 1, _id: 1 }, { name: 'declarations_by_filing' });
schema.index({ org: 1, filedAt: 1, _id: 1 }, { name: 'declarations_by_org' });
schema.index({ state: 1, filedAt: 1, _id: 1 }, { name: 'declarations_by_state' });
schema.index({ dueAt: 1 }, { name: 'declarations_due', ...having('dueAt') });

export const DECLARATIONS = { name: 'declarations', schema };

export function toDocument(declaration: Declaration): DeclarationDocument {
  const { id, dueAt, verification, ...facts } = declaration;
  return {
    _id: id,
    ...facts,
    ...(dueAt === null ? {} : { dueAt }),
    verification: { ...verification, findings: verification.findings.map(toFindingDocument) },
    ...countsOf(declaration),
  };
}

function countsOf({ content: { lines } }: Declaration): Pick<DeclarationDocument, 'itemCount' | 'loose'> {
  const loose = countByKind(lines.filter((line) => line.pressId === undefined));
  return { itemCount: lines.length, loose: Object.entries(loose).map(([kind, count]) => ({ kind, count })) };
}

export function toDeclaration(document: DeclarationDocument): Declaration {
  const { _id: id, dueAt, verification, itemCount: _i, loose: _l, stamp: _s, ...facts } = document;
  return {
    id,
    ...facts,
    dueAt: dueAt ?? null,
    verification: { ...verification, findings: verification.findings.map(toFinding) },
  };
}

function toFindingDocument({ evidence, ...facts }: Finding): FindingDocument {
  return evidence === undefined ? facts : { ...facts, evidence: JSON.stringify(evidence) };
}

function toFinding({ evidence, ...facts }: FindingDocument): Finding {
  if (evidence === undefined) return facts;
  return { ...facts, evidence: JSON.parse(evidence) as NonNullable<Finding['evidence']> };
}

export const SUMMARY = { org: 1, reference: 1, state: 1, filedAt: 1, number: 1, itemCount: 1 } as const;
export type SummaryDocument = Pick<
  DeclarationDocument,
  '_id' | 'org' | 'reference' | 'filedAt' | 'number' | 'itemCount'
> & { readonly state: DeclarationState };

export function toSummary({ _id: id, ...facts }: SummaryDocument): DeclarationSummary {
  return { id, ...facts };
}

export type VolumeDocument = Pick<DeclarationDocument, 'filedAt' | 'itemCount' | 'loose'>;

export function byDay(documents: readonly VolumeDocument[]): DayVolume[] {
  const days = new Map<string, { items: number; looseByKind: Record<string, number> }>();
  for (const { filedAt, itemCount, loose } of documents) {
    const day = filedAt.slice(0, 10);
    const volume = days.get(day) ?? { items: 0, looseByKind: {} };
    volume.items += itemCount;
    for (const { kind, count } of loose) volume.looseByKind[kind] = (volume.looseByKind[kind] ?? 0) + count;
    days.set(day, volume);
  }
  return [...days].map(([day, volume]) => ({ day, ...volume }));
}
