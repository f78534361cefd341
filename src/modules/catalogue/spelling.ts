import { SCRIPT_LEGAL_FORMS, withoutLegalForms } from './legal-form.ts';

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

/** Legal forms are met as up to so many single letters: "S.p.A.", "S. A. R. L." */
const MOST_INITIALS = 4;

/**
 * A maker key without the company's legal form, so that "Acme Press Co., Ltd." and "Acme Press" share one; the whole
 * key when nothing else would be left. Idempotent.
 */
export function bareMakerKey(key: string): string {
  const words = makerKeyOf(key.replace(SCRIPT_LEGAL_FORMS, '-')).split('-');
  const bare = withoutLegalForms(words, MOST_INITIALS).join('-');
  return bare === '' || bare === key ? key : bareMakerKey(bare);
}
