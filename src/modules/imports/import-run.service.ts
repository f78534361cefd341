import type { Clock } from '../../kernel/clock.ts';
import { shifted } from '../../kernel/clock.ts';
import { isFailure } from '../../kernel/failure.ts';
import type { DeclarationService } from '../declarations/index.ts';
import { MAX_ITEMS } from '../declarations/index.ts';
import { createImportFiling, notesOf, progressed } from './import-filing.service.ts';
import type { ImportParts, ImportStore } from './import.ports.ts';
import type { Format, Import, Row } from './import.ts';
import { changed, finished, NO_PROGRESS, UnreadableFile } from './import.ts';
import { lastPartOf } from './outcomes.ts';
import type { OpenStaging, StagedGroup, Staging } from './staging.ts';

/** Reads the rows of a file. @throws UnreadableFile */
export type RowReader = (
  chunks: AsyncIterable<Buffer>,
  mapping: Readonly<Record<string, string>>,
) => AsyncIterable<Row>;

export interface ImportRunParts {
  readonly store: ImportStore;
  readonly parts: ImportParts;
  readonly declarations: DeclarationService;
  /** Takes a file away of which only a part came in. */
  readonly discard: (one: Import) => Promise<void>;
  readonly readers: Readonly<Record<Format, RowReader>>;
  readonly openStaging: OpenStaging;
  readonly clock: Clock;
}

const MAX_ROWS = 20_000_000;
/** Imports that are worked on side by side, so that a short one need not wait for a long one. */
const AT_ONCE = 4;
const LOOK_EVERY_MS = 500;
const ROWS_STAGED_AT_ONCE = 500;
/** The record tells so often how many rows were read. */
const ROWS_A_SIGN = 20_000;
/** Declarations that are filed together, and the items at which there are enough of them. */
const FILED_TOGETHER = 64;
const ITEMS_TOGETHER = 2_000;
const AGAIN_WHEN_AWAY_MS = 5_000;
const AGAIN_AFTER_ERROR_MS = 30_000;
/** An import that fails so often for a reason that nobody expected is given up. */
const MAX_TRIES = 5;

/** Someone else works on the import, or this process ends: whoever comes next goes on. */
class GivenAway extends Error {}

type Stop = () => boolean;

