import { setImmediate as turn } from 'node:timers/promises';
import type { Sqlite, Writer } from '../../platform/sqlite/index.ts';
import { LIMIT } from '../../platform/sqlite/index.ts';
import type { DayVolume, DeclarationQuery, DeclarationStore, InsertOutcome } from './declaration.ports.ts';
import type { Row, SummaryRow } from './declaration-row.sqlite.ts';
import { recordOf, toDeclaration, toSummary } from './declaration-row.sqlite.ts';
import type { Content, Declaration } from './declaration.ts';
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

/** With this many lines a page is full: a few megabytes. */
const LINES_A_PAGE = 5_000;

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
    after: db.prepare<[string, number], Row>(`${SELECT} WHERE d.id > ? ORDER BY d.id ${LIMIT}`),
    version: db.prepare<[string], Pick<Row, 'version'>>('SELECT version FROM declarations WHERE id = ?'),
    count: db.prepare<[], { n: number }>('SELECT COUNT(*) AS n FROM declarations'),
    filed: db.prepare<[], { n: number; oldest: string | null }>(
      `SELECT COUNT(*) AS n, MIN(filed_at) AS oldest FROM declarations WHERE state = 'filed'`,
    ),
  };

  /** False, with nothing kept, when its id, reference, key or number is taken. */
  function keep(declaration: Declaration): boolean {
    const { id, org, reference, idempotencyKey, version, state, filedAt, dueAt, number } = declaration;
    const { lines } = declaration.content;
    const kept = sql.insert.run(
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
    if (kept.changes === 0) return false;
    sql.addContent.run(id, JSON.stringify(declaration.content));
    return true;
  }

  function insert(declaration: Declaration): InsertOutcome {
    if (keep(declaration)) return { outcome: 'inserted' };
    const { id, org, reference, idempotencyKey } = declaration;
    const byKey = idempotencyKey === undefined ? undefined : sql.byKey.get(org, idempotencyKey);
    if (byKey !== undefined) return { outcome: 'key-taken', holder: toDeclaration(byKey) };
    const byReference = sql.byReference.get(org, reference);
    if (byReference === undefined) throw new Error(`declaration ${id} could not be inserted`);
    return { outcome: 'reference-taken', holder: toDeclaration(byReference) };
  }

  function move(previousVersion: number, next: Declaration): boolean {
    const { id, version, state, dueAt, number } = next;
    return (
      sql.move.run(version, state, dueAt, number ?? null, recordOf(next), id, previousVersion).changes > 0
    );
  }

  function setContent({ id, content }: Declaration): void {
    sql.setCounts.run(content.lines.length, looseOf(content), id);
    sql.setContent.run(JSON.stringify(content), id);
  }

  function replace(previous: Declaration, next: Declaration): boolean {
    if (!move(previous.version, next)) return false;
    if (next.content !== previous.content) setContent(next);
    return true;
  }

  function page(afterId: string, limit: number): Declaration[] {
    const found: Declaration[] = [];
    let lines = 0;
    for (const row of sql.after.iterate(afterId, limit)) {
      lines += row.items;
      if (found.length > 0 && lines > LINES_A_PAGE) break;
      found.push(toDeclaration(row));
    }
    return found;
  }

  function adopt(declaration: Declaration): void {
    const { id, version, dueAt } = declaration;
    const there = sql.version.get(id)?.version;
    if (there === undefined) keep(declaration);
    else if (there === version) sql.postpone.run(dueAt, id, version);
    else if (there < version && move(there, declaration)) setContent(declaration);
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
    async count() {
      return sql.count.get()?.n ?? 0;
    },
    async page(afterId, limit) {
      await turn();
      return page(afterId ?? '', limit);
    },
    adopt: (declarations) => writer.run(() => declarations.forEach(adopt)),
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
