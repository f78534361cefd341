/** Legal forms that are written without blanks or in front of a name, in any case. */
export const SCRIPT_LEGAL_FORMS =
  /股份有限公司|有限責任公司|有限责任公司|有限公司|株式会社|株式會社|有限会社|\(株\)|주식회사|유한회사|(?<!\p{L})(?:ООО|ОАО|ЗАО|ПАО|АО|ТОВ)(?!\p{L})|(?<!\p{L})شركة(?!\p{L})/giu;

const TRAILING = new Set(
  (
    'co company corp corporation inc incorporated ltd limited llc llp lp plc pte pvt gmbh mbh ag kg kgaa ohg ug sa sas sarl sl srl spa ' +
    'nv bv ab as aps oy oyj kk sdn bhd pty cv sro doo zrt kft fze fzco fzc 株'
  ).split(' '),
);
const LEADING = new Set(['ooo', 'oao', 'zao', 'pao', 'pt', '株']);
/** Words between the parts of a legal form: "S.A. de C.V." */
const LINKS = new Set(['de', 'and']);

/**
 * Lower-case words without the legal forms at their end and the one in front; perhaps none.
 * @param mostInitials as many words of one letter in a row, such as "s p a", may be one form
 */
export function withoutLegalForms(words: readonly string[], mostInitials = 1): readonly string[] {
  let end = words.length;
  for (let length = 1; length > 0; end -= length) {
    while (LINKS.has(words[end - 1] ?? '') && end < words.length && formAt(words, end - 1, mostInitials) > 0)
      end -= 1;
    length = formAt(words, end, mostInitials);
  }
  return words.slice(LEADING.has(words[0] ?? '') ? 1 : 0, end);
}

/** Of how many words the legal form before `end` consists; 0 when there is none. */
function formAt(words: readonly string[], end: number, mostInitials: number): number {
  if (TRAILING.has(words[end - 1] ?? '')) return 1;
  for (let length = Math.min(mostInitials, end); length > 1; length -= 1) {
    const initials = words.slice(end - length, end);
    if (initials.every((word) => word.length === 1) && TRAILING.has(initials.join(''))) return length;
  }
  return 0;
}
