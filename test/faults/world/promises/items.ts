import { canonicalJson } from '../../../../src/kernel/canonical-json.ts';
import { derivedId } from '../../../../src/kernel/derived-id.ts';
import { consequencesOf } from '../../../../src/modules/declarations/declaration-events.ts';
import type { EventDraft, ItemEvent } from '../../../../src/modules/register/index.ts';
import { headOf, isIntact } from '../../../../src/modules/register/index.ts';
import type { Evidence, StoredItem } from './evidence.ts';
import { doubles } from './evidence.ts';

/** Every history is whole and true: what was decided is in it once, in order, and nothing else is. */
export function itemsBroken(evidence: Evidence): string[] {
  const broken: string[] = [];
  const drafts = consequences(evidence);
  for (const item of evidence.items.values()) {
    const wrong = [
      ...sequence(item),
      ...consequencesMissing(item, drafts.get(item.itemId) ?? []),
      ...unaccounted(item, drafts.get(item.itemId) ?? [], evidence),
    ];
    broken.push(...wrong.map((what) => `${item.itemId}: ${what}`));
  }
  for (const itemId of drafts.keys()) {
    if (!evidence.items.has(itemId)) broken.push(`${itemId} was declared and never registered`);
  }
  return broken;
}

/** What each move that was decided means for each item, as the record told when the move was made. */
function consequences({ witness }: Evidence): Map<string, EventDraft[]> {
  const drafts = new Map<string, EventDraft[]>();
  for (const versions of witness.versions.values()) {
    let moves = 0;
    for (const { declaration } of versions) {
      const move = declaration.moves.at(-1);
      if (move === undefined || declaration.moves.length <= moves) continue;
      moves = declaration.moves.length;
      for (const draft of consequencesOf(declaration, move).drafts)
        drafts.set(draft.itemId, [...(drafts.get(draft.itemId) ?? []), draft]);
    }
  }
  return drafts;
}

function sequence({ head, events }: StoredItem): string[] {
  const wrong: string[] = [];
  if (events.some(({ seq }, index) => seq !== index + 1))
    wrong.push(`its events are ${events.map(({ seq }) => seq).join(', ')}`);
  wrong.push(
    ...doubles(events.map(({ eventId }) => eventId)).map((eventId) => `${eventId} stands there twice`),
  );
  wrong.push(
    ...events.filter((event) => !isIntact(event)).map((event) => `event ${event.seq} is not intact`),
  );
  if (canonicalJson(head) !== canonicalJson(headOf(events)))
    wrong.push(`its head ${canonicalJson(head)} is not ${canonicalJson(headOf(events))}`);
  return wrong;
}

/** Who registered an item first is for the race to tell; everything else is there as it was decided, in that order. */
function consequencesMissing({ events }: StoredItem, drafts: readonly EventDraft[]): string[] {
  const wrong: string[] = [];
  const byId = new Map(events.map((event) => [event.eventId, event]));
  const lastSeq = new Map<string, number>();
  for (const draft of drafts) {
    const event = byId.get(draft.eventId);
    const name = `${draft.type} of ${String(draft.declarationId)}`;
    if (event === undefined) {
      wrong.push(`${name} is missing`);
      continue;
    }
    if (draft.type === 'registered') continue;
    if (told(event) !== told(draft)) wrong.push(`${name} is not as decided`);
    const line = `${draft.declarationId} ${draft.line}`;
    if (event.seq < (lastSeq.get(line) ?? 0)) wrong.push(`${name} stands before what came earlier`);
    lastSeq.set(line, event.seq);
  }
  const registered = drafts.filter(({ type }) => type === 'registered').map(told);
  for (const event of events) {
    if (event.type === 'registered' && !registered.includes(told(event)))
      wrong.push('nobody registered it so');
  }
  return wrong;
}

/** Events that follow from no move, and that nobody asked for. */
function unaccounted(
  { itemId, events }: StoredItem,
  drafts: readonly EventDraft[],
  evidence: Evidence,
): string[] {
  const known = new Set(drafts.map(({ eventId }) => eventId));
  const asked = new Set<string>();
  let keyless = 0;
  for (const { intent, outcome } of evidence.ledger.sendings) {
    if (intent.about.kind !== 'event' || intent.about.itemId !== itemId || outcome === 'refused') continue;
    if (intent.key === undefined) keyless += 1;
    else asked.add(derivedId('evt', itemId, intent.actor.org, intent.key));
  }
  const others = events.filter(({ eventId }) => !known.has(eventId) && !asked.has(eventId));
  return others.length <= keyless ? [] : [`${others.length} events for ${keyless} requests without a key`];
}

/** What an event says, apart from its place. Both come from the same code and JSON, so that their fields have one order. */
function told(event: EventDraft | ItemEvent): string {
  const { eventId, itemId, type, occurredAt, recordedAt, actor, org, declarationId, line, place, detail } =
    event;
  return JSON.stringify([
    eventId,
    itemId,
    type,
    occurredAt,
    recordedAt,
    actor,
    org,
    declarationId,
    line,
    place,
    detail,
  ]);
}
