import type { Finding, FindingLevel, Line } from '../../declarations/index.ts';
import type { Item, ItemWithHead } from '../../register/index.ts';
import type { Facts, LineFacts } from '../facts.ts';
import { aboutLine, mistypedIn, nameOf } from './check.ts';

/**
 * `confusable-twin`: a serial that reads like that of another item (`A0B8`, `AOBB`; domain: characters confused in
 * practice), in the register or on an earlier line. A warning when the twin is of the same maker or the same kind,
 * else an info; an info too when the registered twin is a line that this declaration brought into the register and then
 * dropped, which is how a corrected typing error looks. What the registered twin is, only the evidence says.
 */
export function confusableTwin(facts: Facts): Finding[] {
  const own = new Set(facts.lines.map(({ line }) => line.itemId));
  const isMistyped = mistypedIn(facts.declaration);
  const shared = foldsOfSeveralKeys(facts.lines);
  const seen = createSeenSerials();
  return facts.lines.flatMap((lineFacts) => [
    ...registeredTwins(facts, lineFacts, own, isMistyped),
    ...(shared.has(lineFacts.item.serialFold) ? earlierTwin(facts, lineFacts, seen.twinOf(lineFacts)) : []),
  ]);
}

function registeredTwins(
  facts: Facts,
  { line, item, twins }: LineFacts,
  own: ReadonlySet<string>,
  isHarmless: (twin: ItemWithHead) => boolean,
): Finding[] {
  if (twins.length === 0) return [];
  const others = twins.filter((twin) => !own.has(twin.item.itemId));
  if (others.length === 0) return [];
  const near = others.some((twin) => isNear(item, twin.item) && !isHarmless(twin));
  const because = `The serial of the ${nameOf(facts, line)} is easily misread as that of another registered item.`;
  const evidence = {
    twins: others.map((twin) => twin.item.itemId),
    serials: others.map((twin) => twin.item.serial),
    makers: others.map((twin) => twin.item.maker),
    kinds: others.map((twin) => twin.item.kind),
  };
  return [aboutLine(line, { code: 'confusable-twin', level: near ? 'warning' : 'info', because, evidence })];
}

function earlierTwin(facts: Facts, { line }: LineFacts, twin: EarlierTwin | null): Finding[] {
  if (twin === null) return [];
  const other = nameOf(facts, twin.line);
  const because = `The serial of the ${nameOf(facts, line)} is easily misread as that of the ${other} on line ${twin.line.line}.`;
  const evidence = { twins: [twin.line.itemId], lines: [twin.line.line] };
  return [aboutLine(line, { code: 'confusable-twin', level: twin.level, because, evidence })];
}

/** The few folds among the lines that can hold twins at all. */
function foldsOfSeveralKeys(lines: readonly LineFacts[]): ReadonlySet<string> {
  const keys = new Map<string, string>();
  const shared = new Set<string>();
  for (const { item } of lines) {
    const key = keys.get(item.serialFold);
    if (key === undefined) keys.set(item.serialFold, item.serialKey);
    else if (key !== item.serialKey) shared.add(item.serialFold);
  }
  return shared;
}

interface EarlierTwin {
  readonly line: Line;
  readonly level: FindingLevel;
}

/**
 * The serials of the lines so far. Of each fold it keeps, over all lines and for each maker and kind, the first line
 * of two different keys: whatever key comes next, one of the two is a twin, in one step however many lines there are.
 */
function createSeenSerials() {
  const seen = new Map<string, LineFacts[]>();
  return {
    /** The nearest earlier twin of this line, which counts as seen from now on. */
    twinOf(current: LineFacts): EarlierTwin | null {
      const { serialKey, serialFold, maker, kind } = current.item;
      const [sameMaker, sameKind, any] = [`maker ${maker}`, `kind ${kind}`, 'any'].map((group) => {
        const name = `${serialFold} ${group}`;
        const kept = seen.get(name) ?? [];
        if (kept.length < 2 && kept.every((each) => each.item.serialKey !== serialKey))
          seen.set(name, [...kept, current]);
        return kept.find((each) => each.item.serialKey !== serialKey);
      });
      const near = sameMaker ?? sameKind;
      if (near !== undefined) return { line: near.line, level: 'warning' };
      return any === undefined ? null : { line: any.line, level: 'info' };
    },
  };
}

function isNear(one: Item, other: Item): boolean {
  return one.maker === other.maker || one.kind === other.kind;
}
