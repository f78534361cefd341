const NOT_A_LETTER_OR_DIGIT = /[^\p{L}\p{M}\p{N}]+/gu;

// Lower-casing may undo NFKC, so it is done in between.
function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC');
}

/** A key that two spellings share when they differ in case, width, spaces or punctuation alone. */
export function spellingKey(name: string): string {
  return folded(name).replace(NOT_A_LETTER_OR_DIGIT, '');
}

/** A name as a readable key: letters and digits in lower case, everything between them one '-'. Idempotent. */
export function makerKeyOf(name: string): string {
  return folded(name).replace(NOT_A_LETTER_OR_DIGIT, '-').replace(/^-|-$/g, '');
}
