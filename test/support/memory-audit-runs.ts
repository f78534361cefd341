import type {
  AuditRun,
  AuditRunParts,
  AuditRunStore,
  RunPart,
  RunPartKey,
} from '../../src/modules/audit/index.ts';
import { createMemoryRecords } from './memory-records.ts';

/** What is kept: texts, so that nobody shares an object with the store, by id. */
export type AuditRunRecords = Map<string, string>;
/** Parts by run, attempt, kind and number. */
export type RunPartRecords = Map<string, RunPart>;

/** Runs of reports as a double that keeps them in this process. */
export function createMemoryAuditRunStore(records: AuditRunRecords): AuditRunStore {
  const { get, keep, latestFirst, methods } = createMemoryRecords<AuditRun>(records);
  return {
    ...methods,
    async replace(previous, next) {
      if (get(previous.id)?.version !== previous.version) return 'overtaken';
      keep(next);
      return 'replaced';
    },
    async list({ report, after, limit }) {
      return latestFirst(after)
        .filter((run) => report === undefined || run.report === report)
        .slice(0, limit);
    },
    async latest(series, status) {
      const isOne = (run: AuditRun): boolean =>
        run.series === series && (status === undefined || run.status === status);
      return latestFirst().find(isOne) ?? null;
    },
  };
}

/** The rows of runs, as a double that keeps them in this process. */
export function createMemoryAuditRunParts(records: RunPartRecords): AuditRunParts {
  const padded = (no: number): string => String(no).padStart(10, '0');
  const keyOf = ({ runId, attempt, kind, no }: RunPartKey) =>
    `${runId} ${padded(attempt)} ${kind} ${padded(no)}`;

  return {
    async add(parts) {
      for (const part of parts) if (!records.has(keyOf(part))) records.set(keyOf(part), { ...part });
    },
    find: async (key) => records.get(keyOf(key)) ?? null,
    async drop(runId, beforeAttempt) {
      for (const [key, part] of records) {
        if (part.runId === runId && part.attempt < beforeAttempt) records.delete(key);
      }
    },
    count: async () => records.size,
    async page(after, limit) {
      const sorted = [...records].sort(([a], [b]) => (a < b ? -1 : 1));
      const found = sorted.filter(([key]) => after === null || key > keyOf(after));
      return found.slice(0, limit).map(([, part]) => part);
    },
  };
}
