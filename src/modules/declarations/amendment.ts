import { serialKey } from '../../kernel/serial.ts';
import type { Catalogue } from '../catalogue/index.ts';
import type { Declaration, Line, LineInput } from './declaration.ts';
import { toLine } from './filing.ts';

export interface AmendedLines {
  readonly lines: readonly Line[];
  readonly added: readonly number[];
  readonly dropped: readonly Line[];
}

/**
 * The lines after an amendment gives the items anew. An item that was there before keeps its line number, so that
 * what was recorded about it stays its own; an item without a serial takes over the mark issued to its like, of
 * those marks that the amendment doesn't name itself.
 */
export function amendedLines(
  catalogue: Catalogue,
  declaration: Declaration,
  items: readonly LineInput[],
): AmendedLines {
  const before = declaration.content.lines;
  const makerOf = (item: LineInput) => catalogue.makerKey(item.maker);
  const bySerial = grouped(before, (line) => identity(line.makerKey, line, line.serial));
  const kept = items.map((item) =>
    item.serial === undefined ? undefined : bySerial.get(identity(makerOf(item), item, item.serial))?.shift(),
  );
  const named = new Set(kept);
  const unnamed = before.filter((line) => line.assignedMark && !named.has(line));
  const byLikeness = grouped(unnamed, (line) => likeness(line.makerKey, line));
  let next = lastLineNumber(declaration);
  const added: number[] = [];
  const lines = items.map((item, index) => {
    const line =
      kept[index] ??
      (item.serial === undefined ? byLikeness.get(likeness(makerOf(item), item))?.shift() : undefined);
    if (line !== undefined) {
      named.add(line);
      const same = toLine(
        catalogue,
        declaration.id,
        { ...item, serial: item.serial ?? line.serial },
        line.line,
      );
      return { ...same, assignedMark: line.assignedMark };
    }
    next += 1;
    added.push(next);
    return toLine(catalogue, declaration.id, item, next);
  });
  const dropped = before.filter((line) => !named.has(line));
  return { lines: lines.sort((a, b) => a.line - b.line), added, dropped };
}

/** Numbers of the lines of `before` that in `after` belong to another press, or to none any more. */
export function refittedLines(before: readonly Line[], after: readonly Line[]): number[] {
  const presses = new Map(before.map((line) => [line.line, line.pressId]));
  return after
    .filter((line) => presses.has(line.line) && presses.get(line.line) !== line.pressId)
    .map(({ line }) => line);
}

/** The highest number ever used, so that a new line never takes the number, and with it the mark, of a dropped one. */
function lastLineNumber(declaration: Declaration): number {
  const dropped = declaration.moves.flatMap((move) => move.dropped ?? []);
  return [...declaration.content.lines, ...dropped].reduce((last, { line }) => Math.max(last, line), 0);
}

function identity(makerKey: string, item: LineInput, serial: string): string {
  return JSON.stringify([makerKey, item.kind, serialKey(serial)]);
}

function likeness(makerKey: string, item: LineInput): string {
  return JSON.stringify([makerKey, item.kind, item.model ?? null]);
}

function grouped(lines: readonly Line[], keyOf: (line: Line) => string): Map<string, Line[]> {
  const groups = new Map<string, Line[]>();
  for (const line of lines) {
    const key = keyOf(line);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [line]);
    else group.push(line);
  }
  return groups;
}
