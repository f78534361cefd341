import { hash } from 'node:crypto';
import { encodeBase32 } from './base32.ts';

/** 26 digits of 5 bits: 130 bits of the hash. */
const DIGITS = 26;
const BYTES = Math.ceil((DIGITS * 5) / 8);
const ID_DIGITS = /^[0-9a-hjkmnp-tv-z]{26}$/;

/**
 * An id that follows from `parts`: the prefix, `_`, and the first 26 digits of the lower-case Crockford
 * base 32 of SHA-256 over the parts as a JSON array, which no other parts share. Same parts, same id.
 */
export function derivedId(prefix: string, ...parts: readonly string[]): string {
  const digest = hash('sha256', JSON.stringify(parts), 'buffer');
  return `${prefix}_${encodeBase32(digest.subarray(0, BYTES)).slice(0, DIGITS).toLowerCase()}`;
}

/** Whether `text` has the form that `derivedId` gives with this prefix. */
export function isDerivedId(prefix: string, text: string): boolean {
  return text.startsWith(`${prefix}_`) && ID_DIGITS.test(text.slice(prefix.length + 1));
}
