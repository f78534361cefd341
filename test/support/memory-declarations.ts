import type {
  DayVolume,
  DeclarationQuery,
  InsertOutcome,
} from '../../src/modules/declarations/declaration.ports.ts';
import type { Declaration } from '../../src/modules/declarations/declaration.ts';
import type { DeclarationStore, DeclarationSummary } from '../../src/modules/declarations/index.ts';
import { countByKind } from '../../src/modules/declarations/index.ts';

type Columns = Pick<
  Declaration,
  'id' | 'org' | 'reference' | 'idempotencyKey' | 'version' | 'state' | 'filedAt' | 'number'
>;

/** A declaration as it is kept: a text, so that nobody shares an object with the store, and what it is found by. */
export interface DeclarationRecord extends Columns {
  readonly text: string;
  readonly itemCount: number;
  /** Changes without a new version. */
  dueAt: string | null;
}

/** Records a page at most, however many are asked for: one can be a megabyte. */
const PAGE = 2;

/** By declaration id. */
export type DeclarationRecords = Map<string, DeclarationRecord>;

/** Declarations as a double that keeps its records in this process. Each call is done when it returns its promise. */
export function createMemoryDeclarationStore(records: DeclarationRecords): DeclarationStore {
  const all = (): DeclarationRecord[] => [...records.values()];

  function insert(declaration: Declaration): InsertOutcome {
    const { id, org, reference, idempotencyKey: key } = declaration;
    const own = all().filter((one) => one.org === org);
    const byKey = key === undefined ? undefined : own.find((one) => one.idempotencyKey === key);
    if (byKey !== undefined) return { outcome: 'key-taken', holder: toDeclaration(byKey) };
    const byReference = own.find((one) => one.reference === reference);
    if (byReference !== undefined) return { outcome: 'reference-taken', holder: toDeclaration(byReference) };
    if (records.has(id)) throw new Error(`declaration ${id} could not be inserted`);
    keep(declaration);
    return { outcome: 'inserted' };
  }

  function keep(declaration: Declaration): void {
    const { id, org, reference, idempotencyKey, version, state, filedAt, number, dueAt } = declaration;
    if (number !== undefined && all().some((one) => one.number === number && one.id !== id))
      throw new Error(`the number of declaration ${id} is another one's`);
    records.set(id, {
      id,
      org,
      reference,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      version,
      state,
      filedAt,
      ...(number === undefined ? {} : { number }),
      dueAt,
      text: JSON.stringify(declaration),
      itemCount: declaration.content.lines.length,
    });
  }

  function adoptNew(declaration: Declaration): void {
    const { org, reference, idempotencyKey: key } = declaration;
    const isTaken = (one: DeclarationRecord): boolean =>
      one.org === org && (one.reference === reference || (key !== undefined && one.idempotencyKey === key));
    if (!all().some(isTaken)) keep(declaration);
  }

  return {
    async insert(declaration) {
      return insert(declaration);
    },
    async replace(previous, next) {
      if (records.get(next.id)?.version !== previous.version) return false;
      keep(next);
      return true;
    },
    async postpone({ id, version }, dueAt) {
      const record = records.get(id);
      if (record?.version === version) record.dueAt = dueAt;
    },
    async find(id) {
      const record = records.get(id);
      return record === undefined ? null : toDeclaration(record);
    },
    async findByKey(org, key) {
      const record = all().find((one) => one.org === org && one.idempotencyKey === key);
      return record === undefined ? null : toDeclaration(record);
    },
    async list(query) {
      return all()
        .filter((one) => isAsked(one, query))
        .sort((a, b) => (isAfter(a, b) ? 1 : -1))
        .slice(0, query.limit)
        .map(toSummary);
    },
    async due(now, limit) {
      return all()
        .filter((one) => one.dueAt !== null && one.dueAt <= now)
        .sort((a, b) => ((a.dueAt ?? '') < (b.dueAt ?? '') ? -1 : 1))
        .slice(0, limit)
        .map((one) => one.id);
    },
    async volumes({ org, since, exceptId, limit }) {
      const standing = all().filter(
        (one) =>
          one.org === org &&
          one.filedAt >= since &&
          one.id !== exceptId &&
          one.state !== 'withdrawn' &&
          one.state !== 'refused',
      );
      return byDay(standing.sort((a, b) => (isAfter(a, b) ? -1 : 1)).slice(0, limit));
    },
    async count() {
      return records.size;
    },
    async page(afterId, limit) {
      const after = all().filter((one) => afterId === null || one.id > afterId);
      return after
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, Math.min(limit, PAGE))
        .map(toDeclaration);
    },
    async adopt(declarations) {
      for (const declaration of declarations) {
        const there = records.get(declaration.id);
        if (there === undefined) adoptNew(declaration);
        else if (there.version < declaration.version) keep(declaration);
        else if (there.version === declaration.version) there.dueAt = declaration.dueAt;
      }
    },
    async backlog() {
      const filed = all().filter((one) => one.state === 'filed');
      const [oldest] = filed.map((one) => one.filedAt).sort();
      return { filed: filed.length, oldestFiledAt: oldest ?? null };
    },
  };
}

function toDeclaration({ text, dueAt }: DeclarationRecord): Declaration {
  return { ...(JSON.parse(text) as Declaration), dueAt };
}

function toSummary(record: DeclarationRecord): DeclarationSummary {
  const { id, org, reference, state, filedAt, number, itemCount } = record;
  return { id, org, reference, state, filedAt, ...(number === undefined ? {} : { number }), itemCount };
}

function isAsked(one: DeclarationRecord, { org, state, number, since, after }: DeclarationQuery): boolean {
  return (
    (org === undefined || one.org === org) &&
    (state === undefined || one.state === state) &&
    (number === undefined || one.number === number) &&
    (since === undefined || one.filedAt >= since) &&
    (after === undefined || isAfter(one, after))
  );
}

type Position = Pick<Declaration, 'filedAt' | 'id'>;

function isAfter(one: Position, other: Position): boolean {
  return one.filedAt === other.filedAt ? one.id > other.id : one.filedAt > other.filedAt;
}

function byDay(records: readonly DeclarationRecord[]): DayVolume[] {
  const days = new Map<string, { items: number; looseByKind: Record<string, number> }>();
  for (const record of records) {
    const { lines } = toDeclaration(record).content;
    const day = record.filedAt.slice(0, 10);
    const volume = days.get(day) ?? { items: 0, looseByKind: {} };
    volume.items += lines.length;
    const loose = countByKind(lines.filter((line) => line.pressId === undefined));
    for (const [kind, count] of Object.entries(loose))
      volume.looseByKind[kind] = (volume.looseByKind[kind] ?? 0) + count;
    days.set(day, volume);
  }
  return [...days].map(([day, volume]) => ({ day, ...volume }));
}
