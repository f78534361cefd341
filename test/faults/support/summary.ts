import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../../architecture/tree.ts';
import { isFull } from './scale.ts';

/** What one case came to. */
export interface Row {
  readonly fault: string;
  readonly engine: string;
  readonly rounds: number;
  readonly requests: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  readonly unlogged: number;
  readonly slowestMs: number;
  /** Answers that took longer than 2 seconds. */
  readonly late: number;
  /** Null where nothing has to recover. */
  readonly recoveryMs: number | null;
  readonly backlogMs: number | null;
  /** Of look-ups, from 0 to 1; null where nobody probed. */
  readonly availability: number | null;
}

const FILE = process.env['FAULTS_SUMMARY'] ?? join(ROOT, '.tmp', 'faults.md');
const HEADINGS = [
  'fault',
  'engine',
  'rounds',
  'requests',
  'acknowledged',
  'lost',
  'doubled',
  'not logged',
  'slowest answer',
  'over 2 s',
  'longest recovery',
  'backlog done after',
  'look-ups answered',
];

const rows: Row[] = [];

/** Adds a line to the table of a full run: in the file as soon as it is known, on the standard output at the end. */
export function report(row: Row): void {
  rows.push(row);
  if (!isFull) return;
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, table());
}

after('the table of a full run', () => {
  if (isFull && rows.length > 0) process.stdout.write(`\n${table()}\n`);
});

function table(): string {
  const lines = [HEADINGS, HEADINGS.map(() => '---'), ...rows.map(cells)];
  return lines.map((line) => `| ${line.join(' | ')} |\n`).join('');
}

function cells(row: Row): string[] {
  const seconds = (ms: number | null) => (ms === null ? '' : `${(ms / 1_000).toFixed(2)} s`);
  const { rounds, requests, acknowledged, lost, doubled, unlogged } = row;
  return [
    row.fault,
    row.engine,
    ...[rounds, requests, acknowledged, lost, doubled, unlogged].map(String),
    seconds(row.slowestMs),
    String(row.late),
    seconds(row.recoveryMs),
    seconds(row.backlogMs),
    row.availability === null ? '' : `${(row.availability * 100).toFixed(2)} %`,
  ];
}
