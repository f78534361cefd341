import { setImmediate as turn } from 'node:timers/promises';
import type { Sqlite, Writer } from '../../platform/sqlite/index.ts';
import { LIMIT } from '../../platform/sqlite/index.ts';
import type { AuditRun, RunStatus } from './audit-run.ts';
import type {
  AuditRunParts,
  AuditRunStore,
  RunPart,
  RunPartKey,
  RunPartKind,
  RunReplaceOutcome,
} from './audit.ports.ts';

export const AUDIT_RUN_TABLES = [
  `CREATE TABLE audit_runs (
     id TEXT PRIMARY KEY,
     report TEXT NOT NULL,
     series TEXT NOT NULL,
     status TEXT NOT NULL,
     created_at TEXT NOT NULL,
     version INTEGER NOT NULL,
     due_at TEXT,
     record TEXT NOT NULL
   ) STRICT`,
  `CREATE INDEX audit_runs_by_time ON audit_runs (created_at, id)`,
  `CREATE INDEX audit_runs_by_report ON audit_runs (report, created_at, id)`,
  `CREATE INDEX audit_runs_by_series ON audit_runs (series, created_at, id)`,
  `CREATE INDEX audit_runs_by_status ON audit_runs (series, status, created_at, id)`,
  `CREATE INDEX audit_runs_due ON audit_runs (due_at) WHERE due_at IS NOT NULL`,
  `CREATE TABLE audit_run_parts (
     run_id TEXT NOT NULL,
     attempt INTEGER NOT NULL,
     kind TEXT NOT NULL,
     no INTEGER NOT NULL,
     content TEXT NOT NULL,
     PRIMARY KEY (run_id, attempt, kind, no)
   ) STRICT`,
];

interface Row {
  readonly id: string;
  readonly report: string;
  readonly series: string;
  readonly status: RunStatus;
  readonly created_at: string;
  readonly version: number;
  readonly due_at: string | null;
  readonly record: string;
}

type Columns = 'id' | 'report' | 'series' | 'status' | 'createdAt' | 'version' | 'dueAt';

export function createSqliteAuditRunStore(db: Sqlite, writer: Writer): AuditRunStore {
  const sql = {
    insert: db.prepare(
      'INSERT INTO audit_runs (id, report, series, status, created_at, version, due_at, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    replace: db.prepare(
      'UPDATE audit_runs SET status = ?, version = ?, due_at = ?, record = ? WHERE id = ? AND version = ?',
    ),
    byId: db.prepare<[string], Row>('SELECT * FROM audit_runs WHERE id = ?'),
    latest: db.prepare<[string], Row>(
      'SELECT * FROM audit_runs WHERE series = ? ORDER BY created_at DESC, id DESC LIMIT 1',
    ),
    latestOf: db.prepare<[string, string], Row>(
      'SELECT * FROM audit_runs WHERE series = ? AND status = ? ORDER BY created_at DESC, id DESC LIMIT 1',
    ),
    due: db.prepare<[string, number], { id: string }>(
      `SELECT id FROM audit_runs WHERE due_at IS NOT NULL AND due_at <= ? ORDER BY due_at ${LIMIT}`,
    ),
    count: db.prepare<[], { n: number }>('SELECT COUNT(*) AS n FROM audit_runs'),
    after: db.prepare<[string, number], Row>(`SELECT * FROM audit_runs WHERE id > ? ORDER BY id ${LIMIT}`),
  };

  function insert(run: AuditRun): void {
    const { id, report, series, status, createdAt, version, dueAt } = run;
    sql.insert.run(id, report, series, status, createdAt, version, dueAt, recordOf(run));
  }

  function replace(previousVersion: number, next: AuditRun): RunReplaceOutcome {
    const { id, status, version, dueAt } = next;
    const { changes } = sql.replace.run(status, version, dueAt, recordOf(next), id, previousVersion);
    return changes > 0 ? 'replaced' : 'overtaken';
  }

  function adopt(run: AuditRun): void {
    const there = sql.byId.get(run.id)?.version;
    if (there === undefined) insert(run);
    else if (there < run.version) replace(there, run);
  }

  return {
    insert: (run) => writer.run(() => insert(run)),
    replace: (previous, next) => writer.run(() => replace(previous.version, next)),
    async find(id) {
      return toRun(sql.byId.get(id));
    },
    async list({ report, after, limit }) {
      const parts: [string, string[]][] = [];
      if (report !== undefined) parts.push(['report = ?', [report]]);
      if (after !== undefined) parts.push(['(created_at, id) < (?, ?)', [after.createdAt, after.id]]);
      const where = parts.length === 0 ? '' : `WHERE ${parts.map(([text]) => text).join(' AND ')}`;
      const text = `SELECT * FROM audit_runs ${where} ORDER BY created_at DESC, id DESC LIMIT ?`;
      const values = parts.flatMap(([, of]) => of);
      return db
        .prepare<(string | number)[], Row>(text)
        .all(...values, limit)
        .map(runOf);
    },
    async latest(series, status) {
      return toRun(status === undefined ? sql.latest.get(series) : sql.latestOf.get(series, status));
    },
    async due(now, limit) {
      return sql.due.all(now, limit).map(({ id }) => id);
    },
    async count() {
      return sql.count.get()?.n ?? 0;
    },
    async page(afterId, limit) {
      return sql.after.all(afterId ?? '', limit).map(runOf);
    },
    adopt: (runs) => writer.run(() => runs.forEach(adopt)),
  };
}

