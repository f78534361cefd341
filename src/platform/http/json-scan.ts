/** What is wrong with a JSON text that a parser would refuse or silently repair. */
export type JsonFlaw =
  | { readonly kind: 'syntax'; readonly position: number }
  | { readonly kind: 'duplicate-key'; readonly path: string }
  | { readonly kind: 'too-deep'; readonly path: string };

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// eslint-disable-next-line no-control-regex -- RFC 8259 section 7 forbids exactly these unescaped
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const LITERAL = /true|false|null/y;
const SPACE = /[ \t\n\r]*/y;

/** Carries the first flaw out of the recursion. */
class Flawed extends Error {
  readonly flaw: JsonFlaw;
  constructor(flaw: JsonFlaw) {
    super(flaw.kind);
    this.flaw = flaw;
  }
}

/** `path` with one member more: `items[3].serial`. */
export function memberPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/**
 * The first flaw of a JSON text (RFC 8259), or null. Slow: for texts already known to be flawed.
 * @param maxDepth arrays and objects inside one another
 */
export function findJsonFlaw(text: string, maxDepth: number): JsonFlaw | null {
  let position = 0;

  function fail(): never {
    throw new Flawed({ kind: 'syntax', position });
  }
  function take(pattern: RegExp): string | null {
    pattern.lastIndex = position;
    const found = pattern.exec(text)?.[0] ?? null;
    if (found !== null) position += found.length;
    return found;
  }
  function takeCharacter(character: string): boolean {
    take(SPACE);
    if (text[position] !== character) return false;
    position += 1;
    return true;
  }
  function value(path: string, depth: number): void {
    if (depth > maxDepth) throw new Flawed({ kind: 'too-deep', path });
    if (takeCharacter('{')) object(path, depth);
    else if (takeCharacter('[')) array(path, depth);
    else if (take(STRING) === null && take(NUMBER) === null && take(LITERAL) === null) fail();
  }
  function array(path: string, depth: number): void {
    if (takeCharacter(']')) return;
    for (let index = 0; ; index += 1) {
      value(`${path}[${index}]`, depth + 1);
      if (takeCharacter(']')) return;
      if (!takeCharacter(',')) fail();
    }
  }
  function object(path: string, depth: number): void {
    if (takeCharacter('}')) return;
    const names = new Set<string>();
    for (;;) {
      take(SPACE);
      const raw = take(STRING) ?? fail();
      const name = JSON.parse(raw) as string;
      const inner = memberPath(path, name);
      if (names.has(name)) throw new Flawed({ kind: 'duplicate-key', path: inner });
      names.add(name);
      if (!takeCharacter(':')) fail();
      value(inner, depth + 1);
      if (takeCharacter('}')) return;
      if (!takeCharacter(',')) fail();
    }
  }

  try {
    value('', 0);
    take(SPACE);
    return position === text.length ? null : { kind: 'syntax', position };
  } catch (error) {
    if (error instanceof Flawed) return error.flaw;
    throw error;
  }
}

/** How many colons stand outside strings: one a member in a valid JSON text. */
export function countMembers(text: string): number {
  let count = 0;
  let index = 0;
  for (;;) {
    const quote = text.indexOf('"', index);
    const end = quote < 0 ? text.length : quote;
    for (let at = index; at < end; at += 1) if (text.charCodeAt(at) === 58) count += 1;
    if (quote < 0) return count;
    index = endOfString(text, quote);
  }
}

function endOfString(text: string, quote: number): number {
  let index = quote + 1;
  for (;;) {
    const end = text.indexOf('"', index);
    if (end < 0) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === 92) backslashes += 1;
    if (backslashes % 2 === 0) return end + 1;
    index = end + 1;
  }
}
