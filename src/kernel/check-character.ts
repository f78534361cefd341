const CHARACTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const M = CHARACTERS.length;

/**
 * The check character of `text` by ISO/IEC 7064, hybrid system MOD 37,36, over the digits and capital letters.
 * It reveals every single substituted character, and 629 of 630 swaps of two different neighbours (the tests
 * count them); it is not for correcting.
 * @throws RangeError when `text` is empty or holds anything else.
 */
export function checkCharacter(text: string): string {
  return CHARACTERS.charAt((M + 1 - carryOf(text)) % M);
}

/** Whether the last character of `text` is the check character of the rest; false for anything malformed. */
export function hasValidCheckCharacter(text: string): boolean {
  if (!/^[0-9A-Z]{2,}$/.test(text)) return false;
  return checkCharacter(text.slice(0, -1)) === text.slice(-1);
}

/** The product carried after the last character: 1 to 36. */
function carryOf(text: string): number {
  if (text === '') throw new RangeError('a check character needs at least one character before it');
  let product = M;
  for (const character of text) {
    const value = CHARACTERS.indexOf(character);
    if (value < 0) throw new RangeError('a check character covers only 0-9 and A-Z');
    const sum = (product + value) % M;
    product = ((sum === 0 ? M : sum) * 2) % (M + 1);
  }
  return product;
}
