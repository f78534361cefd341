import type { Clock, Instant } from '../../kernel/clock.ts';
import { shifted } from '../../kernel/clock.ts';
import { isFailure } from '../../kernel/failure.ts';
import type { AuditRunParts, AuditRunStore } from './audit.ports.ts';
import type { AuditService } from './audit.service.ts';
import type { AuditRun } from './audit-run.ts';
import { changed, isOver, newRun, scheduledRunId, seriesOf } from './audit-run.ts';

const BATCH = 100;
/** After so long a run that waits is asked for again. */
const ASK_AGAIN_MS = 60_000;
/** What the schedule asked for so long ago, and nobody began, is made up for. */
const LATE_MS = 5 * 60_000;

export interface AuditRunRelayParts {
  readonly store: AuditRunStore;
  readonly parts: AuditRunParts;
  readonly audit: Pick<AuditService, 'checked' | 'reports'>;
  readonly clock: Clock;
  /** Asks for a job that works on this attempt of a run. @throws Failure `queue-away` */
  readonly request: (run: Pick<AuditRun, 'id' | 'attempt'>) => Promise<void>;
  /** The last instant of the schedule at this time or before; null where nothing is scheduled. */
  readonly lastInstant: (now: Instant) => Instant | null;
  /** How many runs of each report keep their rows. */
  readonly keptRuns: number;
}

/** Sees to it that runs are begun when they should be, and that what they need no more is taken away. */
export function createAuditRunRelay(relay: AuditRunRelayParts) {
  const { store, parts, audit, clock, request, lastInstant, keptRuns } = relay;

  /**
   * The run of a report that a job of the schedule asks for, which is made if need be. A job that comes late, after
   * the schedule asked again, counts as that one.
   * @returns its id; null when there is no such report or no schedule any more
   */
  async function scheduled(report: string, instant: Instant): Promise<string | null> {
    const last = lastInstant(clock.now());
    if (last === null || !isReport(report)) return null;
    const run = scheduledRun(report, instant > last ? instant : last);
    await store.insert({ ...run, dueAt: shifted(run.createdAt, ASK_AGAIN_MS) });
    return run.id;
  }

  /**
   * Makes up for what the schedule asked for while nobody was there: a run of each report whose latest is older. One
   * that was never run waits for the schedule.
   */
  async function catchUp(reports: readonly string[]): Promise<void> {
    const now = clock.now();
    const instant = lastInstant(now);
    if (instant === null || now < shifted(instant, LATE_MS)) return;
    for (const report of reports.filter(isReport)) {
      const run = scheduledRun(report, instant);
      const latest = await store.latest(run.series, 'completed');
      if (latest === null || latest.createdAt >= instant) continue;
      await store.insert(run);
    }
  }

  /** Asks for what waits or was left behind, and tidies up, until `stopped()`; answers the errors of single runs. */
  async function rollForward(stopped: () => boolean): Promise<{ errors: readonly unknown[] }> {
    const errors: unknown[] = [];
    for (const id of await store.due(clock.now(), BATCH)) {
      if (stopped()) break;
      await rollOne(id).catch((error: unknown) => errors.push(error));
      if (errors.some((error) => isFailure(error, 'queue-away'))) break;
    }
    return { errors };
  }

  async function rollOne(id: string): Promise<void> {
    const found = await store.find(id);
    if (found === null) return;
    if (isOver(found)) return tidy(found);
    await request(found);
    // One that was running hasn't been heard of; where it is alive after all, it says so.
    const next = { status: 'waiting', dueAt: shifted(clock.now(), ASK_AGAIN_MS) } as const;
    await store.replace(found, changed(found, next));
  }

  /** What follows from the end of a run, and from the decision to keep its rows no longer. */
  async function tidy(run: AuditRun): Promise<void> {
    const keepsRows = run.status === 'completed' && run.discardedAt === undefined;
    await parts.drop(run.id, keepsRows ? run.attempt : run.attempt + 1);
    if (run.discardedAt === undefined) await discardOld(run.report);
    await store.replace(run, changed(run, { dueAt: null }));
  }

  /**
   * The rows of all completed runs of a report but the latest are taken away; their records stay. The latest of a
   * series keeps its rows, however many runs of other settings came after it: the next is compared with it.
   */
  async function discardOld(report: string): Promise<void> {
    let seen = 0;
    for (let page = await store.list({ report, limit: BATCH }); page.length > 0;) {
      const completed = page.filter(({ status }) => status === 'completed');
      const old = completed.slice(Math.max(0, keptRuns - seen));
      let discarded = 0;
      for (const run of old) {
        if (run.discardedAt !== undefined || (await store.latest(run.series, 'completed'))?.id === run.id)
          continue;
        await discard(run);
        discarded += 1;
      }
      // What is older than those was discarded before.
      if (old.length > 0 && discarded === 0) return;
      seen += completed.length;
      const last = page.at(-1);
      page = last === undefined ? [] : await store.list({ report, after: last, limit: BATCH });
    }
  }

  async function discard(run: AuditRun): Promise<void> {
    const now = clock.now();
    const next = changed(run, { discardedAt: now, dueAt: now });
    // If the process dies after this write, whoever rolls runs forward takes the rows away.
    if ((await store.replace(run, next)) === 'replaced') await tidy(next);
  }

  function isReport(name: string): boolean {
    return audit.reports.some((report) => report.name === name);
  }

  function scheduledRun(name: string, scheduledFor: Instant): AuditRun {
    const { report, settings } = audit.checked({ report: name, settings: {} });
    const series = seriesOf(report.name, settings);
    const id = scheduledRunId(series, scheduledFor);
    return newRun({ id, report: report.name, settings, series, scheduledFor, createdAt: clock.now() });
  }

  return { scheduled, catchUp, rollForward, tidy };
}
