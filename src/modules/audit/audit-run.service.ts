import type { Actor } from '../../kernel/actor.ts';
import type { Clock, Instant } from '../../kernel/clock.ts';
import { shifted } from '../../kernel/clock.ts';
import { invalidCursor } from '../../kernel/cursor.ts';
import { Failure, isFailure } from '../../kernel/failure.ts';
import type { AuditRunParts, AuditRunStore } from './audit.ports.ts';
import type { AuditRequest, AuditService } from './audit.service.ts';
import type { RowOutcome, RunRow } from './audit-run-rows.ts';
import { partsWith, rowsIn } from './audit-run-rows.ts';
import type { AuditRun } from './audit-run.ts';
import { isOver, newRun, requestedRunId, seriesOf } from './audit-run.ts';

/** So many runs wait or are under way at most; each is a pass over the whole register. */
const MOST_OPEN = 50;
const BUSY_SECONDS = 60;
/** After every instant. */
const END_OF_TIME = '9999';

export interface AuditRunServiceParts {
  readonly store: AuditRunStore;
  readonly parts: AuditRunParts;
  readonly audit: Pick<AuditService, 'checked'>;
  readonly clock: Clock;
  /** Asks for a job that works on this attempt of a run. @throws Failure `queue-away` */
  readonly request: (run: Pick<AuditRun, 'id' | 'attempt'>) => Promise<void>;
}

/** The part that is shown next, and how many of its rows were shown. */
export type RunRowPosition = readonly [part: number, rows: number];

export interface RunRowPage {
  readonly rows: readonly RunRow[];
  readonly next: RunRowPosition | null;
}

export type AuditRunService = ReturnType<typeof createAuditRunService>;

/** Runs whose rows are kept, for those who may see the whole register. */
export function createAuditRunService({ store, parts, audit, clock, request }: AuditRunServiceParts) {
  /**
   * Sees to it that a report is run, once this returns whatever happens. While a run of it with the same settings waits
   * or is under way, that is the one.
   * @throws Failure `not-found`, `invalid`, `unknown-regime`, `audit-runs-full`
   */
  async function start(actor: Actor, asked: Omit<AuditRequest, 'cursor'>): Promise<AuditRun> {
    const { report, settings } = audit.checked(asked);
    const series = seriesOf(report.name, settings);
    const latest = await store.latest(series);
    if (latest !== null && !isOver(latest)) return latest;
    await refuseMany();
    const id = requestedRunId(series, latest?.id);
    const createdAt = nextInTime(latest?.createdAt, clock.now());
    // Two who ask at once see the same latest run, and so make the same one.
    await store.insert(newRun({ id, report: report.name, settings, series, createdAt, by: actor }));
    const run = await get(id);
    try {
      await request(run);
    } catch (error) {
      // The record is due: whoever rolls runs forward asks for it.
      if (!isFailure(error) || error.kind !== 'unavailable') throw error;
    }
    return run;
  }

  async function refuseMany(): Promise<void> {
    if ((await store.due(END_OF_TIME, MOST_OPEN)).length < MOST_OPEN) return;
    const message = `${MOST_OPEN} runs wait already; try again later.`;
    throw new Failure('unavailable', 'audit-runs-full', message, { retryAfterSeconds: BUSY_SECONDS });
  }

  /** @throws Failure `not-found` */
  async function get(id: string): Promise<AuditRun> {
    const found = await store.find(id);
    if (found === null) throw new Failure('not-found', 'not-found', 'There is no such run of a report.');
    return found;
  }

  /**
   * Rows of a run, from a position on; none before it is completed.
   * @throws Failure `not-found`, `rows-not-kept`
   */
  async function rows(
    id: string,
    { outcome, after, limit }: { outcome: RowOutcome; after: RunRowPosition; limit: number },
  ): Promise<RunRowPage> {
    const run = await get(id);
    if (run.discardedAt !== undefined) throw notKept();
    const keys = partsWith(run, outcome);
    const shown: RunRow[] = [];
    let [index, seen] = after;
    while (index < keys.length && shown.length < limit) {
      const key = keys[index];
      if (key === undefined || seen < 0) throw invalidCursor();
      const part = await parts.find(key);
      if (part === null) throw notKept();
      const all = rowsIn(part, outcome);
      const some = all.slice(seen, seen + limit - shown.length);
      shown.push(...some);
      seen += some.length;
      if (seen < all.length) continue;
      index += 1;
      seen = 0;
    }
    return { rows: shown, next: index < keys.length ? [index, seen] : null };
  }

  return { start, get, rows, list: (query: Parameters<AuditRunStore['list']>[0]) => store.list(query) };
}

function notKept(): Failure {
  return new Failure('not-found', 'rows-not-kept', 'The rows of this run are no longer kept.');
}

/** `now`, or just after `last` where the clock of whoever made that one is ahead: the order of runs is that of time. */
function nextInTime(last: Instant | undefined, now: Instant): Instant {
  return last === undefined || last < now ? now : shifted(last, 1);
}
