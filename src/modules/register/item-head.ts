import type { Instant } from '../../kernel/clock.ts';
import type { ItemEvent } from './item-event.ts';
import { countryOf } from './item-event.ts';

export const ITEM_STATUSES = [
  'declared',
  'verified',
  'under-review',
  'refused',
  'withdrawn',
  'exported',
  'arrived',
  'not-shipped',
  'lost',
  'stolen',
  'seized',
  'destroyed',
] as const;
export type ItemStatus = (typeof ITEM_STATUSES)[number];

/** What an item's history adds up to. Derived from the events alone, so it can always be rebuilt. */
export interface ItemHead {
  /** The seq of the last event that went into it; 0 before the first. */
  readonly seq: number;
  readonly status: ItemStatus;
  /** ISO 3166-1 alpha-2 of the country it left and was not seen to come back to or arrive elsewhere from. */
  readonly exitedFrom?: string;
  /** Where it was last known to be: a country; absent while in transit or never recorded. */
  readonly country?: string;
  /** The press it is fitted to. */
  readonly fittedTo?: string;
  /** The organisation that holds it, after the last recorded transfer. */
  readonly heldBy?: string;
  /** The exporter whose declaration the status speaks of, while that is open or was the last to be verified. */
  readonly claimedBy?: string;
  /** What was marked on it since it was registered, the latest last. */
  readonly marks?: readonly string[];
  readonly lastAt?: Instant;
}

export const EMPTY_HEAD: ItemHead = { seq: 0, status: 'declared' };

/** The head after one more event. */
export function advance(head: ItemHead, event: ItemEvent): ItemHead {
  const next = { ...head, seq: event.seq, lastAt: event.recordedAt };
  const place = event.place?.slice(0, 2);
  switch (event.type) {
    case 'registered':
    case 'declared':
      return onPaper(head, next, event, 'declared');
    case 'verified':
      return onPaper(head, next, event, 'verified');
    case 'flagged':
    case 'reviewed':
      return onPaper(head, next, event, reviewStatus(event));
    case 'withdrawn':
      return onPaper(head, next, event, 'withdrawn');
    case 'exited': {
      const exitedFrom = countryOf(event);
      const status = settledStatus(head.status) ?? 'exported';
      return without({ ...claimed(next, event.org), exitedFrom, status }, 'country');
    }
    case 'arrived':
      return without(
        withCountry(
          { ...claimed(next, undefined), status: settledStatus(head.status) ?? 'arrived' },
          countryOf(event),
        ),
        'exitedFrom',
      );
    case 'not-shipped':
      return without(
        withCountry({ ...next, status: settledStatus(head.status) ?? 'not-shipped' }, head.exitedFrom),
        'exitedFrom',
      );
    case 'fitted':
      // What is filed about somebody else's item moves nothing; what an authority saw does.
      if (event.org !== undefined && head.claimedBy !== undefined && head.claimedBy !== event.org)
        return next;
      return typeof event.detail['pressId'] === 'string'
        ? { ...next, fittedTo: event.detail['pressId'] }
        : next;
    case 'removed':
      return without(next, 'fittedTo');
    case 'transferred':
      return typeof event.detail['toOrg'] === 'string'
        ? { ...claimed(next, undefined), heldBy: event.detail['toOrg'] }
        : next;
    case 'lost':
    case 'stolen':
    case 'seized':
    case 'destroyed':
      return { ...next, status: event.type };
    case 'inspected':
      return place === undefined ? next : withCountry(next, place);
    case 'restamped': {
      const { newSerial } = event.detail;
      return typeof newSerial === 'string' ? { ...next, marks: [...(head.marks ?? []), newSerial] } : next;
    }
    case 'amended':
    case 'refurbished':
    case 'corrected':
      return next;
  }
}

/**
 * Of events in order of seq, those that no later `corrected` event has taken back. A correction can itself be
 * corrected; what it had taken back then stands again.
 */
export function standing(events: readonly ItemEvent[]): ItemEvent[] {
  if (!events.some(({ type }) => type === 'corrected')) return [...events];
  const voided = new Set<unknown>();
  const kept = events.toReversed().filter((event) => {
    if (voided.has(event.eventId)) return false;
    if (event.type === 'corrected') voided.add(event.detail['corrects']);
    return true;
  });
  return kept.reverse();
}

/** The head that a whole history adds up to; events that a later correction has taken back count for nothing. */
export function headOf(events: readonly ItemEvent[]): ItemHead {
  const head = standing(events).reduce(advance, EMPTY_HEAD);
  return { ...head, seq: events.at(-1)?.seq ?? 0 };
}

/** Every mark that was ever stamped on an item: also one that was taken back goes on finding it. */
export function stampedMarks(events: readonly ItemEvent[]): string[] {
  return events.flatMap(({ type, detail: { newSerial } }) =>
    type === 'restamped' && typeof newSerial === 'string' ? [newSerial] : [],
  );
}

/** True for a loss, theft, seizure or destruction: it stands until it is corrected, nothing recorded later hides it. */
export function isIncident(status: ItemStatus): boolean {
  return status === 'lost' || status === 'stolen' || status === 'seized' || status === 'destroyed';
}

/** The status that stays whatever is recorded later. */
function settledStatus(status: ItemStatus): ItemStatus | null {
  return isIncident(status) ? status : null;
}

/**
 * What paperwork does to a status. It can't call back what left, or undo an arrival, before it is verified; and
 * while one exporter's declaration is open, nobody else's filing changes what is said of the item.
 */
function onPaper(head: ItemHead, next: ItemHead, event: ItemEvent, status: ItemStatus): ItemHead {
  if (isIncident(head.status) || head.exitedFrom !== undefined) return next;
  if (status === 'verified') return { ...claimed(next, event.org), status };
  if (head.status === 'arrived') return next;
  if (head.claimedBy !== undefined && head.claimedBy !== event.org) return next;
  const isOpen = status === 'declared' || status === 'under-review';
  return { ...claimed(next, isOpen ? event.org : undefined), status };
}

function claimed(head: ItemHead, org: string | undefined): ItemHead {
  return org === undefined ? without(head, 'claimedBy') : { ...head, claimedBy: org };
}

function reviewStatus(event: ItemEvent): ItemStatus {
  const outcome = event.detail['outcome'];
  if (outcome === 'verified') return 'verified';
  return outcome === 'refused' ? 'refused' : 'under-review';
}

function without(head: ItemHead, field: 'claimedBy' | 'country' | 'exitedFrom' | 'fittedTo'): ItemHead {
  const { [field]: _dropped, ...rest } = head;
  return rest;
}

function withCountry(head: ItemHead, country: string | undefined): ItemHead {
  return country === undefined ? head : { ...head, country };
}
