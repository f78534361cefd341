import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import type { Actor } from '../../kernel/actor.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Failure } from '../../kernel/failure.ts';
import type { DeclarationStore } from '../declarations/index.ts';
import type { RegisterStore } from '../register/index.ts';
import type { Histories, Manifest, Part, Totals } from './export.ts';
import { BEGINNINGS, chained, NOTHING } from './export.ts';
import type { Progress } from './export-cursor.ts';
import { progressCursor, progressIn, scopeOf } from './export-cursor.ts';
import type { Batch } from './export-source.ts';
import { NO_MORE } from './export-source.ts';
import { oneExporter } from './one-exporter.ts';
import { wholeRegister } from './whole-register.ts';

export interface ExportParts {
  readonly declarations: DeclarationStore;
  readonly register: RegisterStore;
  readonly registerId: string;
  readonly clock: Clock;
  /** A part ends with so many records; the default is enough for a few megabytes. */
  readonly recordsAPart?: number;
}

export interface ExportRequest {
  /** One exporter's data; without it the whole register. */
  readonly org?: string;
  /** Of a part of an export that was cut: go on behind it. */
  readonly cursor?: string;
}

/** An export under way. */
export interface Export {
  /** The next lines, maybe none; null after the manifest. @throws Failure `cursor-invalid`, before anything was read */
  next(): Promise<Buffer | null>;
  /** Has to be called at the end, however that came about. May be called again. */
  close(): void;
}

export type ExportService = ReturnType<typeof createExportService>;

/** Each reads as fast as it can: more at once would leave too little for those who look serials up. */
const MOST_AT_ONCE = 2;
const TRY_AGAIN_AFTER_SECONDS = 30;
const RECORDS_A_PART = 1_000;
/** A part also ends with so many bytes. */
const BYTES_A_PART = 4 * 2 ** 20;
/** The position behind the last record. */
const END = 'end';

/** Hands out the register, or one exporter's part of it, as lines in parts that can each be checked. */
export function createExportService({
  declarations,
  register,
  registerId,
  clock,
  recordsAPart = RECORDS_A_PART,
}: ExportParts) {
  let underWay = 0;

  /**
   * Begins an export, or goes on with one; nothing is read yet.
   * @throws Failure `forbidden` for an exporter that asks for another's data, `cursor-invalid`, `exports-busy`
   */
  function open(actor: Actor, { org, cursor }: ExportRequest): Export {
    const exporter = exporterOf(actor, org);
    const histories: Histories = actor.role === 'exporter' ? 'own' : 'whole';
    const scope = scopeOf(registerId, exporter, histories);
    const begun: Progress =
      cursor === undefined ? { at: clock.now(), position: '', totals: NOTHING } : progressIn(cursor, scope);
    if (underWay >= MOST_AT_ONCE) throw busy();
    underWay += 1;
    const stores = { declarations, register };
    const source =
      exporter === undefined ? wholeRegister(stores, actor) : oneExporter(stores, exporter, actor);
    const writer = createWriter(scope, begun, recordsAPart);
    let { position } = begun;
    let isDone = false;
    let isOpen = true;
    return {
      async next() {
        if (isDone) return null;
        const batch = position === END ? NO_MORE : await source.read(position);
        position = batch.next ?? END;
        const text = writer.add(batch);
        if (batch.next !== null) return text;
        isDone = true;
        const whose = exporter === undefined ? {} : { exporter };
        const manifest: Manifest = { registerId, ...whose, histories, at: begun.at, ...writer.totals() };
        return Buffer.concat([text, Buffer.from(`${BEGINNINGS.manifest}${JSON.stringify(manifest)}}\n`)]);
      },
      close() {
        if (isOpen) underWay -= 1;
        isOpen = false;
      },
    };
  }

  return { open };
}

/** Turns batches into the bytes of parts. */
function createWriter(scope: string, { at, totals: before }: Progress, recordsAPart: number) {
  let totals: Totals = before;
  let hash: Hash = createHash('sha256');
  let records = 0;
  let bytes = 0;

  function partEnd(position: string): Buffer {
    const sha256 = hash.digest('hex');
    totals = { ...totals, parts: totals.parts + 1, sha256: chained(totals.sha256, sha256) };
    const part: Part = {
      no: totals.parts,
      records,
      sha256,
      cursor: progressCursor(scope, { at, position, totals }),
    };
    hash = createHash('sha256');
    records = 0;
    bytes = 0;
    return Buffer.from(`${BEGINNINGS.part}${JSON.stringify(part)}}\n`);
  }

  return {
    add({ lines, declarations, items, events, next }: Batch): Buffer {
      const text = Buffer.from(lines);
      hash.update(text);
      records += declarations + items;
      bytes += text.length;
      totals = {
        ...totals,
        declarations: totals.declarations + declarations,
        items: totals.items + items,
        events: totals.events + events,
      };
      const isFull = records >= recordsAPart || bytes >= BYTES_A_PART;
      if (records === 0 || !(isFull || next === null)) return text;
      return Buffer.concat([text, partEnd(next ?? END)]);
    },
    totals: () => totals,
  };
}

/** @throws Failure `forbidden` */
function exporterOf(actor: Actor, org: string | undefined): string | undefined {
  if (actor.role !== 'exporter') return org;
  if (org === undefined || org === actor.org) return actor.org;
  throw new Failure('forbidden', 'forbidden', 'An exporter can export its own data only.');
}

function busy(): Failure {
  const message = `${MOST_AT_ONCE} exports are under way already; one that was cut can be resumed.`;
  return new Failure('unavailable', 'exports-busy', message, { retryAfterSeconds: TRY_AGAIN_AFTER_SECONDS });
}
