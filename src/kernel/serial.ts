/** The longest serial the register accepts as marked, in UTF-16 code units. */
export const MAX_SERIAL_LENGTH = 80;

/** One way in which a serial as read differs from the serial as marked. */
export interface SerialDifference {
  /** Index into `serialKey` of the marked serial, in UTF-16 code units; -1 for `form`. */
  readonly position: number;
  readonly read: string;
  readonly marked: string;
  /** `confusable`: look-alike characters. `form`: only case, spacing, punctuation or width differ. */
  readonly kind: 'confusable' | 'form';
}

/** Latin characters that are taken for one another on plates and in print: NCIC, ATF and OCR practice. */
const LATIN_CONFUSABLES: Readonly<Record<string, string>> = {
  '0': 'OQ',
  '1': 'IL',
  '2': 'Z',
  '5': 'S',
  '6': 'G',
  '8': 'B',
};

/**
 * Characters that look like a Latin letter or a digit, from UTS #39 (Unicode Security Mechanisms,
 * confusables.txt): the scripts that keyboards and copied texts bring in, not the whole list.
 * A key is upper case, so a small letter is judged by its capital: Greek nu counts as N, not as v.
 * Capital I with dot (U+0130) is not in that list; it is what Turkish case rules make of a small i.
 */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  // Greek, Cyrillic, Armenian, Cherokee, then Latin letters outside ASCII and the ideographic zero.
  A: '\u0391' + '\u0410' + '\u13AA' + '\u2C6D',
  B: '\u0392' + '\u0412\u042C' + '\u13F4',
  C: '\u0421' + '\u13DF',
  D: '\u0500' + '\u13A0',
  E: '\u0395' + '\u0415' + '\u13AC',
  F: '\u03DC',
  G: '\u050C' + '\u13C0\u13F3' + '\uA7AC',
  H: '\u0397' + '\u041D\u04BA' + '\u13BB',
  I: '\u0399' + '\u0406\u04C0' + '\u0130\u0196\u01C0\uA7AE',
  J: '\u037F' + '\u0408' + '\u13AB',
  K: '\u039A' + '\u041A' + '\u13E6',
  L: '\u13DE',
  M: '\u039C\u03FA' + '\u041C' + '\u13B7',
  N: '\u039D',
  O: '\u039F' + '\u041E' + '\u0555' + '\u3007',
  P: '\u03A1' + '\u0420' + '\u13E2',
  Q: '\u051A',
  R: '\u13A1\u13D2',
  S: '\u0405' + '\u054F' + '\u13D5\u13DA',
  T: '\u03A4' + '\u0422' + '\u13A2',
  U: '\u054D',
  V: '\u0474' + '\u13D9',
  W: '\u051C' + '\u13B3\u13D4',
  X: '\u03A7' + '\u0425',
  Y: '\u03A5' + '\u0423\u04AE' + '\u13A9\u13BD',
  Z: '\u0396' + '\u13C3',
  '3': '\u0417\u04E0',
  '4': '\u13CE',
  '6': '\u13EE',
};

const NEITHER_LETTER_NOR_DIGIT = /[^\p{L}\p{N}]+/gu;
const FOLDS = foldTable();
const ASCII_KEYS = asciiTable((character) => character);
const ASCII_FOLDS = asciiTable((character) => FOLDS.get(character) ?? character);

/**
 * The identity of a serial: NFKC, upper-cased, everything but letters and digits dropped.
 * Idempotent for any string, lone surrogates included.
 */
export function serialKey(serial: string): string {
  return mapAscii(serial, ASCII_KEYS) ?? unicodeKey(serial);
}

/**
 * `serialKey` with confusable characters folded, so that serials which are easily misread as one another
 * are equal. Idempotent, as long as the key, and the same for a serial and its key.
 */
export function serialFold(serial: string): string {
  const folded = mapAscii(serial, ASCII_FOLDS);
  if (folded !== null) return folded;
  let text = '';
  for (const character of unicodeKey(serial)) text += FOLDS.get(character) ?? character;
  return text;
}

/**
 * What sets a serial as read apart from the marked one: each confusable character or, where the keys are
 * equal, the form. Empty when both are the same text.
 * @throws RangeError when the two differ by more than that (their folds differ).
 */
export function differences(asRead: string, asMarked: string): SerialDifference[] {
  if (asRead === asMarked) return [];
  if (serialFold(asRead) !== serialFold(asMarked)) {
    throw new RangeError('the serials differ by more than form and confusable characters');
  }
  const readKey = serialKey(asRead);
  const markedKey = serialKey(asMarked);
  if (readKey === markedKey) return [{ kind: 'form', position: -1, read: asRead, marked: asMarked }];
  const found: SerialDifference[] = [];
  for (let position = 0; position < markedKey.length; position += 1) {
    const read = readKey.charAt(position);
    const marked = markedKey.charAt(position);
    if (read !== marked) found.push({ kind: 'confusable', position, read, marked });
  }
  return found;
}

/** Dropping a character can bring two others together that NFKC then composes, hence until it stands still. */
function unicodeKey(serial: string): string {
  let key = serial;
  for (;;) {
    const next = key.normalize('NFKC').toUpperCase().replace(NEITHER_LETTER_NOR_DIGIT, '');
    if (next === key) return key;
    key = next;
  }
}

/** `text` with every ASCII character replaced by its entry in `table`; null at the first other character. */
function mapAscii(text: string, table: readonly string[]): string | null {
  let mapped = '';
  for (let index = 0; index < text.length; index += 1) {
    const entry = table[text.charCodeAt(index)];
    if (entry === undefined) return null;
    mapped += entry;
  }
  return mapped;
}

function asciiTable(map: (character: string) => string): readonly string[] {
  return Array.from({ length: 128 }, (_, code) => {
    const character = String.fromCharCode(code).toUpperCase();
    return /[0-9A-Z]/.test(character) ? map(character) : '';
  });
}

/** Both tables in one step, every entry one UTF-16 code unit long: positions in key and fold are the same. */
function foldTable(): ReadonlyMap<string, string> {
  const folds = new Map<string, string>();
  for (const [target, sources] of Object.entries(LATIN_CONFUSABLES)) {
    for (const source of sources) folds.set(source, target);
  }
  for (const [target, sources] of Object.entries(LOOK_ALIKES)) {
    for (const source of sources) folds.set(source, folds.get(target) ?? target);
  }
  return folds;
}
