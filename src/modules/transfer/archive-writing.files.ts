import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Instant } from '../../kernel/clock.ts';
import type { ArchivedKind, Manifest } from './archive-manifest.ts';
import { FILES, manifestText } from './archive-manifest.ts';
import { createRecordDigest } from './record-digest.ts';
import type { Kind, RecordSource } from './records.ts';
import { KINDS, textOf } from './records.ts';
import type { OnProgress } from './transfer.service.ts';

export const MANIFEST = 'manifest.json';
/** Where a file is written before it has its name. */
const PART = '.part';
/** Records are handed to the compressor in pieces of about so many characters. */
const PIECE = 1_000_000;
/** Twice as fast as the default, and a sixth larger. */
const COMPRESSION = { level: 3 };

/**
 * Writes all records of `source` into `folder`, which it makes, for its owner's eyes alone. What an interrupted run
 * left there is replaced. Durable on return.
 * @throws Error of one sentence when the folder holds anything else
 */
export async function writeArchive(
  source: RecordSource,
  folder: string,
  createdAt: Instant,
  onProgress: OnProgress = () => undefined,
): Promise<Manifest> {
  await makeFolder(folder);
  const kinds: Partial<Record<Kind, ArchivedKind>> = {};
  let before = 0;
  for (const kind of KINDS) {
    const written = await writeKind(source, kind, join(folder, FILES[kind]), (n) => onProgress(before + n));
    kinds[kind] = written;
    before += written.count;
  }
  // If the process ends before here, the folder has no manifest and is taken for no archive.
  const manifest = { registerId: source.registerId, createdAt, kinds: kinds as Manifest['kinds'] };
  await writeText(join(folder, MANIFEST), manifestText(manifest));
  await syncFolder(folder);
  return manifest;
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const own = new Set(
    Object.values(FILES)
      .flatMap((file) => [file, file + PART])
      .concat(MANIFEST + PART),
  );
  const found = await readdir(folder);
  if (found.includes(MANIFEST)) throw new Error(`The folder ${folder} holds an archive already.`);
  const foreign = found.find((file) => !own.has(file));
  if (foreign !== undefined) {
    throw new Error(`The folder ${folder} is not empty (${foreign}); an archive needs one of its own.`);
  }
}

async function writeKind(
  source: RecordSource,
  kind: Kind,
  file: string,
  onRead: OnProgress,
): Promise<ArchivedKind> {
  const digest = createRecordDigest();
  const fileHash = createHash('sha256');
  const hashing = new Transform({
    transform(piece: Buffer, _encoding, done) {
      fileHash.update(piece);
      done(null, piece);
    },
  });
  async function* pieces(): AsyncGenerator<string> {
    let read = 0;
    let piece = '';
    for await (const page of source.pages(kind)) {
      for (const record of page) {
        const text = textOf(kind, record);
        digest.add(text);
        piece += `${text}\n`;
        if (piece.length < PIECE) continue;
        yield piece;
        piece = '';
      }
      onRead((read += page.length));
    }
    if (piece !== '') yield piece;
  }
  const part = file + PART;
  // `flush`: what was written is on the disk before the file gets its name.
  const target = createWriteStream(part, { mode: 0o600, flush: true });
  try {
    await pipeline(Readable.from(pieces()), createGzip(COMPRESSION), hashing, target);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  await rename(part, file);
  return { ...digest.tally(), fileDigest: fileHash.digest('hex') };
}

async function writeText(file: string, text: string): Promise<void> {
  const part = await open(file + PART, 'w', 0o600);
  try {
    await part.writeFile(text);
    await part.sync();
  } finally {
    await part.close();
  }
  await rename(file + PART, file);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
