import type { Sqlite, Writer } from '../../platform/sqlite/index.ts';
import type { LookupLog, LookupLogEntry } from './lookup.ports.ts';
import type { Verdict } from './lookup.ts';

export const LOOKUP_TABLES = [
  `CREATE TABLE lookups (
     no INTEGER PRIMARY KEY,
     lookup_id TEXT NOT NULL,
     at TEXT NOT NULL,
     org TEXT NOT NULL,
     case_ref TEXT,
     verdict TEXT NOT NULL,
     entry TEXT NOT NULL
   ) STRICT`,
  `CREATE INDEX lookups_by_time ON lookups (at, lookup_id)`,
  `CREATE INDEX lookups_by_org ON lookups (org, at, lookup_id)`,
  `CREATE INDEX lookups_by_case ON lookups (case_ref, at, lookup_id) WHERE case_ref IS NOT NULL`,
];

/** Version 2: an entry that comes again is not logged again. */
export const LOOKUPS_LOGGED_ONCE = [
  'DROP INDEX lookups_by_time',
  'CREATE UNIQUE INDEX lookups_by_time ON lookups (at, lookup_id)',
];

interface Row {
  lookup_id: string;
  at: string;
  org: string;
  case_ref: string | null;
  verdict: Verdict;
  entry: string;
}

type Rest = Omit<LookupLogEntry, 'lookupId' | 'at' | 'org' | 'case' | 'verdict'>;

export function createSqliteLookupLog(db: Sqlite, writer: Writer): LookupLog {
  const sql = {
    add: db.prepare(
      'INSERT INTO lookups (lookup_id, at, org, case_ref, verdict, entry) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    count: db.prepare<[], { n: number }>('SELECT COALESCE(MAX(no), 0) AS n FROM lookups'),
  };

  return {
    add(entry) {
      const { lookupId, at, org, case: caseRef, verdict, ...rest } = entry;
      const text = JSON.stringify(rest satisfies Rest);
      return writer.run(() => void sql.add.run(lookupId, at, org, caseRef ?? null, verdict, text));
    },
    async list(query) {
      const parts: [string, string[]][] = [];
      if (query.org !== undefined) parts.push(['org = ?', [query.org]]);
      if (query.case !== undefined) parts.push(['case_ref = ?', [query.case]]);
      // Of two lower bounds SQLite may take the wrong one, and read all that lies between.
      const isPassed =
        query.after !== undefined && query.since !== undefined && query.after.at >= query.since;
      if (query.since !== undefined && !isPassed) parts.push(['at >= ?', [query.since]]);
      if (query.until !== undefined) parts.push(['at <= ?', [query.until]]);
      if (query.after !== undefined)
        parts.push(['(at, lookup_id) > (?, ?)', [query.after.at, query.after.lookupId]]);
      const where = parts.length === 0 ? '' : `WHERE ${parts.map(([text]) => text).join(' AND ')}`;
      const text = `SELECT lookup_id, at, org, case_ref, verdict, entry FROM lookups ${where} ORDER BY at, lookup_id LIMIT ?`;
      const values = parts.flatMap(([, of]) => of);
      return db
        .prepare<(string | number)[], Row>(text)
        .all(...values, query.limit)
        .map(toEntry);
    },
    async count() {
      return sql.count.get()?.n ?? 0;
    },
  };
}

function toEntry(row: Row): LookupLogEntry {
  return {
    ...(JSON.parse(row.entry) as Rest),
    lookupId: row.lookup_id,
    at: row.at,
    org: row.org,
    ...(row.case_ref === null ? {} : { case: row.case_ref }),
    verdict: row.verdict,
  };
}
