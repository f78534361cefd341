import { DAY_MS } from '../../kernel/clock.ts';
import type { Parting, Slice, Tallied } from './tally.ts';

export interface Period {
  /** Such as `2026-12-15`, `2026-12`, `2026` or `2020–2029`. */
  readonly name: string;
  readonly value: number;
}

/** Periods of one length without a gap, from the first with a finding to the last. */
export interface Timeline {
  readonly step: 'day' | 'month' | 'year' | 'years';
  readonly periods: readonly Period[];
  /** Of times that were not told apart any more. */
  readonly beyond: number;
}

const MOST_PERIODS = 60;

/** By day, month or year, whichever parts the whole span into 60 periods or fewer; years are put together beyond. */
export function timelineOf({ days, months }: Pick<Tallied, 'days' | 'months'>): Timeline {
  const byDay = days.others.findings === 0 ? filled(days, dayNumber, dayName) : null;
  if (byDay !== null) return { step: 'day', periods: byDay, beyond: 0 };
  const beyond = months.others.value;
  const byMonth = filled(months, monthNumber, monthName);
  if (byMonth !== null) return { step: 'month', periods: byMonth, beyond };
  const byYear = filled(months, yearNumber, yearName);
  if (byYear !== null) return { step: 'year', periods: byYear, beyond };
  const years = numbered(months.slices, yearNumber).map(([year]) => year);
  const apart = Math.ceil((Math.max(...years) - Math.min(...years) + 1) / (MOST_PERIODS - 1));
  const number = (name: string): number => Math.floor(yearNumber(name) / apart);
  const name = (no: number): string => `${yearName(no * apart)}–${yearName(no * apart + apart - 1)}`;
  return { step: 'years', periods: filled(months, number, name) ?? [], beyond };
}

/** A value for every period of the span; null when there are too many. */
function filled(
  { slices }: Parting,
  numberOf: (name: string) => number,
  nameOf: (no: number) => string,
): Period[] | null {
  const values = numbered(slices, numberOf);
  if (values.length === 0) return [];
  const sums = new Map<number, number>();
  let first = Infinity;
  let last = -Infinity;
  for (const [no, value] of values) {
    sums.set(no, (sums.get(no) ?? 0) + value);
    first = Math.min(first, no);
    last = Math.max(last, no);
  }
  if (last - first >= MOST_PERIODS) return null;
  return Array.from({ length: last - first + 1 }, (_, index) => ({
    name: nameOf(first + index),
    value: sums.get(first + index) ?? 0,
  }));
}

function numbered(
  slices: readonly Slice[],
  numberOf: (name: string) => number,
): (readonly [no: number, value: number])[] {
  return slices
    .map(({ name, value }) => [numberOf(name), value] as const)
    .filter(([no]) => Number.isSafeInteger(no));
}

const dayNumber = (name: string): number => Math.floor(Date.parse(`${name}T00:00:00Z`) / DAY_MS);
const dayName = (no: number): string => new Date(no * DAY_MS).toISOString().slice(0, 10);
const yearNumber = (name: string): number => Number(name.slice(0, 4));
const yearName = (year: number): string => String(year).padStart(4, '0');
const monthNumber = (name: string): number => yearNumber(name) * 12 + Number(name.slice(5, 7)) - 1;
const monthName = (no: number): string =>
  `${yearName(Math.floor(no / 12))}-${String((no % 12) + 1).padStart(2, '0')}`;
