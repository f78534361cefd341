import type { Actor } from '../../kernel/actor.ts';
import type { Clock, Instant } from '../../kernel/clock.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { refuseFuture } from '../../kernel/clock.ts';
import { derivedId } from '../../kernel/derived-id.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Random } from '../../kernel/random.ts';
import type { EventDetail, EventType, ItemEvent } from './item-event.ts';
import { ownPart } from './own-part.ts';
import type { ItemWithHead } from './register.ports.ts';
import type { RegisterService } from './register.service.ts';

/** An item with more events than this shows an exporter only what lies in the first ones. */
const MAX_EVENTS = 10_000;
/** No press has more parts; so many are looked through for those an exporter declared. */
const MAX_PARTS = 2_000;

export interface Observation {
  readonly type: EventType;
  readonly occurredAt?: Instant;
  readonly place?: string;
  readonly detail: EventDetail;
}

export type ItemAccess = ReturnType<typeof createItemAccess>;

/** What people with a token may see and record of single items. An exporter sees items that it declared, and its own part of their history. */
export function createItemAccess({
  register,
  clock,
  random,
}: {
  register: RegisterService;
  clock: Clock;
  random: Random;
}) {
  const { store } = register;

  /** @throws Failure `not-found`, also for an exporter that never declared the item */
  async function get(actor: Actor, itemId: string): Promise<ItemWithHead> {
    const found = (await store.findItems([itemId])).get(itemId);
    const seen = found === undefined ? undefined : (await asSeenBy(actor, [found]))[0];
    if (seen === undefined) throw notFound();
    return seen;
  }

  async function ownEvents(actor: Actor, itemId: string): Promise<ItemEvent[]> {
    const events = await store.history(itemId, { limit: MAX_EVENTS });
    return events.filter((event) => event.org === actor.org);
  }

  /** Events in order of seq, as known at `asOf`, after `afterSeq`. @throws Failure `not-found` */
  async function history(
    actor: Actor,
    itemId: string,
    query: { asOf?: Instant; afterSeq: number; limit: number },
  ): Promise<ItemEvent[]> {
    if (actor.role !== 'exporter') {
      await get(actor, itemId);
      return store.history(itemId, query);
    }
    const own = await ownEvents(actor, itemId);
    if (own.length === 0) throw notFound();
    const { asOf, afterSeq, limit } = query;
    const isKnown = (event: ItemEvent) => asOf === undefined || event.recordedAt <= asOf;
    return own.filter((event) => event.seq > afterSeq && isKnown(event)).slice(0, limit);
  }

  /** The press an item is fitted to, and the parts fitted to it or, for a part, to its press. */
  async function related(
    actor: Actor,
    itemId: string,
    after: string | null,
    limit: number,
  ): Promise<{ parts: ItemWithHead[]; press?: ItemWithHead }> {
    const { head } = await get(actor, itemId);
    const pressId = head.fittedTo ?? itemId;
    const enough = actor.role === 'exporter' ? MAX_PARTS : limit;
    const parts = await asSeenBy(actor, await store.fittedTo(pressId, after, enough));
    const fitted = head.fittedTo === undefined ? [] : [...(await store.findItems([pressId])).values()];
    const [press] = await asSeenBy(actor, fitted);
    return { parts: parts.slice(0, limit), ...(press === undefined ? {} : { press }) };
  }

  /** For an exporter: those that it declared, with what its own part of their history adds up to. */
  async function asSeenBy(actor: Actor, items: readonly ItemWithHead[]): Promise<ItemWithHead[]> {
    if (actor.role !== 'exporter') return [...items];
    const ids = items.map(({ item }) => item.itemId);
    const histories = await store.histories(ids, MAX_EVENTS);
    return items.flatMap(({ item }) => {
      const own = ownPart(item, histories.get(item.itemId) ?? [], actor.org);
      return own === null ? [] : [own];
    });
  }

  /**
   * Records what an authority saw or learned. The event itself is the deciding record: with a `key` the same request
   * sent again finds it and changes nothing.
   * @throws Failure `not-found`, `idempotency-mismatch`, `unknown-event`, `unknown-press`
   */
  async function observe(
    actor: Actor,
    itemId: string,
    seen: Observation,
    request: { key?: string },
  ): Promise<{ event: ItemEvent; replayed: boolean }> {
    await get(actor, itemId);
    await refuseUnknownNames(itemId, seen.detail);
    const eventId = derivedId('evt', itemId, actor.org, request.key ?? random.nonce());
    const before = await store.findEvent(itemId, eventId);
    const event = before ?? (await recorded(actor, itemId, eventId, seen));
    if (!tells(event, seen)) {
      throw new Failure(
        'conflict',
        'idempotency-mismatch',
        'This Idempotency-Key was used for another request.',
      );
    }
    return { event, replayed: before !== null };
  }

  async function recorded(
    actor: Actor,
    itemId: string,
    eventId: string,
    seen: Observation,
  ): Promise<ItemEvent> {
    const now = clock.now();
    const { type, occurredAt = now, place, detail } = seen;
    refuseFuture(occurredAt, now);
    const { sub, org, role, country } = actor;
    const draft = {
      eventId,
      itemId,
      type,
      occurredAt,
      recordedAt: now,
      actor: { sub, org, role, country },
      ...(place === undefined ? {} : { place }),
      detail,
    };
    await register.record([], [draft]);
    const stored = await store.findEvent(itemId, eventId);
    if (stored === null) throw new Error(`event ${eventId} is not there after it was recorded`);
    return stored;
  }

  async function refuseUnknownNames(itemId: string, detail: EventDetail): Promise<void> {
    const { corrects, pressId } = detail;
    if (typeof corrects === 'string' && (await store.findEvent(itemId, corrects)) === null) {
      throw unknown('corrects', 'unknown-event', 'names no event of this item');
    }
    if (
      typeof pressId === 'string' &&
      (pressId === itemId || (await store.findItems([pressId])).size === 0)
    ) {
      throw unknown('pressId', 'unknown-press', 'names no other registered item');
    }
  }

  return { get, history, related, observe };
}

/** True when the event is what was seen; a time that was left out is up to the registry. */
function tells(event: ItemEvent, { type, occurredAt, place, detail }: Observation): boolean {
  return (
    event.type === type &&
    event.place === place &&
    (occurredAt === undefined || event.occurredAt === occurredAt) &&
    canonicalJson(event.detail) === canonicalJson(detail)
  );
}

function unknown(field: string, code: string, message: string): Failure {
  return new Failure('invalid', code, 'The event names something that is not there.', {
    faults: [{ field, code, message }],
  });
}

function notFound(): Failure {
  return new Failure('not-found', 'not-found', 'There is no such item.');
}
