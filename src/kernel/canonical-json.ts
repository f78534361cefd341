/** With the u flag a surrogate that is half of a pair is not matched. */
const LONE_SURROGATE = /[\uD800-\uDFFF]/u;
/** Printable ASCII without quote and backslash: needs no escape and holds no surrogate. */
const PLAIN = /^[ !#-[\]-~]*$/;

/**
 * `value` in the JSON Canonicalization Scheme (RFC 8785): members sorted by UTF-16 code units, numbers and
 * strings as ECMAScript writes them, no white space. Members that are `undefined` are left out.
 * @throws TypeError for what I-JSON cannot hold: undefined elsewhere, NaN and infinities, bigints, functions,
 * symbols, lone surrogates, cycles, and objects other than arrays and plain objects (a Date, a Map).
 */
export function canonicalJson(value: unknown): string {
  return write(value, []);
}

function write(value: unknown, ancestors: object[]): string {
  switch (typeof value) {
    case 'string':
      return writeString(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError('canonical JSON has no NaN and no infinity');
      return String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : writeNested(value, ancestors);
    case 'bigint':
    case 'function':
    case 'symbol':
    case 'undefined':
      throw new TypeError(`canonical JSON has no ${typeof value}`);
  }
}

function writeString(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  if (LONE_SURROGATE.test(text)) throw new TypeError('canonical JSON has no lone surrogates');
  return JSON.stringify(text);
}

function writeNested(value: object, ancestors: object[]): string {
  if (ancestors.includes(value)) throw new TypeError('canonical JSON has no cycles');
  ancestors.push(value);
  const text = Array.isArray(value) ? writeArray(value, ancestors) : writeObject(value, ancestors);
  ancestors.pop();
  return text;
}

function writeArray(elements: readonly unknown[], ancestors: object[]): string {
  let text = '';
  for (const element of elements) text += `${text === '' ? '' : ','}${write(element, ancestors)}`;
  return `[${text}]`;
}

function writeObject(value: object, ancestors: object[]): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError('canonical JSON has no objects but arrays and plain ones');
  }
  const members = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const name of Object.keys(members).sort()) {
    const member = members[name];
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${writeString(name)}:${write(member, ancestors)}`;
  }
  return `{${text}}`;
}
