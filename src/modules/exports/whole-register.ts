import type { Actor } from '../../kernel/actor.ts';
import { invalidCursor } from '../../kernel/cursor.ts';
import type { DeclarationStore } from '../declarations/index.ts';
import type { RegisterStore } from '../register/index.ts';
import type { ExportSource } from './export-source.ts';
import { declarationLine, eventCount, itemLine } from './export-source.ts';

/** So many are read before others get their turn: a few milliseconds. */
const AT_ONCE = 100;
/** Which kind of record comes next, and its store's position. */
const POSITION = /^([di]):([\w-]{0,80})$/;

/**
 * Every declaration, then every item with its history. In this order because a declaration is written before what
 * follows from it: while the registry works, an item may be ahead of its declaration, which says so itself, but what
 * a declaration says was recorded of its items is there.
 */
export function wholeRegister(
  { declarations, register }: { declarations: DeclarationStore; register: RegisterStore },
  viewer: Actor,
): ExportSource {
  async function someDeclarations(after: string | null) {
    const found = await declarations.page(after, AT_ONCE);
    const last = found.at(-1);
    return {
      lines: found.map((declaration) => declarationLine(declaration, viewer)).join(''),
      declarations: found.length,
      items: 0,
      events: 0,
      next: last === undefined ? 'i:' : `d:${last.id}`,
    };
  }

  async function someItems(from: string | null) {
    const { records, next } = await register.scan(from, AT_ONCE);
    let lines = '';
    for (const record of records) lines += itemLine(record, viewer);
    return {
      lines,
      declarations: 0,
      items: records.length,
      events: eventCount(records),
      next: next === null ? null : `i:${next}`,
    };
  }

  return {
    async read(position) {
      if (position === '') return someDeclarations(null);
      const [, kind, at] = POSITION.exec(position) ?? [];
      if (kind === undefined || at === undefined) throw invalidCursor();
      if (kind === 'i') return someItems(at === '' ? null : at);
      return someDeclarations(at);
    },
  };
}
