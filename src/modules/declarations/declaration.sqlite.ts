import { setImmediate as turn } from 'node:timers/promises';
import type { Sqlite, Writer } from '../../platform/sqlite/index.ts';
import { LIMIT } from '../../platform/sqlite/index.ts';
import type {
  DayVolume,
  DeclarationQuery,
  DeclarationStore,
  DeclarationSummary,
  InsertOutcome,
} from './declaration.ports.ts';
import type { Content, Declaration, DeclarationState } from './declaration.ts';
import { countByKind } from './declaration.ts';

/** What amendments change lies apart from what every step changes: a step doesn't rewrite 2,000 lines. */
export const DECLARATION_TABLES = [
  `CREATE TABLE declarations (
     id TEXT PRIMARY KEY,
     org TEXT NOT NULL,
     reference TEXT NOT NULL,
     idempotency_key TEXT,
     version INTEGER NOT NULL,
     state TEXT NOT NULL,
     filed_at TEXT NOT NULL,
     due_at TEXT,
     number TEXT,
     items INTEGER NOT NULL,
     loose TEXT NOT NULL,
     record TEXT NOT NULL
   ) STRICT`,
  `CREATE TABLE declaration_contents (
     id TEXT PRIMARY KEY REFERENCES declarations (id),
     content TEXT NOT NULL
   ) STRICT`,
  `CREATE UNIQUE INDEX declarations_by_reference ON declarations (org, reference)`,
  `CREATE UNIQUE INDEX declarations_by_key ON declarations (org, idempotency_key) WHERE idempotency_key IS NOT NULL`,
  `CREATE UNIQUE INDEX declarations_by_number ON declarations (number) WHERE number IS NOT NULL`,
  `CREATE INDEX declarations_by_filing ON declarations (filed_at, id)`,
  `CREATE INDEX declarations_by_org ON declarations (org, filed_at, id)`,
  `CREATE INDEX declarations_by_state ON declarations (state, filed_at, id)`,
  `CREATE INDEX declarations_due ON declarations (due_at) WHERE due_at IS NOT NULL`,
];

const SELECT = 'SELECT d.*, c.content FROM declarations AS d JOIN declaration_contents AS c ON c.id = d.id';

interface Row {
  id: string;
  org: string;
  reference: string;
  idempotency_key: string | null;
  version: number;
  state: DeclarationState;
  filed_at: string;
  due_at: string | null;
  number: string | null;
  content: string;
  record: string;
}

type SummaryRow = Pick<Row, 'id' | 'org' | 'reference' | 'state' | 'filed_at' | 'number'> & { items: number };

interface VolumeRow {
  day: string;
  items: number;
  loose: string;
}

