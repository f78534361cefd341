import { serialKey } from './serial.ts';

/** The fewest letters and digits a serial can have. */
const MIN_KEY_LENGTH = 3;

const ASCENDING = '01234567890';
const DESCENDING = '09876543210';
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** What people write when a form insists on a serial; as keys. */
const PLACEHOLDERS: ReadonlySet<string> = new Set(
  [
    'N/A, NA, NONE, NIL, NULL, NO, UNDEFINED, BLANK, EMPTY, MISSING, UNKNOWN, UNK, NOT KNOWN, NOT APPLICABLE',
    'NOT AVAILABLE, TBA, TBC, TBD, PENDING, TEST, DUMMY, SAMPLE, EXAMPLE, PLACEHOLDER, QWERTY, ASDF',
    'SN, SERIAL, SERIAL NO, SERIAL NUMBER, NUMBER, NO SERIAL, NO SERIAL NUMBER, NO NUMBER, WITHOUT SERIAL',
    'ILLEGIBLE, UNREADABLE, OBLITERATED, REMOVED, WORN, NO MARK, UNMARKED',
    'AUCUN, AUCUNE, INCONNU, SANS NUMERO, SANS NUMÉRO, NINGUNO, DESCONOCIDO, SIN NUMERO, SIN NÚMERO',
    'OHNE, KEINE, UNBEKANNT, НЕТ, НЕИЗВЕСТНО, БЕЗ НОМЕРА',
    '無, 无, 無し, なし, 沒有, 没有, 不明, 不詳, 不详, 未知, 未定, 待定, 空白, 無序號, 无序列号, 無號碼, 无编号',
    '序號, 序列號, 序列号, 編號, 编号, 製造番号, シリアル番号, 없음, 미상',
  ]
    .join(', ')
    .split(', ')
    .map(serialKey),
);

/** A label in front of the serial itself, longest first. */
const LABELS = ['SERIALNUMBER', 'SERIALNO', 'SERIAL', 'SN'];

/**
 * Why `serial` cannot be a serial number, as a sentence fragment ("only zeros"), or null where it can be.
 * Zeros, one repeated character and runs are what NCIC refuses; the words and the shortest length are this
 * registry's own choice. A label in front ("S/N 0000") does not help.
 */
export function junkReason(serial: string): string | null {
  const key = serialKey(serial);
  const label = LABELS.find((text) => key.startsWith(text) && key.length > text.length);
  const reason = fillerReason(key) ?? (label === undefined ? null : fillerReason(key.slice(label.length)));
  return reason ?? (key.length < MIN_KEY_LENGTH ? 'too short' : null);
}

function fillerReason(key: string): string | null {
  if (/^0+$/.test(key)) return 'only zeros';
  if (/^(.)\1+$/u.test(key)) return 'one character repeated';
  if (PLACEHOLDERS.has(key)) return 'a placeholder word';
  // "123" is a filler, but "456" may be somebody's 456th machine.
  const shortestRun = /^[01]/.test(key) ? 3 : 4;
  if (key.length < shortestRun) return null;
  if (ASCENDING.includes(key) || DESCENDING.includes(key)) return 'a run of consecutive digits';
  return key.length >= 4 && ALPHABET.startsWith(key) ? 'a run of consecutive letters' : null;
}
