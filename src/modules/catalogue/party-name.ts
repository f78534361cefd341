import { SCRIPT_LEGAL_FORMS, withoutLegalForms } from './legal-form.ts';
import { toAscii } from './transliteration.ts';

/** A name made comparable: order, case, script, punctuation and legal form no longer matter. */
export interface PartyName {
  /** Words in ASCII lower case, in the order given, without legal forms unless little else is left. */
  readonly words: readonly string[];
  /** The words sorted, with a blank between. */
  readonly sorted: string;
  /** The words in the order given, run together: finds names that differ in word breaks alone. */
  readonly compact: string;
}

/** Names are compared on this many characters; nobody's name is longer. */
const MAX_LENGTH = 300;
/** What is left of a name without its legal form says something only when it has so many characters. */
const LEAST_LENGTH = 3;

/** Personal names in Han characters are two to four long; the first is taken as the family name. */
const HAN_PERSON = /(?<!\p{L})(\p{Script=Han})(\p{Script=Han}{1,3})(?!\p{L})/gu;

/** The comparable form of `name`. Legal forms go from the end, where they stand, or from the front. */
export function partyName(name: string): PartyName {
  const native = name.slice(0, MAX_LENGTH).normalize('NFKC').replace(SCRIPT_LEGAL_FORMS, ' ');
  const kept = wordsOf(native.trim() === '' ? name.slice(0, MAX_LENGTH).normalize('NFKC') : native);
  const bare = withoutLegalForms(kept);
  const words = bare.join('').length < LEAST_LENGTH ? kept : bare;
  return { words, sorted: words.toSorted().join(' '), compact: words.join('') };
}

function wordsOf(text: string): string[] {
  return toAscii(text.replace(HAN_PERSON, '$1 $2'))
    .toLowerCase()
    .replace(/\b([a-z])\/([a-z])\b/g, '$1$2') // A/S
    .replace(/(?<![a-z0-9])(?:[a-z]\.)+[a-z](?![a-z0-9])/g, (initials) => initials.replaceAll('.', '')) // S.A.
    .replace(/['`]/g, '')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
