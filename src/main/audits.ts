import { setImmediate as turn } from 'node:timers/promises';
import type { Config } from '../config/config.ts';
import { createAuditWorker } from '../modules/audit/audit.queue.ts';
import type { AuditSchedule } from '../modules/audit/audit.queue.ts';
import { REPORTS, summaries } from '../modules/audit/index.ts';
import { lastInstant } from '../platform/queue/index.ts';
import type { Closers } from './closers.ts';
import type { Foundation } from './foundation.ts';
import { startLedLoop } from './led-loop.ts';

const LOOK_EVERY_MS = 15_000;
const OFF = 'off';
/** Any instant: to see whether an expression has one. */
const SOME_TIME = '2026-01-01T00:00:00.000Z';

/**
 * Which reports are run when.
 * @throws Error of one sentence when the settings name no time, or a report that there is not
 */
export function auditScheduleOf({
  auditSchedule,
  auditReports,
}: Pick<Config, 'auditSchedule' | 'auditReports'>): AuditSchedule {
  const names = REPORTS.map(({ name }) => name);
  const unknown = auditReports?.some((name) => !names.includes(name)) ?? false;
  if (unknown) throw new Error('AUDIT_REPORTS names a report that there is not: GET /v1/audit lists them.');
  const details = REPORTS.filter((report) => !summaries.includes(report)).map(({ name }) => name);
  const reports = [...new Set(auditReports ?? details)];
  if (auditSchedule === OFF) return { cron: null, reports };
  try {
    lastInstant(auditSchedule, SOME_TIME);
  } catch (cause) {
    const message =
      'AUDIT_SCHEDULE is no cron expression of five fields, such as "0 2 * * *", and not "off".';
    throw new Error(message, { cause });
  }
  return { cron: auditSchedule, reports };
}

/**
 * Runs reports when the schedule or somebody asks for it, until it is closed. In one process at a time a loop sees to
 * it that the queue has the schedule, that what was missed is made up for, and that what was left behind goes on.
 */
export function startAudits(foundation: Foundation, config: Config, drainMs: number, closers: Closers): void {
  const { registry, audit, auditQueue, connectWorker, log } = foundation;
  const { logger } = log;
  const schedule = auditScheduleOf(config);
  const { cron } = schedule;
  const runs = registry.auditRunWork(audit, {
    request: auditQueue.request,
    lastInstant: (now) => (cron === null ? null : lastInstant(cron, now)),
    keptRuns: config.auditRunsKept,
    async inTurn(work) {
      await turn();
      return work();
    },
  });
  let stopping = false;
  const worker = createAuditWorker({
    connection: connectWorker(),
    scheduled: runs.scheduled,
    async work(id) {
      const done = await runs.work(id, () => stopping);
      if (done === null) return;
      const { report, rows, newRows, goneRows } = done;
      logger.info({ run: id, report, rows, new: newRows, gone: goneRows }, 'a report was run');
    },
    onTrouble: (error) => logger.warn({ err: error }, 'trouble with runs of reports'),
  });
  closers.add(() => {
    stopping = true;
    return worker.close(drainMs);
  });
  const run = async (stopped: () => boolean): Promise<{ errors: readonly unknown[] }> => {
    const errors: unknown[] = [];
    await auditQueue.keepSchedule(schedule).catch((error: unknown) => errors.push(error));
    await runs.catchUp(schedule.reports).catch((error: unknown) => errors.push(error));
    return { errors: [...errors, ...(await runs.rollForward(stopped)).errors] };
  };
  startLedLoop(foundation, { name: 'audits', everyMs: LOOK_EVERY_MS, run }, closers);
}
