/** Crockford's base 32 alphabet: no I, L, O or U. https://www.crockford.com/base32.html */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const VALUES = decodingTable();

/** `bytes` in Crockford's base 32: upper case, most significant bit first, no padding characters. */
export function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += DIGITS.charAt((buffer >>> bits) & 31);
    }
    buffer &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + DIGITS.charAt((buffer << (5 - bits)) & 31);
}

/**
 * The bytes that `encodeBase32` turned into `text`. Reads what people make of it: either case, O for 0,
 * I and L for 1, hyphens anywhere. Null for any other character, an impossible length, or leftover bits
 * that are not zero.
 */
export function decodeBase32(text: string): Uint8Array | null {
  const bytes: number[] = [];
  let buffer = 0;
  let bits = 0;
  for (const character of text) {
    if (character === '-') continue;
    const value = VALUES.get(character);
    if (value === undefined) return null;
    buffer = (buffer << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push(buffer >>> bits);
      buffer &= (1 << bits) - 1;
    }
  }
  return bits >= 5 || buffer !== 0 ? null : Uint8Array.from(bytes);
}

function decodingTable(): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  [...DIGITS].forEach((digit, value) => values.set(digit, value).set(digit.toLowerCase(), value));
  for (const zero of 'Oo') values.set(zero, 0);
  for (const one of 'IiLl') values.set(one, 1);
  return values;
}
