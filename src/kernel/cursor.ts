import { Failure } from './failure.ts';

/** Where a page ended: the values of the sort keys of its last row. */
export type CursorPosition = readonly (string | number)[];
export type CursorShape = readonly ('string' | 'number')[];

/**
 * An opaque, stateless cursor: base64url of the position as JSON. It is not signed and holds no secret.
 * @throws TypeError for a number that JSON cannot hold.
 */
export function encodeCursor(position: CursorPosition): string {
  if (!position.every(isWritable)) throw new TypeError('a cursor holds strings and finite numbers');
  return Buffer.from(JSON.stringify(position), 'utf8').toString('base64url');
}

/**
 * The position that `encodeCursor` put into `cursor`.
 * @throws Failure `cursor-invalid` unless `cursor` is exactly what encoding a position of `shape` gives.
 */
export function decodeCursor(cursor: string, shape: CursorShape): (string | number)[] {
  const position = parsed(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!hasShape(position, shape) || encodeCursor(position) !== cursor) {
    throw invalidCursor();
  }
  return position;
}

/** The failure `cursor-invalid`. */
export function invalidCursor(): Failure {
  const message = 'The cursor is not one that this list gave out.';
  return new Failure('invalid', 'cursor-invalid', message, {
    faults: [{ field: 'cursor', code: 'cursor-invalid', message }],
  });
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function hasShape(value: unknown, shape: CursorShape): value is (string | number)[] {
  if (!Array.isArray(value) || value.length !== shape.length) return false;
  return value.every((part: unknown, index) => typeof part === shape[index] && isWritable(part));
}

function isWritable(part: unknown): boolean {
  return typeof part === 'string' || Number.isFinite(part);
}
