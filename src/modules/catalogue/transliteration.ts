import anyAscii from 'any-ascii';

/** `text` in ASCII: Cyrillic and Greek letter by letter, Han by Mandarin reading, Arabic by its written consonants. */
export function toAscii(text: string): string {
  return anyAscii(text);
}