/** What of a run has no column of its own. */
function recordOf(run: AuditRun): string {
  const { id, report, series, status, createdAt, version, dueAt, ...record } = run;
  return JSON.stringify(record satisfies Omit<AuditRun, Columns>);
}

function runOf({ id, report, series, status, created_at, version, due_at, record }: Row): AuditRun {
  const rest = JSON.parse(record) as Omit<AuditRun, Columns>;
  return { ...rest, id, report, series, status, createdAt: created_at, version, dueAt: due_at };
}

function toRun(row: Row | undefined): AuditRun | null {
  return row === undefined ? null : runOf(row);
}

interface PartRow {
  readonly run_id: string;
  readonly attempt: number;
  readonly kind: RunPartKind;
  readonly no: number;
  readonly content: string;
}

/** Parts are taken away so many at a time, that others get their turn. */
const DROPPED_AT_ONCE = 16;

export function createSqliteAuditRunParts(db: Sqlite, writer: Writer): AuditRunParts {
  const sql = {
    add: db.prepare(
      'INSERT INTO audit_run_parts (run_id, attempt, kind, no, content) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    find: db.prepare<[string, number, string, number], PartRow>(
      'SELECT * FROM audit_run_parts WHERE run_id = ? AND attempt = ? AND kind = ? AND no = ?',
    ),
    drop: db.prepare(
      `DELETE FROM audit_run_parts WHERE rowid IN (
         SELECT rowid FROM audit_run_parts WHERE run_id = ? AND attempt < ? LIMIT ${DROPPED_AT_ONCE})`,
    ),
    count: db.prepare<[], { n: number }>('SELECT COUNT(*) AS n FROM audit_run_parts'),
    page: db.prepare<[string, number, string, number, number], PartRow>(
      `SELECT * FROM audit_run_parts WHERE (run_id, attempt, kind, no) > (?, ?, ?, ?)
       ORDER BY run_id, attempt, kind, no ${LIMIT}`,
    ),
  };

  function add({ runId, attempt, kind, no, content }: RunPart): void {
    sql.add.run(runId, attempt, kind, no, content);
  }

  return {
    add: (parts) => (parts.length === 0 ? Promise.resolve() : writer.run(() => parts.forEach(add))),
    async find({ runId, attempt, kind, no }) {
      await turn();
      const row = sql.find.get(runId, attempt, kind, no);
      return row === undefined ? null : toPart(row);
    },
    async drop(runId, beforeAttempt) {
      while ((await writer.run(() => sql.drop.run(runId, beforeAttempt).changes)) > 0);
    },
    async count() {
      return sql.count.get()?.n ?? 0;
    },
    async page(after, limit) {
      await turn();
      const { runId, attempt, kind, no } = after ?? FIRST;
      return sql.page.all(runId, attempt, kind, no, limit).map(toPart);
    },
  };
}

/** Before every part. */
const FIRST: Omit<RunPartKey, 'kind'> & { kind: string } = { runId: '', attempt: 0, kind: '', no: 0 };

function toPart({ run_id: runId, attempt, kind, no, content }: PartRow): RunPart {
  return { runId, attempt, kind, no, content };
}
