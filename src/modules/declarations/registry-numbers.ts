import { hash } from 'node:crypto';
import { encodeBase32 } from '../../kernel/base32.ts';
import { checkCharacter, hasValidCheckCharacter } from '../../kernel/check-character.ts';
import { serialKey } from '../../kernel/serial.ts';

/**
 * The number of a verified declaration: ISO 3166-1 alpha-2 prefix, year, twelve Crockford base32 characters and an
 * ISO 7064 MOD 37,36 check character, without separators. Derived from the declaration's id and the count of its
 * amendments, so it is the same however often it is worked out, another after an amendment, and says nothing about how
 * many there are.
 */
export function declarationNumber(
  country: string,
  year: string,
  declarationId: string,
  amendments = 0,
): string {
  const issue = amendments === 0 ? [] : [String(amendments)];
  return withCheck(`${country}${year}${letters('number', declarationId, ...issue)}`);
}

/** The mark for an item whose maker gave no serial; `RM` stands for registry mark. */
export function registryMark(declarationId: string, line: number): string {
  return withCheck(`RM${letters('mark', declarationId, String(line))}`);
}

/** True for a serial that is a mark of the registry, in whatever form it was written: it says nothing of the maker's. */
export function isRegistryMark(serial: string): boolean {
  const key = serialKey(serial);
  return /^RM[0-9A-HJKMNP-TV-Z]{12}[0-9A-Z]$/.test(key) && hasValidCheckCharacter(key);
}

/** A number as somebody typed or scanned it, in its own form; null when its check character doesn't fit. */
export function parsedNumber(typed: string): string | null {
  const number = typed.replaceAll(/[\s-]/g, '').toUpperCase();
  return /^[A-Z]{2}\d{4}[0-9A-Z]{13}$/.test(number) && hasValidCheckCharacter(number) ? number : null;
}

/** A number with hyphens, as it is printed: `TW-2026-7ZK4-9QXM-2B1T-M`. */
export function printedNumber(number: string): string {
  const parts = /^(..)(....)(....)(....)(....)(.)$/.exec(number);
  return parts === null ? number : parts.slice(1).join('-');
}

function letters(...of: string[]): string {
  return encodeBase32(hash('sha256', JSON.stringify(of), 'buffer')).slice(0, 12);
}

function withCheck(text: string): string {
  return text + checkCharacter(text);
}
