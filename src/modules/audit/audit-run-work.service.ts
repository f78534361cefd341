import type { Clock, Instant } from '../../kernel/clock.ts';
import { shifted } from '../../kernel/clock.ts';
import { isFailure } from '../../kernel/failure.ts';
import type { AuditRunParts, AuditRunStore, RunPartKind } from './audit.ports.ts';
import type { AuditService } from './audit.service.ts';
import { createPartWriter, partsWith, rowsIn } from './audit-run-rows.ts';
import type { AuditRun, RunFindings } from './audit-run.ts';
import * as runs from './audit-run.ts';
import type { AuditRow } from './row.ts';

/** How often a run under way says that it is. */
const BEAT_MS = 30_000;
/** After a try that failed; the queue tries sooner. */
const AGAIN_AFTER_MS = 10 * 60_000;
/** A run that fails so often for a reason that nobody expected is given up. */
const MOST_TRIES = 5;
/** The same for one that is begun so often and never heard of again, as when it takes its process with it. */
const MOST_ATTEMPTS = 20;

export interface AuditRunWorkParts {
  readonly store: AuditRunStore;
  readonly parts: AuditRunParts;
  readonly audit: Pick<AuditService, 'run'>;
  /** Takes away what a run that is over needs no more. */
  readonly tidy: (run: AuditRun) => Promise<void>;
  readonly clock: Clock;
  /** Does a piece of work in its turn among others. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Somebody else has begun the run meanwhile: it is theirs. */
class GivenAway extends Error {}
/** This process ends: whoever comes next begins the run anew. */
class Interrupted extends Error {}

/** Works on runs, each from its beginning. */
export function createAuditRunWork({ store, parts, audit, tidy, clock, inTurn }: AuditRunWorkParts) {
  /**
   * Brings a run to its end, unless it is there or somebody is at work on it.
   * @returns the run when it was completed by this call
   * @throws whatever keeps it from its end; it will be due again then
   */
  async function work(id: string, stopped: () => boolean): Promise<AuditRun | null> {
    const run = await begin(id);
    if (run === null) return null;
    let done: AuditRun;
    try {
      done = await toItsEnd(run, stopped);
    } catch (error) {
      if (error instanceof GivenAway) return null;
      // Where that fails, too, the run is due once nothing has been heard of it for a while.
      await release(run, error).catch(() => undefined);
      throw error;
    }
    // Otherwise it is due: the relay does it.
    await tidy(done).catch(() => undefined);
    return done;
  }

  /** One write decides whose the run is. Null when there is nothing to do. */
  async function begin(id: string): Promise<AuditRun | null> {
    for (;;) {
      const found = await store.find(id);
      if (found === null || runs.isOver(found)) return null;
      const now = clock.now();
      if (found.status === 'running' && found.dueAt !== null && found.dueAt > now) return null;
      const next = await nextOf(found, now);
      // Otherwise somebody else began it, or the relay has just noted that it was asked for.
      if ((await store.replace(found, next)) === 'replaced') return runs.isOver(next) ? null : next;
    }
  }

  async function nextOf(found: AuditRun, now: Instant): Promise<AuditRun> {
    if (found.attempt >= MOST_ATTEMPTS) {
      const because = `It was begun ${found.attempt} times and never heard of again; it was given up.`;
      return runs.failed(found, because, now);
    }
    const latest = await store.latest(found.series, 'completed');
    return runs.begun(found, latest === null || latest.discardedAt !== undefined ? null : latest, now);
  }

  async function toItsEnd(run: AuditRun, stopped: () => boolean): Promise<AuditRun> {
    const heard = createBeat(run, stopped);
    const { id: runId, attempt, report, settings } = run;
    const writerOf = (kind: RunPartKind) => createPartWriter(parts, { runId, attempt, kind });
    const previous = run.previous === undefined ? null : await keptRows(run.previous.id);
    const missing = new Set<string>();
    if (previous !== null) for await (const { key } of previous()) missing.add(key);

    const found = writerOf('found');
    let rows = 0;
    let kept = 0;
    let newRows = 0;
    const take = async (row: AuditRow): Promise<void> => {
      // Each key is one row, so what was seen once isn't asked for again.
      const isNew = !missing.delete(row.key);
      rows += 1;
      if (isNew) newRows += 1;
      if (kept === runs.MOST_KEPT) return;
      kept += 1;
      await found.add({ ...row, isNew });
    };
    await audit.run(
      { report, settings },
      {
        begin: () => undefined,
        inTurn,
        async take(piece) {
          for (const { row } of piece.rows) await take(row);
          await heard({ rows, newRows });
          return true;
        },
      },
    );
    await found.flush();

    const gone = writerOf('gone');
    if (previous !== null && missing.size > 0) {
      for await (const row of previous()) {
        if (missing.has(row.key)) await gone.add(row);
        await heard({ rows, newRows });
      }
      await gone.flush();
    }
    const { parts: foundParts, withNew } = found.written();
    const findings: RunFindings = {
      rows,
      kept,
      newRows,
      goneRows: missing.size,
      parts: { found: foundParts, gone: gone.written().parts, withNew },
    };
    // If the process dies before this write, all of it is found anew; after it, nothing is left to do but to tidy up.
    return advance(run, (now) => runs.completed(now, findings, clock.now()));
  }

  /** The rows that a run keeps, as often as they are asked for. */
  async function keptRows(id: string): Promise<() => AsyncGenerator<AuditRow, void, void>> {
    const run = await store.find(id);
    if (run === null) throw new Error(`the run ${id} is not there any more`);
    return async function* rowsOfRun() {
      for (const key of partsWith({ ...run, parts: { ...run.parts, gone: 0 } }, 'all')) {
        const part = await inTurn(() => parts.find(key));
        if (part === null) throw new Error(`rows of the run ${id} are not there any more`);
        for (const { row } of rowsIn(part, 'all')) yield row;
      }
    };
  }

  /** Says now and then that the run goes on. @throws GivenAway, Interrupted */
  function createBeat(run: AuditRun, stopped: () => boolean) {
    let last = clock.now();
    return async (progress: Pick<RunFindings, 'rows' | 'newRows'>): Promise<void> => {
      if (stopped()) throw new Interrupted('The process ends; the run will be begun anew.');
      const now = clock.now();
      if (now < shifted(last, BEAT_MS)) return;
      last = now;
      const alive = { ...progress, status: 'running', dueAt: runs.stillHeardOf(now) } as const;
      await advance(run, (found) => runs.changed(found, alive));
    };
  }

  /** Changes the run while it is still this attempt's. @throws GivenAway */
  async function advance(run: AuditRun, change: (found: AuditRun) => AuditRun): Promise<AuditRun> {
    for (;;) {
      const found = await store.find(run.id);
      if (found === null || found.attempt !== run.attempt || runs.isOver(found)) throw new GivenAway();
      const next = change(found);
      if ((await store.replace(found, next)) === 'replaced') return next;
    }
  }

  /** Lets others begin the run again, or gives it up. What stands in the way of everybody doesn't count as a try. */
  async function release(run: AuditRun, error: unknown): Promise<void> {
    const now = clock.now();
    await advance(run, (found) => {
      const tries = found.tries + (isPassing(error) ? 0 : 1);
      if (tries >= MOST_TRIES) {
        const because = `It failed ${tries} times and was given up; the log tells why.`;
        return { ...runs.failed(found, because, now), tries };
      }
      return runs.changed(found, { status: 'waiting', tries, dueAt: shifted(now, AGAIN_AFTER_MS) });
    });
  }

  return { work };
}

function isPassing(error: unknown): boolean {
  if (error instanceof Interrupted) return true;
  return isFailure(error) && (error.kind === 'unavailable' || error.kind === 'storage-full');
}
