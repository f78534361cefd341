import { createHash } from 'node:crypto';
import type { Actor } from '../../kernel/actor.ts';
import type { Clock, Instant } from '../../kernel/clock.ts';
import { shifted } from '../../kernel/clock.ts';
import { derivedId } from '../../kernel/derived-id.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Random } from '../../kernel/random.ts';
import type { ImportParts, ImportStore } from './import.ports.ts';
import type { Import, ImportOptions, RowOutcome } from './import.ts';
import { changed, NO_PROGRESS } from './import.ts';
import type { OutcomeKind } from './outcomes.ts';
import { outcomesIn } from './outcomes.ts';

const PIECE_BYTES = 1024 * 1024;
/** A file that has stopped coming in for this long is taken away. */
const RECEIVE_WITHIN_MS = 10 * 60_000;
/** The record says so often that a file still comes in. */
const SIGN_EVERY_PIECES = 64;
const PARTS_A_PAGE = 20;

export interface ImportServiceParts {
  readonly store: ImportStore;
  readonly parts: ImportParts;
  readonly clock: Clock;
  readonly random: Random;
}

/** A file as it comes in. */
export interface Upload {
  readonly chunks: AsyncIterable<Buffer>;
  /** Does a piece of work in its turn among others. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

export interface Received {
  readonly import: Import;
  /** True when this file had been sent before. */
  readonly replayed: boolean;
}

/** A page of what became of rows, and where the next one begins. */
export interface RowPage {
  readonly rows: readonly RowOutcome[];
  readonly next: RowPosition | null;
}
/** The last part that was shown, whole or up to so many rows of it. */
export type RowPosition = readonly [part: number, rows: number];

export type ImportService = ReturnType<typeof createImportService>;

/** Takes files in and tells what became of them. */
export function createImportService({ store, parts, clock, random }: ImportServiceParts) {
  /**
   * Keeps a file, to be imported. Once this returns it will be, whatever happens; the same file sent again with the
   * same options is the same import, unless that was refused.
   * @throws what the upload throws, and then nothing is kept
   */
  async function receive(
    actor: Actor,
    options: ImportOptions,
    { chunks, inTurn }: Upload,
  ): Promise<Received> {
    const now = clock.now();
    const hash = createHash('sha256');
    let current: Import = {
      ...options,
      ...NO_PROGRESS,
      id: derivedId('imp', actor.org, now, random.nonce()),
      org: actor.org,
      by: actor,
      version: 1,
      status: 'receiving',
      createdAt: now,
      bytes: 0,
      sha256: '',
      tries: 0,
      dueAt: shifted(now, RECEIVE_WITHIN_MS),
    };
    await inTurn(() => store.insert(current));
    try {
      let pieces = 0;
      let bytes = 0;
      for await (const content of piecesOf(chunks)) {
        hash.update(content);
        pieces += 1;
        bytes += content.length;
        const part = { importId: current.id, kind: 'file' as const, no: pieces, content };
        await inTurn(async () => {
          await parts.add([part]);
          if (pieces % SIGN_EVERY_PIECES === 0) current = await stillReceiving(current, bytes);
        });
      }
      return await inTurn(() => received(current, { bytes, sha256: hash.digest('hex') }));
    } catch (error) {
      // What is left of it the relay of imports takes away later.
      await discard(current).catch(() => undefined);
      throw error;
    }
  }

  async function stillReceiving(before: Import, bytes: number): Promise<Import> {
    const next = changed(before, { bytes, dueAt: shifted(clock.now(), RECEIVE_WITHIN_MS) });
    if ((await store.replace(before, next)) === 'replaced') return next;
    throw new Failure('unavailable', 'import-lost', 'The file came in too slowly; send it again.');
  }

  /** One write decides that the file is here and will be imported. */
  async function received(before: Import, file: Pick<Import, 'bytes' | 'sha256'>): Promise<Received> {
    const fileKey = fileKeyOf(before, file.sha256);
    const next = changed(before, { ...file, fileKey, status: 'waiting', dueAt: clock.now() });
    const outcome = await store.replace(before, next);
    if (outcome === 'replaced') return { import: next, replayed: false };
    const found =
      outcome === 'file-taken' ? await store.findByFile(before.org, fileKey) : await store.find(before.id);
    if (found?.fileKey !== fileKey) {
      throw new Failure('unavailable', 'import-lost', 'The file could not be taken in; send it again.');
    }
    if (found.id === before.id) return { import: found, replayed: false };
    await discard(before);
    return { import: found, replayed: true };
  }

  /** Takes a file away that didn't come in whole, or had come before. */
  async function discard(one: Import): Promise<void> {
    await parts.drop(one.id, 'file', 0);
    await store.remove(one);
  }

  /** @throws Failure `not-found`, also when it belongs to another organisation than the asking exporter's */
  async function get(actor: Actor, id: string): Promise<Import> {
    const found = await store.find(id);
    const isHidden = found?.status === 'receiving' || (actor.role === 'exporter' && found?.org !== actor.org);
    if (found === null || isHidden) throw new Failure('not-found', 'not-found', 'There is no such import.');
    return found;
  }

  /** A page of imports, latest first; an exporter's own only. */
  function list(
    actor: Actor,
    query: { readonly after?: { createdAt: Instant; id: string }; readonly limit: number },
  ): Promise<Import[]> {
    return store.list(actor.role === 'exporter' ? { ...query, org: actor.org } : query);
  }

  /** What became of rows, from a position on. @throws Failure `not-found` */
  async function rows(
    actor: Actor,
    id: string,
    { outcome, after, limit }: { outcome: OutcomeKind; after: RowPosition; limit: number },
  ): Promise<RowPage> {
    await get(actor, id);
    const found: RowOutcome[] = [];
    let [part, seen] = after;
    for (;;) {
      // A part of which only some rows were shown comes first.
      const page = await parts.after(id, outcome, seen > 0 ? part - 1 : part, PARTS_A_PAGE);
      for (const one of page) {
        if (found.length === limit) return { rows: found, next: [part, 0] };
        const { no } = one;
        const outcomes = outcomesIn(one);
        const from = no === part ? seen : 0;
        const room = limit - found.length;
        found.push(...outcomes.slice(from, from + room));
        if (outcomes.length - from > room) return { rows: found, next: [no, from + room] };
        [part, seen] = [no, 0];
      }
      if (page.length < PARTS_A_PAGE) return { rows: found, next: null };
      if (found.length === limit) return { rows: found, next: [part, 0] };
    }
  }

  return { receive, discard, get, list, rows };
}

/** The file's bytes and how they are to be taken. */
function fileKeyOf({ org, format, onError, mapping }: Import, sha256: string): string {
  const mapped = Object.entries(mapping).sort(([a], [b]) => (a < b ? -1 : 1));
  return derivedId('fil', org, sha256, format, onError, JSON.stringify(mapped));
}

/** Chunks of any size as pieces of one size. */
async function* piecesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    size += chunk.length;
    if (size < PIECE_BYTES) continue;
    yield Buffer.concat(held);
    held = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(held);
}
