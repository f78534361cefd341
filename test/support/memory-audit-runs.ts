import type {
  AuditRun,
  AuditRunParts,
  AuditRunStore,
  RunPart,
  RunPartKey,
} from '../../src/modules/audit/index.ts';

/** What is kept: texts, so that nobody shares an object with the store, by id. */
export type AuditRunRecords = Map<string, string>;
/** Parts by run, attempt, kind and number. */
export type RunPartRecords = Map<string, RunPart>;

/** Runs of reports as a double that keeps them in this process. */
export function createMemoryAuditRunStore(records: AuditRunRecords): AuditRunStore {
  const all = (): AuditRun[] => [...records.values()].map((text) => JSON.parse(text) as AuditRun);
  const get = (id: string): AuditRun | null => {
    const text = records.get(id);
    return text === undefined ? null : (JSON.parse(text) as AuditRun);
  };
  const keep = (run: AuditRun): void => void records.set(run.id, JSON.stringify(run));
  const placeOf = ({ createdAt, id }: { createdAt: string; id: string }) => `${createdAt} ${id}`;
  const latestFirst = (): AuditRun[] => all().sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1));

  return {
    async insert(run) {
      if (!records.has(run.id)) keep(run);
    },
    async replace(previous, next) {
      if (get(previous.id)?.version !== previous.version) return 'overtaken';
      keep(next);
      return 'replaced';
    },
    find: async (id) => get(id),
    async list({ report, after, limit }) {
      return latestFirst()
        .filter((run) => report === undefined || run.report === report)
        .filter((run) => after === undefined || placeOf(run) < placeOf(after))
        .slice(0, limit);
    },
    async latest(series, status) {
      const isOne = (run: AuditRun): boolean =>
        run.series === series && (status === undefined || run.status === status);
      return latestFirst().find(isOne) ?? null;
    },
    async due(now, limit) {
      return all()
        .filter(({ dueAt }) => dueAt !== null && dueAt <= now)
        .sort((a, b) => ((a.dueAt ?? '') < (b.dueAt ?? '') ? -1 : 1))
        .slice(0, limit)
        .map(({ id }) => id);
    },
    count: async () => records.size,
    async page(afterId, limit) {
      return all()
        .filter(({ id }) => id > (afterId ?? ''))
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit);
    },
    async adopt(runs) {
      for (const run of runs) if ((get(run.id)?.version ?? 0) < run.version) keep(run);
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
