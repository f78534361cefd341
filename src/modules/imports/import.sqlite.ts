import { setImmediate as turn } from 'node:timers/promises';
import type { Sqlite, Writer } from '../../platform/sqlite/index.ts';
import { LIMIT } from '../../platform/sqlite/index.ts';
import type { ImportPart, ImportParts, ImportStore, PartKind, ReplaceOutcome } from './import.ports.ts';
import type { Import } from './import.ts';

export const IMPORT_TABLES = [
  `CREATE TABLE imports (
     id TEXT PRIMARY KEY,
     org TEXT NOT NULL,
     created_at TEXT NOT NULL,
     version INTEGER NOT NULL,
     file_key TEXT,
     due_at TEXT,
     record TEXT NOT NULL
   ) STRICT`,
  `CREATE UNIQUE INDEX imports_by_file ON imports (org, file_key) WHERE file_key IS NOT NULL`,
  `CREATE INDEX imports_by_org ON imports (org, created_at, id)`,
  `CREATE INDEX imports_by_time ON imports (created_at, id)`,
  `CREATE INDEX imports_due ON imports (due_at) WHERE due_at IS NOT NULL`,
  `CREATE TABLE import_parts (
     import_id TEXT NOT NULL,
     kind TEXT NOT NULL,
     no INTEGER NOT NULL,
     content BLOB NOT NULL,
     PRIMARY KEY (import_id, kind, no)
   ) STRICT`,
];

interface Row {
  readonly id: string;
  readonly org: string;
  readonly created_at: string;
  readonly version: number;
  readonly file_key: string | null;
  readonly due_at: string | null;
  readonly record: string;
}

type Columns = 'id' | 'org' | 'createdAt' | 'version' | 'fileKey' | 'dueAt';

export function createSqliteImportStore(db: Sqlite, writer: Writer): ImportStore {
  const sql = {
    insert: db.prepare(
      'INSERT INTO imports (id, org, created_at, version, file_key, due_at, record) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    replace: db.prepare(
      'UPDATE OR IGNORE imports SET version = ?, file_key = ?, due_at = ?, record = ? WHERE id = ? AND version = ?',
    ),
    remove: db.prepare('DELETE FROM imports WHERE id = ? AND version = ?'),
    byId: db.prepare<[string], Row>('SELECT * FROM imports WHERE id = ?'),
    byFile: db.prepare<[string, string], Row>('SELECT * FROM imports WHERE org = ? AND file_key = ?'),
    due: db.prepare<[string, number], { id: string }>(
      `SELECT id FROM imports WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at ${LIMIT}`,
    ),
    count: db.prepare<[], { n: number }>('SELECT COUNT(*) AS n FROM imports'),
    after: db.prepare<[string, number], Row>(`SELECT * FROM imports WHERE id > ? ORDER BY id ${LIMIT}`),
  };

  function insert(one: Import): void {
    const { id, org, createdAt, version, fileKey, dueAt } = one;
    sql.insert.run(id, org, createdAt, version, fileKey ?? null, dueAt, recordOf(one));
  }

  function replace(previousVersion: number, next: Import): ReplaceOutcome {
    const { id, version, fileKey, dueAt } = next;
    const done = sql.replace.run(version, fileKey ?? null, dueAt, recordOf(next), id, previousVersion);
    if (done.changes > 0) return 'replaced';
    return sql.byId.get(id)?.version === previousVersion ? 'file-taken' : 'overtaken';
  }

  function adopt(one: Import): void {
    const there = sql.byId.get(one.id)?.version;
    if (there === undefined) insert(one);
    else if (there < one.version) replace(there, one);
  }

  return {
    insert: (one) => writer.run(() => insert(one)),
    replace: (previous, next) => writer.run(() => replace(previous.version, next)),
    remove: ({ id, version }) => writer.run(() => void sql.remove.run(id, version)),
    async find(id) {
      return toImport(sql.byId.get(id));
    },
    async findByFile(org, fileKey) {
      return toImport(sql.byFile.get(org, fileKey));
    },
    async list({ org, after, limit }) {
      const parts: [string, string[]][] = [];
      if (org !== undefined) parts.push(['org = ?', [org]]);
      if (after !== undefined) parts.push(['(created_at, id) < (?, ?)', [after.createdAt, after.id]]);
      const where = parts.length === 0 ? '' : `WHERE ${parts.map(([text]) => text).join(' AND ')}`;
      const text = `SELECT * FROM imports ${where} ORDER BY created_at DESC, id DESC LIMIT ?`;
      const values = parts.flatMap(([, of]) => of);
      return db
        .prepare<(string | number)[], Row>(text)
        .all(...values, limit)
        .map(importOf);
    },
    async due(now, limit) {
      return sql.due.all(now, limit).map(({ id }) => id);
    },
    async count() {
      return sql.count.get()?.n ?? 0;
    },
    async page(afterId, limit) {
      return sql.after.all(afterId ?? '', limit).map(importOf);
    },
    adopt: (imports) => writer.run(() => imports.forEach(adopt)),
  };
}

