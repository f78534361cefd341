import type { ItemEvent, ItemRecord } from '../../register/index.ts';
import { countryOf, standing } from '../../register/index.ts';
import type { Report } from '../report.ts';
import type { AuditRow } from '../row.ts';
import { evidenceOf } from '../row.ts';
import { eachAlone } from '../sources.ts';
import { ITEM_COLUMNS, itemFacts, nameOf } from './item-columns.ts';

/** Items that left a second time although nothing recorded says how they came to be where they left from. */
export const exportedTwice: Report = {
  name: 'exported-twice',
  title: 'Items exported twice with no return',
  description:
    'Between two exits under two declarations the item must have come back: not have been shipped after all, have arrived in the country of the second exit, or been transferred to the second exporter. Where nothing recorded says so, there may be two items of one serial.',
  columns: [...ITEM_COLUMNS, 'firstExit', 'firstExporter', 'from'],
  source: 'items',
  heeds: [],
  defaults: {},
  run: (sources, _settings, from) => eachAlone(sources.items(from), rowsOf),
};

/** An exit, and where the item came to be since. */
interface Journey {
  readonly exit: ItemEvent;
  readonly countries: Set<string>;
  readonly orgs: Set<unknown>;
}

function rowsOf({ item, events }: ItemRecord): AuditRow[] {
  if (events.filter(({ type }) => type === 'exited').length < 2) return [];
  const rows: AuditRow[] = [];
  let journey: Journey | null = null;
  for (const event of asItHappened(standing(events))) {
    if (event.type === 'exited') {
      if (journey !== null && isUnexplained(journey, event)) rows.push(rowOf(item, journey.exit, event));
      journey = { exit: event, countries: new Set(), orgs: new Set() };
    } else if (event.type === 'arrived') journey?.countries.add(countryOf(event));
    else if (event.type === 'transferred') journey?.orgs.add(event.detail['toOrg']);
  }
  return rows;
}

/** In order of when it happened, without exits of what was not shipped after all. */
function asItHappened(events: readonly ItemEvent[]): ItemEvent[] {
  const stayed = new Set(
    events.flatMap(({ type, declarationId }) => (type === 'not-shipped' ? (declarationId ?? []) : [])),
  );
  return events
    .filter(({ type, declarationId }) => type !== 'exited' || !stayed.has(declarationId ?? ''))
    .sort((one, other) =>
      one.occurredAt === other.occurredAt ? one.seq - other.seq : one.occurredAt < other.occurredAt ? -1 : 1,
    );
}

function isUnexplained({ exit, countries, orgs }: Journey, again: ItemEvent): boolean {
  if (exit.declarationId !== undefined && exit.declarationId === again.declarationId) return false;
  return !countries.has(countryOf(again)) && !orgs.has(again.org);
}

function rowOf(item: ItemRecord['item'], first: ItemEvent, again: ItemEvent): AuditRow {
  const from = countryOf(again);
  return {
    key: `${item.itemId} ${again.eventId}`,
    code: 'exported-twice',
    because: `The ${nameOf(item)} left on ${dayOf(first)} and again, from ${from}, on ${dayOf(again)}; nothing recorded between says how it came back.`,
    at: again.occurredAt,
    ...(again.org === undefined ? {} : { org: again.org }),
    facts: {
      ...itemFacts(item),
      firstExit: first.occurredAt,
      firstExporter: first.org ?? first.actor.org,
      from,
    },
    evidence: evidenceOf({
      items: [item.itemId],
      events: [first.eventId, again.eventId],
      declarations: [first, again].flatMap(({ declarationId }) => declarationId ?? []),
    }),
  };
}

function dayOf({ occurredAt }: ItemEvent): string {
  return occurredAt.slice(0, 10);
}
