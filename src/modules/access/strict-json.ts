const STRINGS = /"(?:[^"\\]|\\.)*"/g;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function membersOf(value: unknown): number {
  let members = 0;
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    const inner: unknown[] = Object.values(next);
    if (!Array.isArray(next)) members += inner.length;
    for (const each of inner) open.push(each);
  }
  return members;
}

/**
 * The JSON object that `bytes` hold, or null when they are not UTF-8, not JSON, not an object, or name a
 * member twice in one object. RFC 7515 section 4 and RFC 7519 section 4 ask for unique names; two parsers
 * that pick different twins would read different tokens.
 */
export function parseJsonObject(bytes: Uint8Array): Record<string, unknown> | null {
  let text: string;
  let value: unknown;
  try {
    text = UTF8.decode(bytes);
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  // Valid JSON has one colon outside strings for every member written; a twin is written but not kept.
  const colons = text.replace(STRINGS, '').split(':').length - 1;
  return colons === membersOf(value) ? (value as Record<string, unknown>) : null;
}
