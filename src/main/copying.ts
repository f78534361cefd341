import type { Clock } from '../kernel/clock.ts';
import type { Comparison, Manifest, RecordSource } from '../modules/transfer/index.ts';
import { compareRecords, copyRecords, proveCopy, sizeOf, writeArchive } from '../modules/transfer/index.ts';
import type { Place } from './places.ts';
import { openSource, openTarget } from './places.ts';

/** Told what begins and how many records it goes through; answers who is told how many are done. */
export type OnPhase = (what: string, records: number) => (done: number) => void;

export interface Copied {
  /** How many records the target lacked or had otherwise before. */
  readonly copied: number;
  /** How the two are now. */
  readonly comparison: Comparison;
}

/**
 * Brings to the store at `to` what it lacks of the records at `from`, and compares the two. A registry may start on
 * the store once they were found equal. Interrupted or done again, it goes on where it was.
 * @throws Error of one sentence when a place can't be used
 */
export async function copyAll(from: Place, to: Place, onPhase: OnPhase): Promise<Copied> {
  return using(await openSource(from), async ({ source }) =>
    using(await openTarget(to, source.registerId), async ({ target, complete }) => {
      const size = await sizeOf(source);
      const before = await copyRecords(source, target, onPhase('Copying', size));
      const proven = await proveCopy(before, source, target, onPhase('Comparing', size));
      // Otherwise with the records as they are by now, so that what changed meanwhile is named.
      const comparison = proven ?? (await compareWith(from, target, onPhase));
      // If the process ends here, the next run finds that they are equal.
      if (comparison.equal) await complete();
      return { copied: before.kinds.reduce((sum, { wanting }) => sum + wanting, 0), comparison };
    }),
  );
}

/** Compares all records at two places. @throws Error of one sentence when a place can't be used */
export async function compareAll(one: Place, other: Place, onPhase: OnPhase): Promise<Comparison> {
  return using(await openSource(other), ({ source }) => compareWith(one, source, onPhase));
}

/**
 * Writes all records at `from`, as they are at one moment, into an archive in `folder`.
 * @throws Error of one sentence when the place or the folder can't be used
 */
export async function archiveAll(
  from: Place,
  folder: string,
  { clock, onPhase }: { clock: Clock; onPhase: OnPhase },
): Promise<Manifest> {
  return using(await openSource(from), async ({ source }) =>
    writeArchive(source, folder, clock.now(), onPhase('Writing', await sizeOf(source))),
  );
}

async function compareWith(one: Place, other: RecordSource, onPhase: OnPhase): Promise<Comparison> {
  return using(await openSource(one), async ({ source }) =>
    compareRecords(source, other, onPhase('Comparing', await sizeOf(source))),
  );
}

async function using<T extends { close(): Promise<void> }, R>(
  opened: T,
  work: (opened: T) => Promise<R>,
): Promise<R> {
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}
