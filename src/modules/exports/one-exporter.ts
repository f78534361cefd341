import type { Actor } from '../../kernel/actor.ts';
import { invalidCursor } from '../../kernel/cursor.ts';
import type { Declaration, DeclarationStore, DeclarationSummary } from '../declarations/index.ts';
import type { ItemEvent, ItemRecord, RegisterStore } from '../register/index.ts';
import { ownPart } from '../register/index.ts';
import type { Batch, ExportSource } from './export-source.ts';
import { declarationLine, eventCount, itemLine, NO_MORE } from './export-source.ts';

/** Items, and declarations, that are read before others get their turn. */
const ITEMS_AT_ONCE = 100;
const DECLARATIONS_AT_ONCE = 50;
/** Events of one item that are read at once. */
const EVENTS_AT_ONCE = 10_000;
/** The declaration that was begun last, by when it was filed and its id, and how many of its items were looked at. */
const POSITION = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (\w{1,64}) (\d{1,6})$/;

/** Some of the items that a declaration names, from the one of this number on. */
interface Piece {
  readonly declaration: Declaration;
  readonly from: number;
  readonly ids: readonly string[];
}

/**
 * One exporter's declarations in order of filing, each followed by its items. An item that the exporter declared again
 * and again follows the declaration that the first event of the exporter's part of its history belongs to, and no
 * other: so each comes once, and nothing has to be remembered. An exporter gets items as it may see them, others whole.
 */
export function oneExporter(
  { declarations, register }: { declarations: DeclarationStore; register: RegisterStore },
  org: string,
  viewer: Actor,
): ExportSource {
  /** One with so many items that it is told of in several pieces. */
  let long: Declaration | null = null;

  async function declarationsAfter(after?: { filedAt: string; id: string }): Promise<Batch> {
    const listed = await declarations.list({
      org,
      limit: DECLARATIONS_AT_ONCE,
      ...(after === undefined ? {} : { after }),
    });
    const found = await Promise.all(fewOf(listed).map(({ id }) => declarations.find(id)));
    return batchOf(upToLong(found.filter((one) => one !== null).map((one) => pieceOf(one, 0))));
  }

  /** @throws Failure `cursor-invalid` unless it is one of the exporter's */
  async function declarationAt(id: string, filedAt: string): Promise<Declaration> {
    const found = long?.id === id ? long : await declarations.find(id);
    if (found === null || found.org !== org || found.filedAt !== filedAt) throw invalidCursor();
    return found;
  }

  async function batchOf(pieces: readonly Piece[]): Promise<Batch> {
    const last = pieces.at(-1);
    if (last === undefined) return NO_MORE;
    const named = [...new Set(pieces.flatMap(({ ids }) => ids))];
    const [items, histories] = await Promise.all([
      register.findItems(named),
      register.histories(named, EVENTS_AT_ONCE),
    ]);
    let lines = '';
    const records: ItemRecord[] = [];
    for (const { declaration, from, ids } of pieces) {
      if (from === 0) lines += declarationLine(declaration, viewer);
      for (const id of ids) {
        const found = items.get(id);
        const begun = histories.get(id) ?? [];
        const own = found === undefined ? null : ownPart(found.item, begun, org);
        if (found === undefined || own?.events[0]?.declarationId !== declaration.id) continue;
        const record = viewer.role === 'exporter' ? own : { ...found, events: await wholeHistory(id, begun) };
        lines += itemLine(record, viewer);
        records.push(record);
      }
    }
    const { declaration, from, ids } = last;
    long = declaration;
    return {
      lines,
      declarations: pieces.filter((piece) => piece.from === 0).length,
      items: records.length,
      events: eventCount(records),
      next: `${declaration.filedAt} ${declaration.id} ${from + ids.length}`,
    };
  }

  async function wholeHistory(itemId: string, begun: readonly ItemEvent[]): Promise<readonly ItemEvent[]> {
    const events = [...begun];
    for (let mayBeMore = begun.length === EVENTS_AT_ONCE; mayBeMore;) {
      const afterSeq = events.at(-1)?.seq ?? 0;
      const more = await register.history(itemId, { afterSeq, limit: EVENTS_AT_ONCE });
      events.push(...more);
      mayBeMore = more.length === EVENTS_AT_ONCE;
    }
    return events;
  }

  return {
    async read(position) {
      if (position === '') return declarationsAfter();
      const [, filedAt = '', id = '', done = ''] = POSITION.exec(position) ?? [];
      const piece = pieceOf(await declarationAt(id, filedAt), Number(done));
      return piece.ids.length > 0 ? batchOf([piece]) : declarationsAfter({ filedAt, id });
    },
  };
}

/** The first ones, with as many items as can be told of at once, or the first one alone. */
function fewOf(listed: readonly DeclarationSummary[]): readonly DeclarationSummary[] {
  let items = 0;
  const end = listed.findIndex(({ itemCount }, index) => (items += itemCount) > ITEMS_AT_ONCE && index > 0);
  return end < 0 ? listed : listed.slice(0, end);
}

function pieceOf(declaration: Declaration, from: number): Piece {
  return { declaration, from, ids: itemIdsOf(declaration).slice(from, from + ITEMS_AT_ONCE) };
}

/** The pieces up to the first that isn't all of its declaration: one that amendments dropped many items of. */
function upToLong(pieces: readonly Piece[]): readonly Piece[] {
  const end = pieces.findIndex(({ declaration, ids }) => ids.length < itemIdsOf(declaration).length);
  return end < 0 ? pieces : pieces.slice(0, end + 1);
}

/** All items that the declaration ever named, in order of line: an amendment only adds to the end of this. */
function itemIdsOf({ content, moves }: Declaration): string[] {
  const named = [...content.lines, ...moves.flatMap(({ dropped = [] }) => dropped)];
  return [...new Set(named.sort((a, b) => a.line - b.line).map(({ itemId }) => itemId))];
}
