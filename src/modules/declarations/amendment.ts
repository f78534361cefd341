import type { Catalogue } from '../catalogue/index.ts';
import { itemIdOf } from '../register/index.ts';
import type { Declaration, Line, LineInput } from './declaration.ts';
import { toLine } from './filing.ts';

export interface AmendedLines {
  readonly lines: readonly Line[];
  readonly added: readonly number[];
  readonly dropped: readonly Line[];
}

/**
 * The lines after an amendment gives the items anew. An item that was there before keeps its line number, so that
 * what was recorded about it stays its own; an item without a serial takes over the mark issued to its like.
 */
export function amendedLines(catalogue: Catalogue, declaration: Declaration, items: readonly LineInput[]): AmendedLines {
  const before = [...declaration.content.lines];
  let next = Math.max(0, ...allLineNumbers(declaration));
  const added: number[] = [];
  const lines = items.map((item) => {
    const index = before.findIndex((line) => isLike(catalogue, line, item));
    const [kept] = index === -1 ? [] : before.splice(index, 1);
    if (kept !== undefined) {
      return { ...toLine(catalogue, declaration.id, { ...item, serial: item.serial ?? kept.serial }, kept.line), assignedMark: kept.assignedMark };
    }
    next += 1;
    added.push(next);
    return toLine(catalogue, declaration.id, item, next);
  });
  return { lines: lines.sort((a, b) => a.line - b.line), added, dropped: before };
}

/** Numbers ever used, so that a new line never takes the number, and with it the mark, of a dropped one. */
function allLineNumbers(declaration: Declaration): number[] {
  const dropped = declaration.moves.flatMap((move) => move.dropped ?? []);
  return [...declaration.content.lines, ...dropped].map((line) => line.line);
}

function isLike(catalogue: Catalogue, line: Line, item: LineInput): boolean {
  const maker = catalogue.makerKey(item.maker);
  if (item.serial !== undefined) return line.itemId === itemIdOf({ maker, kind: item.kind, serial: item.serial });
  return line.assignedMark && line.kind === item.kind && line.makerKey === maker && line.model === item.model;
}