/** What of an import has no column of its own. */
function recordOf(one: Import): string {
  const { id, org, createdAt, version, fileKey, dueAt, ...record } = one;
  return JSON.stringify(record satisfies Omit<Import, Columns>);
}

function importOf({ id, org, created_at, version, file_key, due_at, record }: Row): Import {
  return {
    ...(JSON.parse(record) as Omit<Import, Columns>),
    id,
    org,
    createdAt: created_at,
    version,
    ...(file_key === null ? {} : { fileKey: file_key }),
    dueAt: due_at,
  };
}

function toImport(row: Row | undefined): Import | null {
  return row === undefined ? null : importOf(row);
}

interface PartRow {
  readonly import_id: string;
  readonly kind: PartKind;
  readonly no: number;
  readonly content: Buffer;
}

/** Parts are taken away so many at a time, that others get their turn. */
const DROPPED_AT_ONCE = 64;

export function createSqliteImportParts(db: Sqlite, writer: Writer): ImportParts {
  const sql = {
    add: db.prepare(
      'INSERT INTO import_parts (import_id, kind, no, content) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    after: db.prepare<[string, string, number, number], PartRow>(
      `SELECT * FROM import_parts WHERE import_id = ? AND kind = ? AND no > ? ORDER BY no ${LIMIT}`,
    ),
    drop: db.prepare(
      `DELETE FROM import_parts WHERE rowid IN (
         SELECT rowid FROM import_parts WHERE import_id = ? AND kind = ? AND no > ? LIMIT ${DROPPED_AT_ONCE})`,
    ),
    count: db.prepare<[], { n: number }>('SELECT COUNT(*) AS n FROM import_parts'),
    page: db.prepare<[string, string, number, number], PartRow>(
      `SELECT * FROM import_parts WHERE (import_id, kind, no) > (?, ?, ?) ORDER BY import_id, kind, no ${LIMIT}`,
    ),
  };

  function add({ importId, kind, no, content }: ImportPart): void {
    sql.add.run(importId, kind, no, content);
  }

  return {
    add: (parts) => (parts.length === 0 ? Promise.resolve() : writer.run(() => parts.forEach(add))),
    async after(importId, kind, no, limit) {
      await turn();
      return sql.after.all(importId, kind, no, limit).map(toPart);
    },
    async drop(importId, kind, no) {
      while ((await writer.run(() => sql.drop.run(importId, kind, no).changes)) > 0);
    },
    async count() {
      return sql.count.get()?.n ?? 0;
    },
    async page(after, limit) {
      await turn();
      const { importId, kind, no } = after ?? { importId: '', kind: '', no: 0 };
      return sql.page.all(importId, kind, no, limit).map(toPart);
    },
  };
}

function toPart({ import_id: importId, kind, no, content }: PartRow): ImportPart {
  return { importId, kind, no, content };
}
