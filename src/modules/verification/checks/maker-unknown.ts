import { junkReason } from '../../../kernel/junk-serial.ts';
import { serialKey } from '../../../kernel/serial.ts';
import type { Finding, Line } from '../../declarations/index.ts';
import type { Facts } from '../facts.ts';
import { linesNamed, quoted } from '../../../kernel/wording.ts';

/** What forms are filled in with instead of a maker, besides what stands for a serial; as keys. */
const NO_MAKERS: ReadonlySet<string> = new Set(
  [
    'maker',
    'manufacturer',
    'unknown maker',
    'unknown manufacturer',
    'no name',
    'no brand',
    'unbranded',
    'various',
  ]
    .concat(['generic', 'other'])
    .map(serialKey),
);

/**
 * `maker-unknown`: a maker that the catalogue doesn't know (info), or a word that names none, such as `N/A` (warning).
 * One finding a maker, naming the lines.
 */
export function makerUnknown({ catalogue, lines }: Facts): Finding[] {
  const unknown = new Map<string, Line[]>();
  for (const { line } of lines) {
    const alike = unknown.get(line.makerKey);
    if (alike !== undefined) alike.push(line);
    else if (catalogue.findMaker(line.maker) === null) unknown.set(line.makerKey, [line]);
  }
  return [...unknown.values()].flatMap((alike) => {
    const [first] = alike;
    return first === undefined
      ? []
      : [
          finding(
            first,
            alike.map((line) => line.line),
          ),
        ];
  });
}

function finding({ maker, makerKey, itemId, line }: Line, lines: readonly number[]): Finding {
  const junk = namesNobody(makerKey);
  const what = junk ? 'names no maker' : 'is no maker that the catalogue knows';
  return {
    code: 'maker-unknown',
    level: junk ? 'warning' : 'info',
    ...(lines.length === 1 ? { line, itemId } : {}),
    because: `${quoted(maker)}, given as the maker on ${linesNamed(lines)}, ${what}.`,
    evidence: { maker, lines },
  };
}

/** Short names and alphabetical ones are no proof of anything here: makers are called 3M or ABCD. */
function namesNobody(makerKey: string): boolean {
  const reason = junkReason(makerKey);
  const tolerated = reason === null || reason === 'too short' || reason === 'a run of consecutive letters';
  return !tolerated || NO_MAKERS.has(serialKey(makerKey));
}
