import type { Answer, Match, Verdict } from './answer.ts';

/** Unknown is never worded as fake. */
export const VERDICTS: Readonly<Record<Verdict, { readonly word: string; readonly meaning: string }>> = {
  clear: { word: 'Clear', meaning: 'Nothing on record speaks against this item.' },
  caution: { word: 'Caution', meaning: 'Read the reasons and compare the item before you decide.' },
  stop: { word: 'Stop', meaning: 'Something on record speaks against letting this item go.' },
  unknown: {
    word: 'Unknown',
    meaning: 'The register holds nothing that fits. That alone says nothing about the item.',
  },
};

const STATUSES: Readonly<Record<string, string>> = {
  declared: 'Declared, not verified yet',
  verified: 'Verified, not left yet',
  'under-review': 'Under review',
  refused: 'Refused',
  withdrawn: 'Withdrawn or expired',
  exported: 'Left, no arrival on record',
  arrived: 'Arrived',
  'not-shipped': 'Not shipped',
  lost: 'Recorded as lost',
  stolen: 'Recorded as stolen',
  seized: 'Recorded as seized',
  destroyed: 'Recorded as destroyed',
};

export function statusWords(status: string): string {
  return STATUSES[status] ?? sentence(status);
}

/** Whether an item in that state should not be on its way anywhere. */
export function isAlarming(status: string): boolean {
  return ['refused', 'lost', 'stolen', 'seized', 'destroyed'].includes(status);
}

/** A character told so that it can't be taken for its look-alike: `digit 0`, `О (U+041E)`. */
export function characterWords(character: string): string {
  if (/^\d$/.test(character)) return `digit ${character}`;
  if (/^[A-Z]$/.test(character)) return `letter ${character}`;
  const code = character.codePointAt(0) ?? 0;
  return `${character} (U+${code.toString(16).toUpperCase().padStart(4, '0')})`;
}

/** How well a match fits: a possible match until both serial and maker are exact. */
export function matchWords({ match, score }: Match, query: Answer['query']): string {
  if (match === 'confusable') return 'Possible match: look-alike characters differ';
  if (match === 'normalised') return 'Possible match: same serial but for case, spaces or marks';
  if (score < 1) return 'Possible match: same serial, but the maker or kind is not the one you gave';
  if (query.maker === undefined) return 'Possible match: same serial, compare the maker on the item';
  return 'Exact match: serial and maker';
}

/** `not-shipped` → `Not shipped`, `declarationId` → `Declaration id`. */
export function sentence(name: string): string {
  const words = name
    .replaceAll('-', ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** An instant of the API, to the minute, in UTC: the same for everybody who looks. */
export function instantWords(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
}
