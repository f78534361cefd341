import { hasValidCheckCharacter } from '../kernel/check-character.ts';

export interface ScannedNumber {
  /** With hyphens where it has the form of a certificate number, else as scanned. */
  readonly printed: string;
  /** The form and the check character fit. That doesn't say that the registry ever issued it. */
  readonly wellFormed: boolean;
}

const FORM = /^([A-Z]{2})(\d{4})(.{4})(.{4})(.{4})(.)$/;

/** The number that a certificate's QR code brought along in the page's address; null when there is none. */
export function scannedNumber(search: string): ScannedNumber | null {
  const scanned = new URLSearchParams(search).get('number')?.trim() ?? '';
  if (scanned === '') return null;
  const number = scanned.replaceAll(/[\s-]/g, '').toUpperCase();
  const parts = FORM.exec(number);
  if (parts === null || !hasValidCheckCharacter(number))
    return { printed: scanned.slice(0, 60), wellFormed: false };
  return { printed: parts.slice(1).join('-'), wellFormed: true };
}
