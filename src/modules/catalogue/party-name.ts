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

/** Legal forms that are written without blanks or in front, taken off before transliteration. */
const SCRIPT_LEGAL_FORMS =
  /股份有限公司|有限責任公司|有限责任公司|有限公司|株式会社|株式會社|有限会社|\(株\)|주식회사|유한회사|(?<!\p{L})(?:ООО|ОАО|ЗАО|ПАО|АО|ТОВ)(?!\p{L})|(?<!\p{L})شركة(?!\p{L})/giu;

const LEGAL_FORMS = new Set(
  (
    'co company corp corporation inc incorporated ltd limited llc llp lp plc pte pvt gmbh mbh ag kg kgaa ohg ug sa sas sarl sl srl spa ' +
    'nv bv ab as aps oy oyj kk sdn bhd pty cv sro doo zrt kft fze fzco fzc'
  ).split(' '),
);
const LEADING_LEGAL_FORMS = new Set(['ooo', 'oao', 'zao', 'pao', 'pt']);
/** Words between the parts of a legal form: "S.A. de C.V." */
const LINKS = new Set(['de', 'and']);

/** Personal names in Han characters are two to four long; the first is taken as the family name. */
const HAN_PERSON = /(?<!\p{L})(\p{Script=Han})(\p{Script=Han}{1,3})(?!\p{L})/gu;

/** The comparable form of `name`. Legal forms go from the end, where they stand, or from the front. */
export function partyName(name: string): PartyName {
  const native = name.slice(0, MAX_LENGTH).normalize('NFKC').replace(SCRIPT_LEGAL_FORMS, ' ');
  const kept = wordsOf(native.trim() === '' ? name.slice(0, MAX_LENGTH).normalize('NFKC') : native);
  const words = withoutLegalForms(kept);
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

function withoutLegalForms(words: readonly string[]): readonly string[] {
  let end = words.length;
  while (end > 0 && isForm(words[end - 1])) {
    end -= 1;
    while (end > 0 && LINKS.has(words[end - 1] ?? '') && isForm(words[end - 2])) end -= 1;
  }
  const kept = words.slice(LEADING_LEGAL_FORMS.has(words[0] ?? '') ? 1 : 0, end);
  return kept.join('').length < 3 ? words : kept;
}

function isForm(word: string | undefined): boolean {
  return word !== undefined && LEGAL_FORMS.has(word);
}
