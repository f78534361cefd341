import { createBatches } from './batches.ts';
import type { Comparison, KindComparison } from './comparison.ts';
import { compareKind } from './comparison.ts';
import { createRecordDigest, type Tally } from './record-digest.ts';
import type { Kind, Records, RecordSource, RecordTarget } from './records.ts';
import { KINDS, textOf } from './records.ts';

/** Told of every so many records how many of the first source's were read in all. */
export type OnProgress = (read: number) => void;

/** How many records all kinds of a source hold, roughly. */
export async function sizeOf(source: RecordSource): Promise<number> {
  const counts = await Promise.all(KINDS.map((kind) => source.count(kind)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Compares every record of two sources, and changes nothing. */
export function compareRecords(
  first: RecordSource,
  second: RecordSource,
  onProgress: OnProgress = () => undefined,
): Promise<Comparison> {
  return walk([first, second], onProgress, () => ({ add: () => undefined, end: () => undefined }));
}

/**
 * Brings to `target` what it lacks of `source`. What is there already is read and left, so that an interrupted copy
 * goes on where it was, and one that is done again changes nothing.
 * @returns how the two were before; equal when there was nothing to bring
 */
export function copyRecords(
  source: RecordSource,
  target: RecordTarget,
  onProgress: OnProgress = () => undefined,
): Promise<Comparison> {
  // If the process ends here or anywhere below, the target holds some records, each of them whole.
  return walk([source, target], onProgress, (kind) =>
    createBatches((records) => target.adopt(kind, records)),
  );
}

/**
 * Reads what a copy has brought to `target`, and finds out whether it adds up to what `copyRecords` read of `source`.
 * @param before what `copyRecords` answered
 * @returns null when it doesn't, or the source was written to since it was opened: only `compareRecords` can tell then
 */
export async function proveCopy(
  before: Comparison,
  source: RecordSource,
  target: RecordSource,
  onProgress: OnProgress = () => undefined,
): Promise<Comparison | null> {
  let read = 0;
  for (const { kind, first } of before.equal ? [] : before.kinds) {
    const { count, digest } = await tallyOf(kind, target, (n) => onProgress(read + n));
    if (count !== first.count || digest !== first.digest) return null;
    read += count;
  }
  if (!(await source.isUnchanged())) return null;
  const kinds = before.kinds.map((kind) => ({
    ...kind,
    second: kind.first,
    different: 0,
    wanting: 0,
    named: [],
  }));
  return { ...before, equal: before.registerIds[0] === before.registerIds[1], kinds };
}

async function tallyOf(kind: Kind, source: RecordSource, onRead: OnProgress): Promise<Tally> {
  const digest = createRecordDigest();
  let read = 0;
  for await (const page of source.pages(kind)) {
    for (const record of page) digest.add(textOf(kind, record));
    onRead((read += page.length));
  }
  return digest.tally();
}

interface Bringing<K extends Kind> {
  add(record: Records[K], size: number): Promise<void> | void;
  end(): Promise<void> | void;
}

async function walk(
  sources: readonly [RecordSource, RecordSource],
  onProgress: OnProgress,
  bringingOf: <K extends Kind>(kind: K) => Bringing<K>,
): Promise<Comparison> {
  const registerIds = [sources[0].registerId, sources[1].registerId] as const;
  const kinds: KindComparison[] = [];
  let before = 0;
  for (const kind of KINDS) {
    const bringing = bringingOf(kind);
    const found = await compareKind(
      kind,
      sources,
      ({ record, size }) => bringing.add(record, size),
      (read) => onProgress(before + read),
    );
    await bringing.end();
    before += found.first.count;
    kinds.push(found);
  }
  const equal = registerIds[0] === registerIds[1] && kinds.every(({ different }) => different === 0);
  return { equal, registerIds, kinds };
}
