import { joined } from '../../../kernel/wording.ts';
import type { EventType, ItemEvent, ItemRecord } from '../../register/index.ts';
import { standing } from '../../register/index.ts';
import type { Report } from '../report.ts';
import type { AuditRow } from '../row.ts';
import { evidenceOf } from '../row.ts';
import { eachAlone } from '../sources.ts';
import { ITEM_COLUMNS, itemFacts, nameOf } from './item-columns.ts';

const INCIDENTS = ['destroyed', 'lost', 'stolen'] as const satisfies readonly EventType[];
/** What only somebody can do who has the item, or says so. An inspection may be how it was found again. */
const ACTIVITY: ReadonlySet<EventType> = new Set([
  'declared',
  'exited',
  'arrived',
  'fitted',
  'transferred',
  'refurbished',
  'restamped',
] as const);

/** Items that were used, moved or declared after they were recorded as destroyed, lost or stolen. */
export const activityAfterIncident: Report = {
  name: 'activity-after-incident',
  title: 'Activity after destroyed, lost or stolen',
  description:
    'What was destroyed can not be shipped, and what was lost or stolen should not be without a word. A row names the incident that no correction took back, and all that happened to the item after it.',
  columns: [...ITEM_COLUMNS, 'incidentAt', 'activities'],
  source: 'items',
  heeds: [],
  defaults: {},
  run: (sources, _settings, from) => eachAlone(sources.items(from), rowsOf),
};

function rowsOf({ item, events }: ItemRecord): AuditRow[] {
  if (!events.some(({ type }) => isIncident(type))) return [];
  const valid = standing(events);
  return INCIDENTS.flatMap((type) => {
    const incident = valid.find((event) => event.type === type);
    if (incident === undefined) return [];
    const after = valid.filter((event) => ACTIVITY.has(event.type) && isAfter(event, incident));
    const last = after.at(-1);
    if (last === undefined) return [];
    const types = [...new Set(after.map((event) => event.type))];
    const row: AuditRow = {
      key: `${item.itemId} ${type}`,
      code: `after-${type}`,
      because: `The ${nameOf(item)} was ${type} on ${incident.occurredAt.slice(0, 10)} and ${joined(types)} after that.`,
      at: last.occurredAt,
      ...(last.org === undefined ? {} : { org: last.org }),
      facts: { ...itemFacts(item), incidentAt: incident.occurredAt, activities: types.join(' ') },
      evidence: evidenceOf({
        items: [item.itemId],
        events: [incident, ...after].map(({ eventId }) => eventId),
        declarations: after.flatMap(({ declarationId }) => declarationId ?? []),
      }),
    };
    return [row];
  });
}

function isIncident(type: EventType): boolean {
  return (INCIDENTS as readonly EventType[]).includes(type);
}

/** What happened before is no activity after it, even when the registry learned it later. */
function isAfter(event: ItemEvent, incident: ItemEvent): boolean {
  return (
    event.occurredAt > incident.occurredAt ||
    (event.occurredAt === incident.occurredAt && event.seq > incident.seq)
  );
}
