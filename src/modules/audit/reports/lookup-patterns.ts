import { DAY_MS, shifted } from '../../../kernel/clock.ts';
import { derivedId } from '../../../kernel/derived-id.ts';
import { counted, joined, quoted } from '../../../kernel/wording.ts';
import type { LookupLogEntry } from '../../lookup/index.ts';
import { groupWise } from '../grouped.ts';
import type { Report } from '../report.ts';
import type { AuditRow } from '../row.ts';
import { evidenceOf } from '../row.ts';
import type { Sortable, SortedGroup } from '../sorting.ts';

// All numbers below are this project's choice.
/** No press has so many stations: whoever looks up so many numbers in a row has no kit before them. */
const LONG_RUN = 100;
const MANY_LOOKUPS = 100;
const MOSTLY = 0.8;
/** Customs offices: two can be one shipment at exit and arrival. */
const MANY_OFFICES = 3;
const MOST_NAMED = 5;
/** Look-ups of one officer on one day, or of one item, that are compared. */
const MOST_LOOKUPS = 100_000;

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

const OFFICER_DAY = 'day';

type Lookup = Pick<LookupLogEntry, 'lookupId' | 'at' | 'sub' | 'org' | 'country' | 'serial' | 'verdict'> & {
  readonly item?: string;
};

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
  const lookup: Lookup = { lookupId, at, sub, org, country, serial, verdict };
  const [item] = itemIds;
  return [
    { group: derivedId(OFFICER_DAY, org, sub, at.slice(0, 10)), value: JSON.stringify(lookup) },
    ...(item === undefined
      ? []
      : [{ group: item, value: JSON.stringify({ ...lookup, item } satisfies Lookup) }]),
  ];
}

/** One officer's look-ups of one day, in order of time. */
function ofOfficer({ group, values, count }: SortedGroup): AuditRow[] {
  if (count < Math.min(LONG_RUN, MANY_LOOKUPS)) return [];
  const lookups = values.map((value) => JSON.parse(value) as Lookup);
  const [first] = lookups;
  if (first === undefined) return [];
  const { sub, org, at } = first;
  const unknown = lookups.filter(({ verdict }) => verdict === 'unknown').length;
  const run = longestRun(lookups);
  const day = at.slice(0, 10);
  const row = (code: string, because: string, some: readonly Lookup[]): AuditRow => ({
    key: `${group} ${code}`,
    code,
    because,
    at,
    org,
    facts: { officer: sub, day, lookups: count, unknown, longestRun: run.length },
    evidence: evidenceOf({ lookups: some.map(({ lookupId }) => lookupId) }),
  });
  const who = `${sub} of ${org}`;
  return [
    ...(run.length < LONG_RUN
      ? []
      : [
          row(
            'numbers-in-sequence',
            `On ${day} ${who} looked up ${run.length} serials that follow one another, from ${quoted(run[0]?.serial ?? '')} to ${quoted(run.at(-1)?.serial ?? '')}.`,
            run,
          ),
        ]),
    ...(lookups.length < MANY_LOOKUPS || unknown / lookups.length < MOSTLY
      ? []
      : [
          row(
            'mostly-unknown',
            `On ${day} ${who} looked up ${counted(count, 'serial')}, of which nobody registered ${unknown}.`,
            lookups.filter(({ verdict }) => verdict === 'unknown'),
          ),
        ]),
  ];
}

const NUMBERED = /^(.*?)(\d{1,15})(\D*)$/s;

/** The longest row of look-ups each of whose serials is the next or the one before of that looked up before it. */
function longestRun(lookups: readonly Lookup[]): readonly Lookup[] {
  let longest: readonly Lookup[] = [];
  let start = 0;
  for (let index = 1; index <= lookups.length; index += 1) {
    const [before, now] = [lookups[index - 1], lookups[index]];
    if (before !== undefined && now !== undefined && areNeighbours(before.serial, now.serial)) continue;
    if (index - start > longest.length) longest = lookups.slice(start, index);
    start = index;
  }
  return longest;
}

function areNeighbours(one: string, other: string): boolean {
  const [, prefix, digits, suffix] = NUMBERED.exec(one.trim()) ?? [];
  const [, otherPrefix, otherDigits, otherSuffix] = NUMBERED.exec(other.trim()) ?? [];
  if (digits === undefined || otherDigits === undefined) return false;
  const isStep = Math.abs(Number(digits) - Number(otherDigits)) === 1;
  return isStep && prefix === otherPrefix && suffix === otherSuffix;
}

/** All look-ups whose best match was one item. */
function ofItem({ group, values, count }: SortedGroup): AuditRow[] {
  if (count < MANY_OFFICES) return [];
  const lookups = values.map((value) => JSON.parse(value) as Lookup);
  const offices = new Map(lookups.map((lookup) => [lookup.org, lookup]));
  const last = lookups.at(-1);
  if (offices.size < MANY_OFFICES || last === undefined) return [];
  const countries = [...new Set(lookups.map(({ country }) => country))];
  const named = [...offices.keys()].slice(0, MOST_NAMED);
  const more = offices.size - named.length;
  const row: AuditRow = {
    key: group,
    code: 'looked-up-in-many-places',
    because: `${offices.size} offices looked up ${quoted(last.serial)}: ${joined(more === 0 ? named : [...named, `${more} more`])}.`,
    at: last.at,
    facts: { lookups: count, item: group, offices: offices.size, countries: countries.join(' ') },
    evidence: evidenceOf({ items: [group], lookups: [...offices.values()].map(({ lookupId }) => lookupId) }),
  };
  return [row];
}
