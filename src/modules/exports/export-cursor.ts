import { hash } from 'node:crypto';
import type { Instant } from '../../kernel/clock.ts';
import { decodeCursor, encodeCursor, invalidCursor } from '../../kernel/cursor.ts';
import type { Totals } from './export.ts';

/** Where an export goes on. All of it is in the cursor: the registry keeps nothing about exports. */
export interface Progress {
  /** When it was begun. */
  readonly at: Instant;
  /** Of the source; empty at its beginning. */
  readonly position: string;
  readonly totals: Totals;
}

const SHAPE = ['string', 'string', 'string', 'number', 'number', 'number', 'number', 'string'] as const;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const DIGEST = /^[0-9a-f]{64}$/;

/** Names what is exported, so that a cursor is good for nothing else. */
export function scopeOf(registerId: string, exporter: string | undefined, histories: string): string {
  return hash('sha256', JSON.stringify([registerId, exporter ?? null, histories]), 'hex').slice(0, 16);
}

export function progressCursor(scope: string, { at, position, totals }: Progress): string {
  const { parts, declarations, items, events, sha256 } = totals;
  return encodeCursor([scope, at, position, parts, declarations, items, events, sha256]);
}

/** @throws Failure `cursor-invalid` for one that no export of this scope gave; its position is for the source to judge */
export function progressIn(cursor: string, scope: string): Progress {
  const [given, at, position, parts, declarations, items, events, sha256] = decodeCursor(cursor, SHAPE) as [
    string,
    string,
    string,
    number,
    number,
    number,
    number,
    string,
  ];
  const counts = [parts, declarations, items, events];
  const isGood =
    given === scope &&
    INSTANT.test(at) &&
    position !== '' &&
    DIGEST.test(sha256) &&
    parts > 0 &&
    counts.every((count) => Number.isSafeInteger(count) && count >= 0);
  if (!isGood) throw invalidCursor();
  return { at, position, totals: { parts, declarations, items, events, sha256 } };
}
