import type { Stores } from '../../src/main/stores.ts';
import type { Instant } from '../../src/kernel/clock.ts';
import type { AuditRun, AuditService } from '../../src/modules/audit/index.ts';
import {
  createAuditRunRelay,
  createAuditRunService,
  createAuditRunWork,
} from '../../src/modules/audit/index.ts';
import type { RowOutcome } from '../../src/modules/audit/audit-run-rows.ts';
import type { RunRowPosition } from '../../src/modules/audit/audit-run.service.ts';
import type { Report } from '../../src/modules/audit/report.ts';
import type { AuditRow } from '../../src/modules/audit/row.ts';
import { createMemoryStores, noRecords } from './memory-stores.ts';
import type { TestClock } from './times.ts';
import { createTestClock, START } from './times.ts';

const REPORT: Report = {
  name: 'overdue',
  title: 'Overdue',
  description: 'What is overdue.',
  columns: ['no'],
  source: 'items',
  heeds: ['days'],
  defaults: { days: 30 },
  run: () => {
    throw new Error('never run');
  },
};

function auditRowWith(key: string): AuditRow {
  return {
    key,
    code: 'overdue',
    because: `${key} is overdue.`,
    at: START,
    facts: { no: 1 },
    evidence: { items: [key] },
  };
}

export interface RunningParts {
  readonly stores?: Stores;
  readonly clock?: TestClock;
  readonly keptRuns?: number;
  /** What the report finds, in pieces. */
  readonly found: () => Iterable<readonly string[]>;
  /** Told before each piece. */
  readonly onPiece?: () => void | Promise<void>;
  readonly lastInstant?: (now: Instant) => Instant | null;
}

/** A process that runs one report, which finds what a test says, over `stores`. */
export function openRunning(parts: RunningParts) {
  const { stores = createMemoryStores(noRecords()), clock = createTestClock(), keptRuns = 90 } = parts;
  const requested: string[] = [];
  const audit: Pick<AuditService, 'reports' | 'checked' | 'run'> = {
    reports: [REPORT],
    checked: ({ settings }) => ({ report: REPORT, settings: { ...REPORT.defaults, ...settings } }),
    async run(_request, { inTurn, take }) {
      let read = 0;
      for (const keys of parts.found()) {
        await parts.onPiece?.();
        read += 1;
        const rows = keys.map((key) => ({ row: auditRowWith(key), cursor: key }));
        await inTurn(() => take({ rows, read, cursor: 'c' }));
      }
      return true;
    },
  };
  const shared = {
    store: stores.auditRuns,
    parts: stores.auditRunParts,
    audit,
    clock,
    request: async ({ id, attempt }: Pick<AuditRun, 'id' | 'attempt'>) =>
      void requested.push(`${id}-${attempt}`),
  };
  const lastInstant = parts.lastInstant ?? ((now: Instant) => `${now.slice(0, 10)}T02:00:00.000Z`);
  const relay = createAuditRunRelay({ ...shared, lastInstant, keptRuns });
  const { work } = createAuditRunWork({ ...shared, tidy: relay.tidy, inTurn: (piece) => piece() });
  const service = createAuditRunService(shared);

  /** As a job of the schedule does it. */
  async function runScheduled(instant: Instant): Promise<AuditRun> {
    const id = await relay.scheduled(REPORT.name, instant);
    await work(id ?? '', () => false);
    return service.get(id ?? '');
  }

  /** Keys of rows, with what became of them. */
  async function keysOf(id: string, outcome: RowOutcome, limit = 500): Promise<string[]> {
    const keys: string[] = [];
    for (let after: RunRowPosition | null = [0, 0]; after !== null;) {
      const page = await service.rows(id, { outcome, after, limit });
      keys.push(...page.rows.map((each) => `${each.row.key} ${each.outcome}`));
      after = page.next;
    }
    return keys;
  }

  return { ...relay, ...service, work, runScheduled, keysOf, requested, stores, clock };
}
