import type { Import, RowOutcome } from './import.ts';

/** An import as the API shows it. */
export function importView(one: Import) {
  const { id, org, status, format, onError, createdAt, finishedAt, bytes, sha256, problem } = one;
  const { rowsRead, rowsAccepted, rowsRefused, declarationsFiled, declarationsUnchanged } = one;
  return {
    id,
    org,
    status,
    format,
    onError,
    createdAt,
    ...(finishedAt === undefined ? {} : { finishedAt }),
    bytes,
    sha256,
    rowsRead,
    rowsAccepted,
    rowsRefused,
    declarationsFiled,
    declarationsUnchanged,
    ...(problem === undefined ? {} : { problem }),
  };
}

/** What became of a row, as the API shows it. */
export function rowView(outcome: RowOutcome) {
  const { row, line } = outcome;
  if ('declarationId' in outcome) {
    const { declarationId, reference } = outcome;
    return { row, line, outcome: 'accepted', declarationId, reference };
  }
  return { row, line, outcome: 'refused', errors: outcome.faults, cells: outcome.cells };
}
