import { csvRow } from '../../kernel/csv.ts';
import type { Report } from './report.ts';
import type { AuditRow, Evidence, Fact } from './row.ts';

const EVIDENCE = [
  'items',
  'events',
  'declarations',
  'lookups',
] as const satisfies readonly (keyof Evidence)[];
const FIRST_COLUMNS = ['key', 'code', 'at', 'org', 'destination'] as const;

/** The names of all columns of a report as a table. */
export function columnsOf({ columns }: Pick<Report, 'columns'>): string[] {
  return [...FIRST_COLUMNS, ...columns, ...EVIDENCE, 'more', 'because', 'cursor'];
}

export function csvHead(report: Pick<Report, 'columns'>): string {
  return csvRow(columnsOf(report));
}

/** A row with the ids of a kind in one cell, parted by spaces; no cell begins a formula. */
export function csvLine({ columns }: Pick<Report, 'columns'>, row: AuditRow, cursor: string): string {
  const { facts, evidence } = row;
  return csvRow([
    ...FIRST_COLUMNS.map((name) => row[name] ?? ''),
    ...columns.map((name) => textOf(facts[name])),
    ...EVIDENCE.map((kind) => (evidence[kind] ?? []).join(' ')),
    textOf(evidence.more),
    row.because,
    cursor,
  ]);
}

/** A row as data. */
export function rowView(row: AuditRow) {
  const { key, code, at, org, destination, facts, evidence, because } = row;
  return { key, code, at, org, destination, ...facts, because, evidence };
}

export function jsonLine(row: AuditRow, cursor: string): string {
  return `${JSON.stringify({ ...rowView(row), cursor })}\n`;
}

/** A fact as a cell of a table shows it. */
function textOf(fact: Fact | undefined): string {
  return fact === undefined ? '' : String(fact);
}
