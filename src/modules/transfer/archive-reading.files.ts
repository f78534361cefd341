import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Manifest } from './archive-manifest.ts';
import { FILES, readManifest } from './archive-manifest.ts';
import { MANIFEST } from './archive-writing.files.ts';
import { createRecordDigest } from './record-digest.ts';
import type { Kind, Records, RecordSource } from './records.ts';
import { KINDS } from './records.ts';

/** A page ends with as many records, or as many characters. */
const PAGE = 500;
const PAGE_CHARACTERS = 4_000_000;
const PIECE_BYTES = 256 * 1024;

export interface Archive extends RecordSource {
  readonly manifest: Manifest;
}

/** Whether a folder holds a complete archive. */
export function isArchive(folder: string): boolean {
  return existsSync(join(folder, MANIFEST));
}

/**
 * Opens what `writeArchive` wrote, once every file of it was read and found unharmed.
 * @throws Error of one sentence naming the file that is missing or damaged
 */
export async function openArchive(folder: string): Promise<Archive> {
  const manifest = await manifestIn(folder);
  for (const kind of KINDS) await assertUnharmed(join(folder, FILES[kind]), manifest.kinds[kind].fileDigest);
  return {
    manifest,
    registerId: manifest.registerId,
    isUnchanged: async () => true, // an archive is never written again
    count: async (kind) => manifest.kinds[kind].count,
    pages: (kind) => pages(folder, kind, manifest),
  };
}

async function manifestIn(folder: string): Promise<Manifest> {
  const file = join(folder, MANIFEST);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`The folder ${folder} holds no complete archive: ${MANIFEST} can not be read.`, {
      cause,
    });
  });
  try {
    return readManifest(text);
  } catch (cause) {
    throw new Error(`The file ${file} ${(cause as Error).message}.`, { cause });
  }
}

async function assertUnharmed(file: string, fileDigest: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash).catch((cause: unknown) => {
    throw new Error(`The file ${file} can not be read.`, { cause });
  });
  if (hash.digest('hex') !== fileDigest) {
    throw new Error(`The file ${file} is damaged: it is not what ${MANIFEST} says.`);
  }
}

async function* pages<K extends Kind>(
  folder: string,
  kind: K,
  manifest: Manifest,
): AsyncGenerator<readonly Records[K][], void, void> {
  const file = join(folder, FILES[kind]);
  const digest = createRecordDigest();
  let page: Records[K][] = [];
  let characters = 0;
  for await (const line of linesOf(file)) {
    digest.add(line);
    page.push(JSON.parse(line) as Records[K]);
    characters += line.length;
    if (page.length < PAGE && characters < PAGE_CHARACTERS) continue;
    yield page;
    page = [];
    characters = 0;
  }
  if (page.length > 0) yield page;
  const { count, digest: sum } = digest.tally();
  if (count !== manifest.kinds[kind].count || sum !== manifest.kinds[kind].digest) {
    throw new Error(`The file ${file} does not hold the records that ${MANIFEST} says.`);
  }
}

/** The lines of a compressed text, each of which ends with a line feed. */
async function* linesOf(file: string): AsyncGenerator<string, void, void> {
  const unzipped = createGunzip({ chunkSize: PIECE_BYTES });
  unzipped.setEncoding('utf8');
  const done = pipeline(createReadStream(file), unzipped);
  done.catch(() => undefined); // the loop throws the same
  let rest = '';
  for await (const piece of unzipped as AsyncIterable<string>) {
    rest += piece;
    if (!piece.includes('\n')) continue;
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') throw new Error(`The file ${file} ends in the middle of a record.`);
}
