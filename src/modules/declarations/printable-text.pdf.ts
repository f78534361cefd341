import anyAscii from 'any-ascii';

/** What WinAnsi (Windows-1252), the encoding of the standard PDF fonts, holds beyond Latin-1. */
const BEYOND_LATIN_1 = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ';
const UNPRINTABLE = new RegExp(`[^\\u0020-\\u007e\\u00a0-\\u00ff${BEYOND_LATIN_1}]`, 'gu');
/** Put behind what is not printed as it was given. */
const MARK = ' †';

/** `text` as the standard PDF fonts can show it; where that takes another spelling, a dagger follows. */
export function printable(text: string): string {
  const composed = text.normalize('NFC').replaceAll(/\s+/g, ' ');
  const spelled = composed.replaceAll(UNPRINTABLE, (character) => anyAscii(character) || '?').trim();
  return spelled === composed.trim() ? spelled : spelled + MARK;
}

/** True when `printed` was spelled differently by `printable`. */
export function isRespelled(printed: string): boolean {
  return printed.endsWith(MARK);
}
