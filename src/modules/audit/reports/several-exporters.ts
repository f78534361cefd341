import { firstOf } from '../../../kernel/wording.ts';
import type { ItemEvent, ItemRecord } from '../../register/index.ts';
import { standing } from '../../register/index.ts';
import { comesToExporter, endsClaim } from '../../verification/index.ts';
import type { Report } from '../report.ts';
import type { AuditRow } from '../row.ts';
import { evidenceOf } from '../row.ts';
import { eachAlone } from '../sources.ts';
import { ITEM_COLUMNS, itemFacts, nameOf } from './item-columns.ts';

const MOST_NAMED = 5;

/** Items that several exporters declared. What was withdrawn, refused or has expired counts for nothing. */
export const severalExporters: Report = {
  name: 'several-exporters',
  title: 'Items declared by several exporters',
  description:
    'An item can belong to one exporter after another: then a transfer, or an arrival in the later one’s country, comes before the later declaration (`handed-on`). Where nothing recorded shows how the item came from one to the other (`declared-by-several`), a serial may have been copied.',
  columns: [...ITEM_COLUMNS, 'exporters'],
  source: 'items',
  heeds: [],
  defaults: {},
  run: (sources, _settings, from) => eachAlone(sources.items(from), rowsOf),
};

function rowsOf({ item, events }: ItemRecord): AuditRow[] {
  const valid = standing(events);
  const claims = claimsOf(valid);
  const last = claims.at(-1);
  if (claims.length < 2 || last === undefined) return [];
  const handedOn = claims
    .slice(1)
    .every((claim, index) =>
      valid.some((event) => isBetween(event, claims[index], claim) && comesTo(event, claim)),
    );
  const exporters = claims.flatMap(({ org }) => org ?? []);
  const how = handedOn
    ? 'How it came from one to the next is recorded.'
    : 'Nothing recorded shows how it came from one to the next.';
  const row: AuditRow = {
    key: item.itemId,
    code: handedOn ? 'handed-on' : 'declared-by-several',
    because: `${exporters.length} exporters declared the ${nameOf(item)}: ${firstOf(exporters, MOST_NAMED)}. ${how}`,
    at: last.recordedAt,
    ...(last.org === undefined ? {} : { org: last.org }),
    facts: { ...itemFacts(item), exporters: exporters.length },
    evidence: evidenceOf({
      items: [item.itemId],
      events: claims.map(({ eventId }) => eventId),
      declarations: claims.flatMap(({ declarationId }) => declarationId ?? []),
    }),
  };
  return [row];
}

/** The first `declared` event of each exporter among those whose declarations still stand, in order. */
function claimsOf(events: readonly ItemEvent[]): ItemEvent[] {
  let standingClaims: ItemEvent[] = [];
  for (const event of events) {
    if (event.type === 'declared') standingClaims.push(event);
    else if (endsClaim(event)) {
      standingClaims = standingClaims.filter(({ declarationId }) => declarationId !== event.declarationId);
    }
  }
  const first = new Map<string, ItemEvent>();
  for (const claim of standingClaims) {
    const org = claim.org ?? claim.actor.org;
    if (!first.has(org)) first.set(org, claim);
  }
  return [...first.values()];
}

function isBetween({ seq }: ItemEvent, earlier: ItemEvent | undefined, later: ItemEvent): boolean {
  return seq > (earlier?.seq ?? 0) && seq < later.seq;
}

/** Whether the event puts the item into the hands or the country of the exporter that then declared it. */
function comesTo(event: ItemEvent, { org, actor }: ItemEvent): boolean {
  return comesToExporter(event, { org: org ?? actor.org, country: actor.country });
}
