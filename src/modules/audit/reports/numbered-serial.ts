/** The last number in a serial, and what stands around it. */
export interface NumberedSerial {
  readonly prefix: string;
  /** With leading zeros; at most 15 digits, which are still exact as a number. */
  readonly digits: string;
  readonly suffix: string;
}

const NUMBERED = /^(.*?)(\d{1,15})(\D*)$/s;

/** Null for a serial without a digit. */
export function numberIn(serial: string): NumberedSerial | null {
  const [, prefix, digits, suffix] = NUMBERED.exec(serial) ?? [];
  if (prefix === undefined || digits === undefined || suffix === undefined) return null;
  return { prefix, digits, suffix };
}
