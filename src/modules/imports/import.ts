import type { Actor } from '../../kernel/actor.ts';
import type { Instant } from '../../kernel/clock.ts';

export const TEXT_FORMATS = ['csv', 'ndjson'] as const;
export type TextFormat = (typeof TEXT_FORMATS)[number];
export const FORMATS = [...TEXT_FORMATS, 'xlsx'] as const;
export type Format = (typeof FORMATS)[number];

/** What becomes of the good rows of a file that has bad ones: none is filed, or those are. */
export const ON_ERROR = ['rollback', 'proceed'] as const;
export type OnError = (typeof ON_ERROR)[number];

/**
 * `receiving`: the file comes in; `waiting`: all of it is kept; `reading` and `checking` its rows; `filing` what they
 * declare; `completed`; `refused`: nothing was filed; `failed`: it was given up, what was filed stands.
 */
export const IMPORT_STATUSES = [
  'receiving',
  'waiting',
  'reading',
  'checking',
  'filing',
  'completed',
  'refused',
  'failed',
] as const;
export type ImportStatus = (typeof IMPORT_STATUSES)[number];

/** Why a file was refused as a whole. `line` is counted from 1 in the file. */
export interface ImportProblem {
  readonly code: string;
  readonly message: string;
  readonly line?: number;
}

/** How the file is to be read and what to do with it. */
export interface ImportOptions {
  readonly format: Format;
  readonly onError: OnError;
  /** Heading in the file → column of the register, empty to leave it out; before the headings that are known. */
  readonly mapping: Readonly<Record<string, string>>;
}

/** How far an import has come. A row is one item, or a range of them. */
export interface Progress {
  readonly rowsRead: number;
  readonly rowsAccepted: number;
  readonly rowsRefused: number;
  readonly declarationsFiled: number;
  /** Had been filed before, with the same content. */
  readonly declarationsUnchanged: number;
  /** The first row of the last declaration of which it is known what became of it. */
  readonly doneUpTo: number;
}

/** A file of an exporter on its way into the register. The record tells how far it has come; its declarations decide. */
export interface Import extends ImportOptions, Progress {
  readonly id: string;
  readonly org: string;
  readonly by: Actor;
  readonly version: number;
  readonly status: ImportStatus;
  readonly createdAt: Instant;
  readonly finishedAt?: Instant;
  readonly bytes: number;
  /** SHA-256 of the file, hexadecimal; empty while it comes in. */
  readonly sha256: string;
  /** Unique within the organisation: this file with these options. Not of one that was refused. */
  readonly fileKey?: string;
  readonly problem?: ImportProblem;
  /** How often it was given up for a reason that nobody expected. */
  readonly tries: number;
  /** When it should be looked at; null when nothing is outstanding. */
  readonly dueAt: Instant | null;
}

export const NO_PROGRESS: Progress = {
  rowsRead: 0,
  rowsAccepted: 0,
  rowsRefused: 0,
  declarationsFiled: 0,
  declarationsUnchanged: 0,
  doneUpTo: 0,
};

/** The import with these changes, one version further. */
export function changed(before: Import, changes: Partial<Omit<Import, 'id' | 'org' | 'version'>>): Import {
  return { ...before, ...changes, version: before.version + 1 };
}

/**
 * The import at its end, due once more so that its file is taken away. One that was refused gives its file key free: sent
 * again, the file is tried again.
 */
export function finished(
  before: Import,
  status: 'completed' | 'refused' | 'failed',
  now: Instant,
  changes: Partial<Progress & Pick<Import, 'problem'>> = {},
): Import {
  const { fileKey, ...rest } = changed(before, { ...changes, status, finishedAt: now, dueAt: now });
  return status === 'completed' && fileKey !== undefined ? { ...rest, fileKey } : rest;
}

/** One thing wrong with one row. `column` is a name of the register's; empty for the row as a whole. */
export interface RowFault {
  readonly column: string;
  readonly code: string;
  readonly message: string;
}

/** What a file says in one row, by column of the register; what is empty is left out. */
export type Cells = Readonly<Record<string, Cell>>;
export type Cell = string | number | boolean;

/** A row of a file. `row` counts items from 1, `line` is where it begins in the file. */
export interface Row {
  readonly row: number;
  readonly line: number;
  readonly cells: Cells;
  /** What could not be read of it. */
  readonly faults?: readonly RowFault[];
}

/** What became of a row. */
export type RowOutcome = AcceptedRow | RefusedRow;
export interface AcceptedRow {
  readonly row: number;
  readonly line: number;
  readonly declarationId: string;
  readonly reference: string;
}
export interface RefusedRow extends Row {
  readonly faults: readonly RowFault[];
}

/** A file that can't be read, from `line` on. */
export class UnreadableFile extends Error {
  readonly problem: ImportProblem;

  constructor(code: string, message: string, line?: number, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.problem = { code, message, ...(line === undefined ? {} : { line }) };
  }
}
