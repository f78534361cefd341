import { differences, serialFold, serialKey } from '../../kernel/serial.ts';
import type { Item, ItemHead, ItemWithHead } from '../register/index.ts';
import type { Match, MatchClass } from './lookup.ts';

/** What the asker said besides the serial, as the catalogue understands it. */
export interface Asked {
  readonly serial: string;
  readonly serialKey: string;
  readonly maker?: string;
  readonly kind?: string;
}

export type RankedItem = ItemWithHead & Pick<Match, 'match' | 'score' | 'differences' | 'marked'>;

/** Each class lies in a band of its own, so that a wrong maker never puts an exact serial below a confusable one. */
const BASE: Record<MatchClass, number> = { exact: 1, normalised: 0.95, confusable: 0.8 };
const WRONG_MAKER = 0.06;
const WRONG_KIND = 0.04;
const PER_CONFUSED_CHARACTER = 0.03;
const MOST_CONFUSED = 0.3;

/**
 * Ranks items whose serialFold is that of the serial as read: exact above normalised above confusable, then by how
 * much else fits. A maker or kind that doesn't fit ranks lower and rules nothing out (ATF's tracing practice).
 */
export function ranked(asked: Asked, items: readonly ItemWithHead[]): RankedItem[] {
  return items
    .map((candidate) => rankedOne(asked, candidate))
    .sort((a, b) => b.score - a.score || (a.item.itemId < b.item.itemId ? -1 : 1));
}

function rankedOne(asked: Asked, { item, head }: ItemWithHead): RankedItem {
  const marked = markMeant(asked, item, head);
  const differing = differences(asked.serial, marked);
  const match = matchClass(asked, marked);
  const confused = differing.filter((difference) => difference.kind === 'confusable').length;
  let score = BASE[match] - Math.min(confused * PER_CONFUSED_CHARACTER, MOST_CONFUSED);
  if (asked.maker !== undefined && asked.maker !== item.maker)
    score -= match === 'confusable' ? WRONG_MAKER : WRONG_MAKER / 3;
  if (asked.kind !== undefined && asked.kind !== item.kind)
    score -= match === 'confusable' ? WRONG_KIND : WRONG_KIND / 3;
  return { item, head, marked, match, score: Math.round(score * 1000) / 1000, differences: differing };
}

/** Which of an item's marks the serial as read may be: the one it was registered under, or one stamped later. */
function markMeant(asked: Asked, item: Item, head: ItemHead): string {
  if (head.marks === undefined) return item.serial;
  const marks = [item.serial, ...head.marks];
  const meant = marks.find((mark) => serialKey(mark) === asked.serialKey);
  return meant ?? marks.find((mark) => serialFold(mark) === serialFold(asked.serial)) ?? item.serial;
}

function matchClass(asked: Asked, marked: string): MatchClass {
  if (asked.serialKey !== serialKey(marked)) return 'confusable';
  return asked.serial === marked ? 'exact' : 'normalised';
}
