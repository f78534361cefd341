import type { AuditRunParts, RunPart, RunPartKey, RunPartKind } from './audit.ports.ts';
import type { AuditRun, KeptRow } from './audit-run.ts';
import type { AuditRow } from './row.ts';

/** Which rows of a run: new ones, those that are there no more, or all that the report found and then those. */
export const ROW_OUTCOMES = ['new', 'gone', 'all'] as const;
export type RowOutcome = (typeof ROW_OUTCOMES)[number];

export interface RunRow {
  readonly row: AuditRow;
  /** `known`: the run before had it, too. */
  readonly outcome: 'new' | 'known' | 'gone';
}

const ROWS_A_PART = 500;
/** A row with much evidence takes some ten thousand. */
const CHARACTERS_A_PART = 500_000;

/** Rows of one kind on their way into parts. */
export function createPartWriter(parts: Pick<AuditRunParts, 'add'>, key: Omit<RunPartKey, 'no'>) {
  let texts: string[] = [];
  let characters = 0;
  let hasNew = false;
  let written = 0;
  const withNew: number[] = [];

  /** Keeps what is there, if anything. */
  async function flush(): Promise<void> {
    if (texts.length === 0) return;
    const no = written + 1;
    await parts.add([{ ...key, no, content: `[${texts.join(',')}]` }]);
    if (hasNew) withNew.push(no);
    written = no;
    texts = [];
    characters = 0;
    hasNew = false;
  }

  async function add(row: AuditRow | KeptRow): Promise<void> {
    const text = JSON.stringify(row);
    texts.push(text);
    characters += text.length;
    hasNew ||= 'isNew' in row && row.isNew;
    if (texts.length >= ROWS_A_PART || characters >= CHARACTERS_A_PART) await flush();
  }

  return { add, flush, written: () => ({ parts: written, withNew }) };
}

export type Listed = Pick<AuditRun, 'id' | 'attempt' | 'parts'>;

/** The parts of a run that hold such rows, in order. */
export function partsWith({ id: runId, attempt, parts }: Listed, outcome: RowOutcome): RunPartKey[] {
  const keys = (kind: RunPartKind, numbers: readonly number[]) =>
    numbers.map((no): RunPartKey => ({ runId, attempt, kind, no }));
  const found = outcome === 'new' ? parts.withNew : outcome === 'all' ? upTo(parts.found) : [];
  return [...keys('found', found), ...keys('gone', outcome === 'new' ? [] : upTo(parts.gone))];
}

/** The rows of a part that are such. */
export function rowsIn({ kind, content }: RunPart, outcome: RowOutcome): RunRow[] {
  if (kind === 'gone') return (JSON.parse(content) as AuditRow[]).map((row) => ({ row, outcome: 'gone' }));
  const kept = JSON.parse(content) as KeptRow[];
  return kept
    .filter(({ isNew }) => isNew || outcome !== 'new')
    .map(({ isNew, ...row }) => ({ row, outcome: isNew ? 'new' : 'known' }));
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
