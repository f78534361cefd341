import { hash } from 'node:crypto';
import type { Role } from '../../kernel/actor.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { Instant } from '../../kernel/clock.ts';

export const EVENT_TYPES = [
  'registered',
  'declared',
  'amended',
  'withdrawn',
  'verified',
  'flagged',
  'reviewed',
  'exited',
  'arrived',
  'not-shipped',
  'inspected',
  'fitted',
  'removed',
  'transferred',
  'refurbished',
  'restamped',
  'lost',
  'stolen',
  'seized',
  'destroyed',
  'corrected',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Who caused an event: a person with a token, or the registry itself. */
export interface EventActor {
  readonly sub: string;
  readonly org: string;
  readonly role: Role | 'registry';
  readonly country: string;
}

/** Facts that only some event types carry. Ids, names and short texts; never nested deeper than this. */
export interface EventDetail {
  readonly [name: string]: string | number | boolean | undefined;
}

/** A fact about an item, before it has its place in the item's sequence. */
export interface EventDraft {
  /** Derived from the deciding record, so that recording the fact twice changes nothing. */
  readonly eventId: string;
  readonly itemId: string;
  readonly type: EventType;
  /** When it happened. */
  readonly occurredAt: Instant;
  /** When the registry learned it. */
  readonly recordedAt: Instant;
  readonly actor: EventActor;
  /** The exporter whose declaration the event belongs to. */
  readonly org?: string;
  readonly declarationId?: string;
  readonly line?: number;
  /** UN/LOCODE or ISO 3166-1 alpha-2 country. */
  readonly place?: string;
  readonly detail: EventDetail;
}

/** A fact in its place. Append-only: nothing in it ever changes. */
export interface ItemEvent extends EventDraft {
  /** 1, 2, 3 … within the item, without gaps. */
  readonly seq: number;
  /** 128 random bits, so that a digest gives nothing away about what it covers. */
  readonly nonce: string;
  /** SHA-256, hexadecimal, of the RFC 8785 canonical JSON of everything above. */
  readonly digest: string;
}

/** The country where it happened: an event without a place was where the officer is. */
export function countryOf({ place, actor }: Pick<EventDraft, 'place' | 'actor'>): string {
  return place?.slice(0, 2) ?? actor.country;
}

/** Gives a draft its place, its nonce and its digest. */
export function sealed(draft: EventDraft, seq: number, nonce: string): ItemEvent {
  // Every filed item is sealed about three times; a spread would take ten times as long as this.
  const open = Object.assign({}, draft, { seq, nonce });
  return Object.assign(open, { digest: hash('sha256', canonicalJson(open), 'hex') });
}

/** True when the event's digest is that of its content. */
export function isIntact(event: ItemEvent): boolean {
  const { digest, ...open } = event;
  return digest === hash('sha256', canonicalJson(open), 'hex');
}
