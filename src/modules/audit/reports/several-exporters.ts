import type { ItemEvent, ItemRecord } from '../../register/index.ts';
import { standing } from '../../register/index.ts';
import type { Report } from '../report.ts';
import type { AuditRow } from '../row.ts';
import { evidenceOf } from '../row.ts';
import { eachAlone } from '../sources.ts';
import { itemFacts, ITEM_COLUMNS, nameOf } from './wording.ts';

/**
 * Items that several exporters declared, withdrawn and refused declarations left aside. `handed-on`: before each later
 * exporter declared it, the item was recorded as transferred to it or as arrived in its country.
 */
export const severalExporters: Report = {
  name: 'several-exporters',
  title: 'Items declared by several exporters',
  description:
    'Two exporters can each own an item one after the other. Where nothing recorded shows how it came from one to the other (`declared-by-several`), one of them may have copied its serial.',
  columns: [...ITEM_COLUMNS, 'exporters'],
  source: 'items',
  heeds: [],
  defaults: {},
  run: (sources, _settings, from) => eachAlone(sources.items(from), rowsOf),
};

function rowsOf({ item, events }: ItemRecord): AuditRow[] {
  const valid = standing(events);
  const dropped = new Set(valid.flatMap((event) => (isDrop(event) ? (event.declarationId ?? []) : [])));
  const declared = valid.filter(
    ({ type, declarationId }) =>
      type === 'declared' && declarationId !== undefined && !dropped.has(declarationId),
  );
  const first = new Map<string, ItemEvent>();
  for (const event of declared) {
    if (event.org !== undefined && !first.has(event.org)) first.set(event.org, event);
  }
  if (first.size < 2) return [];
  const exporters = [...first.keys()];
  const later = [...first.values()].slice(1);
  const handedOn = later.every((event) => valid.some((each) => each.seq < event.seq && leadsTo(each, event)));
  const [last] = later.slice(-1);
  return [
    {
      key: item.itemId,
      code: handedOn ? 'handed-on' : 'declared-by-several',
      because: `${exporters.length} exporters declared the ${nameOf(item)}: ${exporters.slice(0, 5).join(', ')}${exporters.length > 5 ? ' …' : ''}. ${
        handedOn
          ? 'How it came from one to the next is recorded.'
          : 'Nothing recorded shows how it came from one to the next.'
      }`,
      ...(last === undefined ? {} : { at: last.recordedAt }),
      ...(last?.org === undefined ? {} : { org: last.org }),
      facts: { ...itemFacts(item), exporters: exporters.length },
      evidence: evidenceOf({
        items: [item.itemId],
        events: [...first.values()].map(({ eventId }) => eventId),
        declarations: [...first.values()].flatMap(({ declarationId }) => declarationId ?? []),
      }),
    },
  ];
}

function isDrop({ type, detail }: ItemEvent): boolean {
  return type === 'withdrawn' || (type === 'reviewed' && detail['outcome'] === 'refused');
}

/** Whether the event puts the item into the hands or the country of the exporter that then declared it. */
function leadsTo(event: ItemEvent, { org, actor }: ItemEvent): boolean {
  if (event.type === 'transferred') return event.detail['toOrg'] === org;
  return event.type === 'arrived' && (event.place?.slice(0, 2) ?? event.actor.country) === actor.country;
}
