import { DAY_MS } from '../../../kernel/clock.ts';
import type { Finding } from '../../declarations/index.ts';
import type { Facts } from '../facts.ts';

// All four are this project's choice.
const TIMES = 10;
const LEAST_ITEMS = 500;
const WEEKS = 12;
const LEAST_ACTIVE_WEEKS = 4;

/**
 * `sudden-volume` (warning): this declaration and the exporter's others of the last 7 days hold at least 500 items and
 * at least 10 times the weekly mean of the 12 weeks before. An exporter that declared in fewer than 4 of those weeks
 * has no habit to compare with and is left alone. Days are UTC, today is the first of the seven.
 */
export function suddenVolume({ now, lines, volumes }: Facts): Finding[] {
  const today = dayNumber(now);
  const weeks = Array.from({ length: WEEKS + 1 }, () => 0);
  for (const { day, items } of volumes) {
    const week = Math.max(0, Math.floor((today - dayNumber(day)) / 7));
    if (week <= WEEKS) weeks[week] = (weeks[week] ?? 0) + items;
  }
  const [thisWeek = 0, ...earlier] = weeks;
  const recent = thisWeek + lines.length;
  const mean = earlier.reduce((sum, items) => sum + items, 0) / WEEKS;
  const active = earlier.filter((items) => items > 0).length;
  if (active < LEAST_ACTIVE_WEEKS || recent < LEAST_ITEMS || recent < TIMES * mean) return [];
  const weekly = Math.round(mean * 10) / 10;
  const because = `The exporter has declared ${recent} items within 7 days, against ${weekly} a week on average in the ${WEEKS} weeks before.`;
  return [
    { code: 'sudden-volume', level: 'warning', because, evidence: { recent, weekly, activeWeeks: active } },
  ];
}

/** Days since 1970 of a date or an instant, in UTC. */
function dayNumber(text: string): number {
  return Math.floor(Date.parse(text.slice(0, 10)) / DAY_MS);
}