/** Works through imports, each from where it was. */
export function createImportRun(run: ImportRunParts) {
  const { store, parts, discard, readers, openStaging, clock } = run;
  const filing = createImportFiling(run.declarations);

  /** Works on what is due until all of that is done or `stopped()`; answers the errors of single imports. */
  async function work(stopped: Stop): Promise<{ errors: readonly unknown[] }> {
    const errors: unknown[] = [];
    const underWay = new Map<string, Promise<unknown>>();
    const begin = (id: string): void => {
      const done = one(id, stopped)
        .catch((error: unknown) => {
          if (!(error instanceof GivenAway)) errors.push(error);
        })
        .finally(() => underWay.delete(id));
      underWay.set(id, done);
    };
    for (;;) {
      const due = stopped() ? [] : await store.due(clock.now(), 2 * AT_ONCE);
      for (const id of due) if (underWay.size < AT_ONCE && !underWay.has(id)) begin(id);
      if (underWay.size === 0) return { errors };
      await firstOf([...underWay.values()], LOOK_EVERY_MS);
    }
  }

  async function one(id: string, stopped: Stop): Promise<void> {
    const found = await store.find(id);
    if (found === null || found.dueAt === null) return;
    if (found.status === 'receiving') return discard(found);
    const current = createCurrent(found);
    try {
      if (found.finishedAt === undefined) await through(current, stopped);
      await tidy(current);
    } catch (error) {
      if (!(error instanceof GivenAway)) await postpone(current, error);
      throw error;
    }
  }

  /** The import as it is stored by now, moved on one write at a time. */
  function createCurrent(found: Import) {
    let now = found;
    return {
      get is() {
        return now;
      },
      async becomes(next: Import): Promise<void> {
        if ((await store.replace(now, next)) !== 'replaced') throw new GivenAway();
        now = next;
      },
    };
  }
  type Current = ReturnType<typeof createCurrent>;

  async function through(current: Current, stopped: Stop): Promise<void> {
    const staging = openStaging();
    try {
      const isFiling = current.is.status === 'filing';
      if (!isFiling) await current.becomes(changed(current.is, { ...NO_PROGRESS, status: 'reading' }));
      const rowsRead = await stage(current, staging, stopped);
      if (!isFiling) {
        const isTriedFirst = current.is.onError === 'rollback';
        await current.becomes(
          changed(current.is, { rowsRead, status: isTriedFirst ? 'checking' : 'filing' }),
        );
        if (isTriedFirst && (await isRefused(current, staging, stopped))) return;
      }
      await fileAll(current, staging, stopped);
      await end(current, 'completed');
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      await end(current, 'refused', { ...NO_PROGRESS, problem: error.problem });
    } finally {
      staging.close();
    }
  }

  async function end(
    current: Current,
    status: 'completed' | 'refused',
    changes: Parameters<typeof finished>[3] = {},
  ): Promise<void> {
    await current.becomes(finished(current.is, status, clock.now(), changes));
  }

  /** Takes away the file of an import that is at its end. */
  async function tidy(current: Current): Promise<void> {
    await parts.drop(current.is.id, 'file', 0);
    await current.becomes(changed(current.is, { dueAt: null }));
  }

  /** Puts all rows aside, by reference. Answers how many there are. @throws UnreadableFile */
  async function stage(current: Current, staging: Staging, stopped: Stop): Promise<number> {
    const { id, format, mapping, status } = current.is;
    let rowsRead = 0;
    let some: Row[] = [];
    for await (const row of readers[format](fileOf(id), mapping)) {
      some.push(row);
      rowsRead += 1;
      if (rowsRead > MAX_ROWS) {
        throw new UnreadableFile('too-many-rows', `The file has more than ${MAX_ROWS} rows.`, row.line);
      }
      if (some.length < ROWS_STAGED_AT_ONCE) continue;
      staging.add(some);
      some = [];
      await pause(stopped);
      const isSign = status === 'reading' && rowsRead % ROWS_A_SIGN === 0;
      if (isSign) await current.becomes(changed(current.is, { rowsRead }));
    }
    staging.add(some);
    if (rowsRead === 0) throw new UnreadableFile('no-rows', 'The file holds no rows.');
    return rowsRead;
  }

  async function* fileOf(id: string): AsyncGenerator<Buffer, void, void> {
    let no = 0;
    for (;;) {
      const [piece] = await parts.after(id, 'file', no, 1);
      if (piece === undefined) return;
      yield piece.content;
      no = piece.no;
    }
  }

  /** Tries all declarations before any is filed. When one can't be, none is, and it is said which and why. */
  async function isRefused(current: Current, staging: Staging, stopped: Stop): Promise<boolean> {
    const { id } = current.is;
    await parts.drop(id, 'refused', 0);
    let rowsRefused = 0;
    for (const group of staging.groups(0, MAX_ITEMS)) {
      await pause(stopped);
      const settled = await filing.tried(current.is, group);
      if (settled.refused === undefined) continue;
      await parts.add(notesOf(id, settled, staging));
      rowsRefused += group.rowCount;
    }
    if (rowsRefused === 0) {
      await current.becomes(changed(current.is, { status: 'filing' }));
      return false;
    }
    const what = rowsRefused === 1 ? 'one row is' : `${rowsRefused} rows are`;
    const problem = { code: 'rows-refused', message: `Nothing was filed, because ${what} refused.` };
    await end(current, 'refused', { rowsRefused, problem });
    return true;
  }

  async function fileAll(current: Current, staging: Staging, stopped: Stop): Promise<void> {
    const { id, doneUpTo } = current.is;
    // What was noted after the last sign of progress is found out anew.
    for (const kind of ['accepted', 'refused'] as const) await parts.drop(id, kind, lastPartOf(doneUpTo));
    let together: StagedGroup[] = [];
    const flush = async (): Promise<void> => {
      const settled = await Promise.all(together.map((group) => filing.file(current.is, group)));
      await parts.add(settled.flatMap((each) => notesOf(id, each, staging)));
      await current.becomes(changed(current.is, progressed(current.is, settled)));
      together = [];
    };
    let items = 0;
    for (const group of staging.groups(doneUpTo, MAX_ITEMS)) {
      together.push(group);
      items += group.rows.length;
      if (together.length < FILED_TOGETHER && items < ITEMS_TOGETHER) continue;
      await flush();
      items = 0;
      await pause(stopped);
    }
    if (together.length > 0) await flush();
  }

  /** Until when it is left alone: store or disk are away, or something happened that nobody expected. */
  async function postpone(current: Current, error: unknown): Promise<void> {
    const now = clock.now();
    const { tries, finishedAt } = current.is;
    if (finishedAt !== undefined) {
      await current.becomes(changed(current.is, { dueAt: shifted(now, AGAIN_AFTER_ERROR_MS) }));
    } else if (isFailure(error) && (error.kind === 'unavailable' || error.kind === 'storage-full')) {
      await current.becomes(changed(current.is, { dueAt: shifted(now, AGAIN_WHEN_AWAY_MS) }));
    } else if (tries + 1 < MAX_TRIES) {
      const dueAt = shifted(now, AGAIN_AFTER_ERROR_MS);
      await current.becomes(changed(current.is, { tries: tries + 1, dueAt }));
    } else {
      const message = 'The import was given up after an unexpected error; what was filed stands.';
      await current.becomes(finished(current.is, 'failed', now, { problem: { code: 'internal', message } }));
    }
  }

  return { work };
}

/** Lets others run. @throws GivenAway when it is time to stop */
async function pause(stopped: Stop): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (stopped()) throw new GivenAway();
}

async function firstOf(work: readonly Promise<unknown>[], withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const time = new Promise((resolve) => (timer = setTimeout(resolve, withinMs)));
  await Promise.race([...work, time]);
  clearTimeout(timer);
}
