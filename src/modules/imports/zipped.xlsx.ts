import type { Entry, ZipFile } from 'yauzl';
import { fromFdPromise } from 'yauzl';
import { UnreadableFile } from './import.ts';

const MAX_INFLATED_BYTES = 500 * 1024 * 1024;
/** How many times as large as packed: a sheet of text reaches about 30. */
const MAX_RATIO = 100;
/** Of what is smaller it doesn't matter. */
const RATIO_FROM_BYTES = 1024 * 1024;
const MAX_ENTRIES = 10_000;

/** The files in a zip archive, by name. */
export interface Zipped {
  readonly names: readonly string[];
  /** The content of a file; null when there is no such file. @throws UnreadableFile when it is damaged */
  open(name: string): AsyncIterable<Buffer> | null;
  close(): void;
}

/**
 * Opens the zip archive of `bytes` in the file `fd`, which is closed along with it. What is in it can't be larger than
 * its directory says: reading it would fail.
 * @throws UnreadableFile when it is none, is encrypted, or would become too large
 */
export async function openZipped(fd: number, bytes: number): Promise<Zipped> {
  try {
    const zip = await fromFdPromise(fd, { lazyEntries: true, autoClose: false });
    const entries = await entriesOf(zip, bytes);
    return {
      names: [...entries.keys()],
      open(name) {
        const entry = entries.get(name);
        return entry === undefined ? null : contentOf(zip, entry);
      },
      close: () => zip.close(),
    };
  } catch (error) {
    throw damaged(error);
  }
}

async function* contentOf(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer, void, void> {
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const piece of stream) yield piece as Buffer;
  } catch (error) {
    throw damaged(error);
  }
}

function damaged(error: unknown): UnreadableFile {
  if (error instanceof UnreadableFile) return error;
  const message = 'The file is no workbook, or a part of it is missing or damaged.';
  return new UnreadableFile('xlsx-unreadable', message, undefined, error);
}

async function entriesOf(zip: ZipFile, bytes: number): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  let inflated = 0;
  for await (const entry of zip.eachEntry()) {
    inflated += entry.uncompressedSize;
    const fault = faultOf(entry, inflated, bytes, entries.size);
    if (fault !== null) throw fault;
    if (!entries.has(entry.fileName)) entries.set(entry.fileName, entry);
  }
  return entries;
}

function faultOf(entry: Entry, inflated: number, bytes: number, entries: number): UnreadableFile | null {
  if (entry.isEncrypted()) return new UnreadableFile('encrypted', 'The workbook is protected by a password.');
  if (entries >= MAX_ENTRIES) return new UnreadableFile('too-many-parts', 'The workbook has too many parts.');
  const isInflated = (to: number, from: number) => to > RATIO_FROM_BYTES && to > MAX_RATIO * from;
  const { uncompressedSize, compressedSize } = entry;
  if (
    inflated > MAX_INFLATED_BYTES ||
    isInflated(inflated, bytes) ||
    isInflated(uncompressedSize, compressedSize)
  ) {
    const message = `Unpacked, the workbook would be larger than ${MAX_INFLATED_BYTES / 1024 / 1024} MiB, or more than ${MAX_RATIO} times as large as packed.`;
    return new UnreadableFile('too-large-unpacked', message);
  }
  return null;
}
