import type { Request } from 'express';
import type { CursorPosition, CursorShape } from '../../kernel/cursor.ts';
import { decodeCursor, encodeCursor } from '../../kernel/cursor.ts';
import { nextLink } from './link.ts';

const PAGE = 50;

type Asking = { readonly request: Request; readonly query: unknown };

/**
 * What part of a list is asked for: how many, and after which position (null: from the start).
 * Ask the store for one more than `limit`, so that `page` sees whether there is a next one.
 * @throws Failure `cursor-invalid`
 */
export function pageAsked(call: Asking, shape: CursorShape): { limit: number; after: CursorPosition | null } {
  const { limit = PAGE, cursor } = call.query as { limit?: number; cursor?: string };
  return { limit, after: cursor === undefined ? null : decodeCursor(cursor, shape) };
}

/** The rows to show, and the header that names the next page where there is one. */
export function page<Row>(
  call: Asking,
  found: readonly Row[],
  limit: number,
  positionOf: (last: Row) => CursorPosition,
): { shown: readonly Row[]; headers: Record<string, string> } {
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  const more = found.length > limit && last !== undefined;
  return { shown, headers: more ? nextLink(call, encodeCursor(positionOf(last))) : {} };
}
