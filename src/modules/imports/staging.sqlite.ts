import type { Sqlite } from '../../platform/sqlite/index.ts';
import type { Row } from './import.ts';
import type { Staging } from './staging.ts';

const TABLES = `
  CREATE TABLE groups (reference TEXT PRIMARY KEY, first INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE firsts (first INTEGER PRIMARY KEY, rows INTEGER NOT NULL);
  CREATE TABLE rows (first INTEGER NOT NULL, no INTEGER NOT NULL, line INTEGER NOT NULL, cells TEXT NOT NULL, faults TEXT,
    PRIMARY KEY (first, no)) WITHOUT ROWID;
`;

interface StoredRow {
  readonly no: number;
  readonly line: number;
  readonly cells: string;
  readonly faults: string | null;
}

/** Rows put aside in a database of their own, which holds nothing that can't be made again: no write of it waits for a disk. */
export function stagedRows(db: Sqlite): Staging {
  db.exec(TABLES);
  const sql = {
    group: db.prepare<[string], { first: number }>('SELECT first FROM groups WHERE reference = ?'),
    addGroup: db.prepare('INSERT INTO groups (reference, first) VALUES (?, ?)'),
    count: db.prepare(
      'INSERT INTO firsts (first, rows) VALUES (?, 1) ON CONFLICT DO UPDATE SET rows = rows + 1',
    ),
    add: db.prepare('INSERT INTO rows (first, no, line, cells, faults) VALUES (?, ?, ?, ?, ?)'),
    next: db.prepare<[number], { first: number; rows: number }>(
      'SELECT first, rows FROM firsts WHERE first > ? ORDER BY first LIMIT 1',
    ),
    rows: db.prepare<[number, number, number], StoredRow>(
      'SELECT no, line, cells, faults FROM rows WHERE first = ? AND no > ? ORDER BY no LIMIT ?',
    ),
  };

  /** The first row of the group that a row belongs to. */
  function groupOf({ row, cells }: Row): number {
    const { reference } = cells;
    if (reference === undefined) return row;
    const key = String(reference).trim();
    const there = sql.group.get(key);
    if (there !== undefined) return there.first;
    sql.addGroup.run(key, row);
    return row;
  }

  function add(row: Row): void {
    const first = groupOf(row);
    sql.count.run(first);
    const faults = row.faults === undefined ? null : JSON.stringify(row.faults);
    sql.add.run(first, row.row, row.line, JSON.stringify(row.cells), faults);
  }

  function rowsOf(first: number, afterRow: number, limit: number): Row[] {
    return sql.rows.all(first, afterRow, limit).map(toRow);
  }

  return {
    add: db.transaction((rows: readonly Row[]) => rows.forEach(add)),
    *groups(afterFirst, maxRows) {
      for (let next = sql.next.get(afterFirst); next !== undefined; next = sql.next.get(next.first)) {
        yield { first: next.first, rowCount: next.rows, rows: rowsOf(next.first, 0, maxRows) };
      }
    },
    rowsOf,
    close: () => void db.close(),
  };
}

function toRow({ no, line, cells, faults }: StoredRow): Row {
  return {
    row: no,
    line,
    cells: JSON.parse(cells) as Row['cells'],
    ...(faults === null ? {} : { faults: JSON.parse(faults) as NonNullable<Row['faults']> }),
  };
}
