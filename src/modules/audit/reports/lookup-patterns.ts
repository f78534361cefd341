import { DAY_MS, shifted } from '../../../kernel/clock.ts';
import { derivedId } from '../../../kernel/derived-id.ts';
import { serialKey } from '../../../kernel/serial.ts';
import { counted, firstOf, quoted } from '../../../kernel/wording.ts';
import type { LookupLogEntry } from '../../lookup/index.ts';
import { groupWise } from '../grouped.ts';
import type { Report } from '../report.ts';
import type { AuditRow } from '../row.ts';
import { evidenceOf } from '../row.ts';
import type { Sortable, SortedGroup } from '../sorting.ts';
import { numberIn } from './numbered-serial.ts';

// All numbers below are this project's choice.
/** No press has so many stations: whoever looks up so many numbers in a row has no kit before them. */
const LONG_RUN = 100;
const MANY_LOOKUPS = 100;
const MOSTLY = 0.8;
/** Customs offices: two can be one shipment at exit and arrival. */
const MANY_OFFICES = 3;
const MOST_NAMED = 5;
/** Look-ups of one officer on one day, or of one item, that are compared. */
const MOST_LOOKUPS = 20_000;

/** What the look-up log says about those who ask, and about what is asked for. */
export const lookupPatterns: Report = {
  name: 'lookup-patterns',
  title: 'Look-up patterns',
  description:
    'Over the last `days` days: officers who on one day tried serial after serial (`numbers-in-sequence`: 100 or more in a row) or mostly such that nobody registered (`mostly-unknown`: 80 % of 100 or more), which may be somebody trying out which serials are taken; and items that three or more offices looked up (`looked-up-in-many-places`), which may be one serial on many items.',
  columns: ['officer', 'day', 'lookups', 'unknown', 'longestRun', 'item', 'offices', 'countries'],
  source: 'lookups',
  heeds: ['days'],
  defaults: { days: 30 },
  run: (sources, { days = 0 }, from) =>
    groupWise(sources, from, {
      pages: sources.lookups(shifted(sources.now, -days * DAY_MS)),
      sortablesOf,
      rowsOf: (group) => (group.group.startsWith(OFFICER_DAY) ? ofOfficer(group) : ofItem(group)),
      maxValues: MOST_LOOKUPS,
    }),
};

/** Begins the names of groups of one officer's look-ups of one day; those of the others are item ids. */
const OFFICER_DAY = 'day ';

/** A million of these lie in the sorting: names of fields would be most of it. */
type Lookup = readonly [
  lookupId: string,
  at: string,
  serial: string,
  isUnknown: 0 | 1,
  org: string,
  country: string,
];

function sortablesOf({
  lookupId,
  at,
  sub,
  org,
  country,
  serial,
  verdict,
  itemIds,
}: LookupLogEntry): Sortable[] {
  const value = JSON.stringify([
    lookupId,
    at,
    serial,
    verdict === 'unknown' ? 1 : 0,
    org,
    country,
  ] satisfies Lookup);
  const [item] = itemIds;
  const ofOfficer = { group: OFFICER_DAY + JSON.stringify([at.slice(0, 10), org, sub]), value };
  return item === undefined ? [ofOfficer] : [ofOfficer, { group: item, value }];
}

/** One officer's look-ups of one day, in order of time. */
function ofOfficer({ group, values, count }: SortedGroup): AuditRow[] {
  if (count < Math.min(LONG_RUN, MANY_LOOKUPS)) return [];
  const [day, org, sub] = JSON.parse(group.slice(OFFICER_DAY.length)) as [string, string, string];
  const lookups = values.map((value) => JSON.parse(value) as Lookup);
  const unknown = lookups.filter(isUnknown);
  const run = longestRun(lookups);
  const row = (code: string, because: string, some: readonly Lookup[]): AuditRow => ({
    key: derivedId('day', day, org, sub, code),
    code,
    because: `On ${day} ${sub} of ${org} looked up ${because}.`,
    at: lookups[0]?.[1] ?? day,
    org,
    facts: { officer: sub, day, lookups: count, unknown: unknown.length, longestRun: run.length },
    evidence: evidenceOf({ lookups: some.map(([lookupId]) => lookupId) }),
  });
  const rows: AuditRow[] = [];
  if (run.length >= LONG_RUN) {
    const [first = '', last = ''] = [run[0]?.[2], run.at(-1)?.[2]];
    const what = `${run.length} serials that follow one another, from ${quoted(first)} to ${quoted(last)}`;
    rows.push(row('numbers-in-sequence', what, run));
  }
  if (lookups.length >= MANY_LOOKUPS && unknown.length / lookups.length >= MOSTLY) {
    const what = `${counted(count, 'serial')}, of which nobody registered ${unknown.length}`;
    rows.push(row('mostly-unknown', what, unknown));
  }
  return rows;
}

function isUnknown([, , , unknown]: Lookup): boolean {
  return unknown === 1;
}

/** The longest row of look-ups each of whose serials is the next or the one before of that looked up before it. */
function longestRun(lookups: readonly Lookup[]): readonly Lookup[] {
  let longest: readonly Lookup[] = [];
  let start = 0;
  for (let index = 1; index <= lookups.length; index += 1) {
    const [before, now] = [lookups[index - 1], lookups[index]];
    if (before !== undefined && now !== undefined && areNeighbours(before[2], now[2])) continue;
    if (index - start > longest.length) longest = lookups.slice(start, index);
    start = index;
  }
  return longest;
}

function areNeighbours(one: string, other: string): boolean {
  const [before, now] = [numberIn(serialKey(one)), numberIn(serialKey(other))];
  if (before === null || now === null) return false;
  const isStep = Math.abs(Number(before.digits) - Number(now.digits)) === 1;
  return isStep && before.prefix === now.prefix && before.suffix === now.suffix;
}

/** All look-ups whose best match was one item. */
function ofItem({ group, values, count }: SortedGroup): AuditRow[] {
  if (count < MANY_OFFICES) return [];
  const lookups = values.map((value) => JSON.parse(value) as Lookup);
  const offices = new Map(lookups.map((lookup) => [lookup[4], lookup]));
  const last = lookups.at(-1);
  if (offices.size < MANY_OFFICES || last === undefined) return [];
  const countries = [...new Set(lookups.map(([, , , , , country]) => country))];
  const [, at, serial] = last;
  const row: AuditRow = {
    key: group,
    code: 'looked-up-in-many-places',
    because: `${offices.size} offices looked up ${quoted(serial)}: ${firstOf([...offices.keys()], MOST_NAMED)}.`,
    at,
    facts: { lookups: count, item: group, offices: offices.size, countries: countries.join(' ') },
    evidence: evidenceOf({ items: [group], lookups: [...offices.values()].map(([lookupId]) => lookupId) }),
  };
  return [row];
}
