import type { Row } from './import.ts';

/** All rows of one reference, or one row that has none. */
export interface StagedGroup {
  /** The first of its rows; groups come in this order. */
  readonly first: number;
  readonly rows: readonly Row[];
  /** More than `rows` holds: too many for one declaration. */
  readonly rowCount: number;
}

/** Rows of one file, put aside to be taken up again by reference, whatever their order in the file was. */
export interface Staging {
  add(rows: readonly Row[]): void;
  /** Groups whose first row comes after `afterFirst`, a group at a time, with at most `maxRows` of its rows. */
  groups(afterFirst: number, maxRows: number): Iterable<StagedGroup>;
  /** Rows of one group after the one of this number. */
  rowsOf(first: number, afterRow: number, limit: number): readonly Row[];
  close(): void;
}

/** Opens a place of its own that holds nothing. */
export type OpenStaging = () => Staging;
