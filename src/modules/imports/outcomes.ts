import type { ImportPart } from './import.ports.ts';
import type { AcceptedRow, RefusedRow, RowOutcome } from './import.ts';

export type OutcomeKind = 'accepted' | 'refused';

/** Rows a part. */
export const ROWS_A_PART = 500;
/** More than a file's rows make parts. */
const PARTS_A_GROUP = 65_536;

/**
 * What became of rows of one group, as parts that are kept.
 * @param first the group's first row
 * @param part how many parts of this group come before
 */
export function outcomeParts<Kind extends OutcomeKind>(
  importId: string,
  kind: Kind,
  { first, part = 0 }: { readonly first: number; readonly part?: number },
  rows: readonly (Kind extends 'accepted' ? AcceptedRow : RefusedRow)[],
): ImportPart[] {
  const found: ImportPart[] = [];
  for (let from = 0; from < rows.length; from += ROWS_A_PART) {
    const content = Buffer.from(JSON.stringify(rows.slice(from, from + ROWS_A_PART)));
    found.push({ importId, kind, no: first * PARTS_A_GROUP + part + found.length, content });
  }
  return found;
}

/** The number of the last part that a group up to this one can have. */
export function lastPartOf(first: number): number {
  return (first + 1) * PARTS_A_GROUP - 1;
}

export function outcomesIn({ content }: ImportPart): RowOutcome[] {
  return JSON.parse(content.toString('utf8')) as RowOutcome[];
}
