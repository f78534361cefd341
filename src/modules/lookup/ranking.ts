import { differences } from '../../kernel/serial.ts';
import type { ItemWithHead } from '../register/index.ts';
import type { Match, MatchClass } from './lookup.ts';

/** What the asker said besides the serial, as the catalogue understands it. */
export interface Asked {
  readonly serial: string;
  readonly serialKey: string;
  readonly maker?: string;
  readonly kind?: string;
}

export type RankedItem = ItemWithHead & Pick<Match, 'match' | 'score' | 'differences'>;

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
  const marked = differences(asked.serial, item.serial);
  const match = matchClass(asked, item.serial, item.serialKey);
  const confused = marked.filter((difference) => difference.kind === 'confusable').length;
  let score = BASE[match] - Math.min(confused * PER_CONFUSED_CHARACTER, MOST_CONFUSED);
  if (asked.maker !== undefined && asked.maker !== item.maker)
    score -= match === 'confusable' ? WRONG_MAKER : WRONG_MAKER / 3;
  if (asked.kind !== undefined && asked.kind !== item.kind)
    score -= match === 'confusable' ? WRONG_KIND : WRONG_KIND / 3;
  return { item, head, match, score: Math.round(score * 1000) / 1000, differences: marked };
}

function matchClass(asked: Asked, serial: string, serialKey: string): MatchClass {
  if (asked.serialKey !== serialKey) return 'confusable';
  return asked.serial === serial ? 'exact' : 'normalised';
}