export function createSqliteDeclarationStore(db: Sqlite, writer: Writer): DeclarationStore {
  const sql = {
    insert: db.prepare(
      `INSERT INTO declarations (id, org, reference, idempotency_key, version, state, filed_at, due_at, number, items, loose, record)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    ),
    move: db.prepare(
      'UPDATE declarations SET version = ?, state = ?, due_at = ?, number = ?, record = ? WHERE id = ? AND version = ?',
    ),
    addContent: db.prepare('INSERT INTO declaration_contents (id, content) VALUES (?, ?)'),
    setContent: db.prepare('UPDATE declaration_contents SET content = ? WHERE id = ?'),
    setCounts: db.prepare('UPDATE declarations SET items = ?, loose = ? WHERE id = ?'),
    postpone: db.prepare('UPDATE declarations SET due_at = ? WHERE id = ? AND version = ?'),
    byId: db.prepare<[string], Row>(`${SELECT} WHERE d.id = ?`),
    byKey: db.prepare<[string, string], Row>(`${SELECT} WHERE d.org = ? AND d.idempotency_key = ?`),
    byReference: db.prepare<[string, string], Row>(`${SELECT} WHERE d.org = ? AND d.reference = ?`),
    due: db.prepare<[string, number], { id: string }>(
      `SELECT id FROM declarations WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at ${LIMIT}`,
    ),
    volumes: db.prepare<[string, string, string, number], VolumeRow>(
      `SELECT substr(filed_at, 1, 10) AS day, items, loose FROM declarations
       WHERE org = ? AND filed_at >= ? AND id <> ? AND state NOT IN ('withdrawn', 'refused')
       ORDER BY filed_at DESC, id DESC ${LIMIT}`,
    ),
    filed: db.prepare<[], { n: number; oldest: string | null }>(
      `SELECT COUNT(*) AS n, MIN(filed_at) AS oldest FROM declarations WHERE state = 'filed'`,
    ),
  };

  function insert(declaration: Declaration): InsertOutcome {
    const { id, org, reference, idempotencyKey, version, state, filedAt, dueAt, number } = declaration;
    const { lines } = declaration.content;
    const inserted = sql.insert.run(
      id,
      org,
      reference,
      idempotencyKey ?? null,
      version,
      state,
      filedAt,
      dueAt,
      number ?? null,
      lines.length,
      looseOf(declaration.content),
      recordOf(declaration),
    );
    if (inserted.changes === 1) {
      sql.addContent.run(id, JSON.stringify(declaration.content));
      return { outcome: 'inserted' };
    }
    const byKey = idempotencyKey === undefined ? undefined : sql.byKey.get(org, idempotencyKey);
    if (byKey !== undefined) return { outcome: 'key-taken', holder: toDeclaration(byKey) };
    const byReference = sql.byReference.get(org, reference);
    if (byReference === undefined) throw new Error(`declaration ${id} could not be inserted`);
    return { outcome: 'reference-taken', holder: toDeclaration(byReference) };
  }

  function replace(previous: Declaration, next: Declaration): boolean {
    const { id, version, state, dueAt, number } = next;
    const changed = sql.move.run(version, state, dueAt, number ?? null, recordOf(next), id, previous.version);
    if (changed.changes === 0) return false;
    if (next.content !== previous.content) {
      sql.setCounts.run(next.content.lines.length, looseOf(next.content), id);
      sql.setContent.run(JSON.stringify(next.content), id);
    }
    return true;
  }

  return {
    insert: (declaration) => writer.run(() => insert(declaration)),
    replace: (previous, next) => writer.run(() => replace(previous, next)),
    postpone: (declaration, dueAt) =>
      writer.run(() => void sql.postpone.run(dueAt, declaration.id, declaration.version)),
    async find(id) {
      // A declaration can be a megabyte: whoever reads many of them lets others have their turn between two.
      await turn();
      const row = sql.byId.get(id);
      return row === undefined ? null : toDeclaration(row);
    },
    async findByKey(org, idempotencyKey) {
      const row = sql.byKey.get(org, idempotencyKey);
      return row === undefined ? null : toDeclaration(row);
    },
    async list(query) {
      const { where, values } = conditions(query);
      const text = `SELECT id, org, reference, state, filed_at, number, items FROM declarations ${where} ORDER BY filed_at, id LIMIT ?`;
      return db
        .prepare<(string | number)[], SummaryRow>(text)
        .all(...values, query.limit)
        .map(toSummary);
    },
    async due(now, limit) {
      return sql.due.all(now, limit).map((row) => row.id);
    },
    async volumes({ org, since, exceptId, limit }) {
      return byDay(sql.volumes.all(org, since, exceptId, limit));
    },
    async backlog() {
      const row = sql.filed.get();
      return { filed: row?.n ?? 0, oldestFiledAt: row?.oldest ?? null };
    },
  };
}

function conditions(query: DeclarationQuery): { where: string; values: string[] } {
  const parts: [string, string[]][] = [];
  if (query.org !== undefined) parts.push(['org = ?', [query.org]]);
  if (query.state !== undefined) parts.push(['state = ?', [query.state]]);
  if (query.number !== undefined) parts.push(['number = ?', [query.number]]);
  if (query.since !== undefined) parts.push(['filed_at >= ?', [query.since]]);
  if (query.after !== undefined)
    parts.push(['(filed_at, id) > (?, ?)', [query.after.filedAt, query.after.id]]);
  const where = parts.length === 0 ? '' : `WHERE ${parts.map(([text]) => text).join(' AND ')}`;
  return { where, values: parts.flatMap(([, values]) => values) };
}

function looseOf(content: Content): string {
  return JSON.stringify(countByKind(content.lines.filter((line) => line.pressId === undefined)));
}

type Columns =
  | 'id'
  | 'org'
  | 'reference'
  | 'idempotencyKey'
  | 'version'
  | 'state'
  | 'filedAt'
  | 'dueAt'
  | 'number'
  | 'content';

function recordOf(declaration: Declaration): string {
  const { id, org, reference, idempotencyKey, version, state, filedAt, dueAt, number, content, ...record } =
    declaration;
  return JSON.stringify(record satisfies Omit<Declaration, Columns>);
}

function toDeclaration(row: Row): Declaration {
  return {
    ...(JSON.parse(row.record) as Omit<Declaration, Columns>),
    id: row.id,
    org: row.org,
    reference: row.reference,
    ...(row.idempotency_key === null ? {} : { idempotencyKey: row.idempotency_key }),
    version: row.version,
    state: row.state,
    filedAt: row.filed_at,
    dueAt: row.due_at,
    ...(row.number === null ? {} : { number: row.number }),
    content: JSON.parse(row.content) as Content,
  };
}

function toSummary(row: SummaryRow): DeclarationSummary {
  const { id, org, reference, state, filed_at: filedAt, number, items: itemCount } = row;
  return { id, org, reference, state, filedAt, ...(number === null ? {} : { number }), itemCount };
}

function byDay(rows: readonly VolumeRow[]): DayVolume[] {
  const days = new Map<string, { items: number; looseByKind: Record<string, number> }>();
  for (const row of rows) {
    const day = days.get(row.day) ?? { items: 0, looseByKind: {} };
    day.items += row.items;
    for (const [kind, count] of Object.entries(JSON.parse(row.loose) as Record<string, number>)) {
      day.looseByKind[kind] = (day.looseByKind[kind] ?? 0) + count;
    }
    days.set(row.day, day);
  }
  return [...days].map(([day, volume]) => ({ day, ...volume }));
}
