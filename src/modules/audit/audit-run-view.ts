import { rowView } from './audit-text.ts';
import type { RunRow } from './audit-run-rows.ts';
import type { AuditRun } from './audit-run.ts';

/** A run as the API shows it. */
export function runView(run: AuditRun) {
  const { id, report, settings, status, scheduledFor, by, createdAt, startedAt, finishedAt } = run;
  const { rows, kept, newRows, goneRows, previous, discardedAt, because } = run;
  return {
    id,
    report,
    settings,
    status,
    ...(scheduledFor === undefined ? {} : { scheduledFor }),
    ...(by === undefined ? {} : { requestedBy: { sub: by.sub, org: by.org } }),
    createdAt,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
    rows,
    kept,
    truncated: status === 'completed' && kept < rows,
    new: newRows,
    gone: goneRows,
    ...(previous === undefined ? {} : { previousId: previous.id, previousStartedAt: previous.startedAt }),
    ...(discardedAt === undefined ? {} : { discardedAt }),
    because,
  };
}

/** A row of a run, as the API shows it; apart, because a report's own columns have any name. */
export function runRowView({ row, outcome }: RunRow) {
  return { outcome, row: rowView(row) };
}
