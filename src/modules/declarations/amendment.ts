import { serialKey } from '../../kernel/serial.ts';
import type { Catalogue } from '../catalogue/index.ts';
import type { Declaration, Line, LineInput, LineName } from './declaration.ts';
import { toLine } from './filing.ts';

export interface AmendedLines {
  readonly lines: readonly Line[];
  readonly added: readonly number[];
  readonly dropped: readonly LineName[];
  /** Items whose line had a mark of the registry before, and keeps it. */
  readonly keepMark: ReadonlySet<LineInput>;
}

/**
 * The lines after an amendment gives the items anew. An item that was there before keeps its line number, so that
 * what was recorded about it stays its own. An item without a serial takes over a mark issued to its like, of those
 * marks that the amendment doesn't name itself: first one of the same kind, maker and model, else of the same kind and
 * maker.
 */
export function amendedLines(
  catalogue: Catalogue,
  declaration: Declaration,
  items: readonly LineInput[],
): AmendedLines {
  const before = declaration.content.lines;
  const makerKeys = items.map((item) => catalogue.makerKey(item.maker));
  const makerOf = (index: number): string => makerKeys[index] ?? '';
  const matched: (Line | undefined)[] = items.map(() => undefined);
  const taken = new Set<Line>();
  const match = (
    lines: readonly Line[],
    keyOf: (makerKey: string, item: LineInput) => string,
    candidates: (item: LineInput) => boolean,
  ): void => {
    const free = grouped(
      lines.filter((line) => !taken.has(line)),
      (line) => keyOf(line.makerKey, line),
    );
    items.forEach((item, index) => {
      if (matched[index] !== undefined || !candidates(item)) return;
      const line = free.get(keyOf(makerOf(index), item))?.shift();
      if (line === undefined) return;
      matched[index] = line;
      taken.add(line);
    });
  };
  match(before, identity, (item) => item.serial !== undefined);
  const marked = before.filter((line) => line.assignedMark);
  for (const keyOf of [likeness, family]) match(marked, keyOf, (item) => item.serial === undefined);

  let next = lastLineNumber(declaration);
  const added: number[] = [];
  const keepMark = new Set<LineInput>();
  const lines = items.map((item, index) => {
    const line = matched[index];
    if (line !== undefined) {
      if (line.assignedMark) keepMark.add(item);
      return toLine(catalogue, declaration.id, { ...item, serial: item.serial ?? line.serial }, line.line);
    }
    next += 1;
    added.push(next);
    return toLine(catalogue, declaration.id, item, next);
  });
  const gone = before.filter((line) => !taken.has(line));
  const dropped = gone.map(({ line, itemId }) => ({ line, itemId }));
  return { lines: lines.sort((a, b) => a.line - b.line), added, dropped, keepMark };
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

function identity(makerKey: string, item: LineInput): string {
  return JSON.stringify([makerKey, item.kind, serialKey(item.serial ?? '')]);
}

function likeness(makerKey: string, item: LineInput): string {
  return JSON.stringify([makerKey, item.kind, item.model ?? null]);
}

function family(makerKey: string, item: LineInput): string {
  return JSON.stringify([makerKey, item.kind]);
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
