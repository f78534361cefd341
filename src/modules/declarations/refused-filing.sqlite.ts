import type { Sqlite, Writer } from '../../platform/sqlite/index.ts';
import type { RefusedFiling, RefusedFilingStore } from './declaration.ports.ts';

export const REFUSED_FILING_TABLES = [
  `CREATE TABLE refused_filings (
     id TEXT PRIMARY KEY,
     org TEXT NOT NULL,
     at TEXT NOT NULL,
     filing TEXT NOT NULL
   ) STRICT`,
  `CREATE INDEX refused_filings_by_org ON refused_filings (org, at, id)`,
  `CREATE INDEX refused_filings_by_time ON refused_filings (at, id)`,
];

const KEPT_PER_ORG = 1_000;

interface Row {
  id: string;
  org: string;
  at: string;
  filing: string;
}

type Rest = Omit<RefusedFiling, 'id' | 'org' | 'at'>;

export function createSqliteRefusedFilingStore(db: Sqlite, writer: Writer): RefusedFilingStore {
  const sql = {
    add: db.prepare(
      'INSERT INTO refused_filings (id, org, at, filing) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    ),
    count: db.prepare<[], { n: number }>('SELECT COUNT(*) AS n FROM refused_filings'),
    prune: db.prepare(
      `DELETE FROM refused_filings WHERE id IN
         (SELECT id FROM refused_filings WHERE org = ? ORDER BY at DESC, id DESC LIMIT -1 OFFSET ${KEPT_PER_ORG})`,
    ),
  };

  return {
    add({ id, org, at, ...rest }) {
      return writer.run(() => {
        sql.add.run(id, org, at, JSON.stringify(rest satisfies Rest));
        sql.prune.run(org);
      });
    },
    async count() {
      return sql.count.get()?.n ?? 0;
    },
    async list(query) {
      const parts: [string, string[]][] = [];
      if (query.org !== undefined) parts.push(['org = ?', [query.org]]);
      if (query.after !== undefined) parts.push(['(at, id) < (?, ?)', [query.after.at, query.after.id]]);
      const where = parts.length === 0 ? '' : `WHERE ${parts.map(([text]) => text).join(' AND ')}`;
      const text = `SELECT id, org, at, filing FROM refused_filings ${where} ORDER BY at DESC, id DESC LIMIT ?`;
      const rows = db
        .prepare<(string | number)[], Row>(text)
        .all(...parts.flatMap(([, of]) => of), query.limit);
      return rows.map(({ id, org, at, filing }) => ({ id, org, at, ...(JSON.parse(filing) as Rest) }));
    },
  };
}
