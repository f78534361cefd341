import { normalisedInstant } from '../../kernel/clock.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Call, Route } from '../../platform/http/index.ts';
import { actorOf, idempotencyHeaders, idParams, page, pageAsked } from '../../platform/http/index.ts';
import type { ItemAccess, Observation } from './item-access.service.ts';
import type { EventDetail, EventType } from './item-event.ts';
import { eventView, itemView } from './item-view.ts';
import * as shapes from './item.schema.ts';

const tag = 'Items';

/** The calls about single items. */
export function itemRoutes({ items }: { items: ItemAccess }): Route[] {
  return [
    {
      method: 'get',
      path: '/v1/items/{id}',
      operationId: 'getItem',
      action: 'item.read',
      tag,
      summary: 'An item and what its history adds up to; an exporter sees items it declared',
      params: idParams,
      answers: { 200: { description: 'The item', schema: shapes.itemAnswer } },
      async handle(call) {
        return { status: 200, body: itemView(await items.get(actorOf(call), idOf(call))) };
      },
    },
    {
      method: 'get',
      path: '/v1/items/{id}/history',
      operationId: 'getItemHistory',
      action: 'item.read',
      tag,
      summary: 'What happened to an item, in order; with asOf, as the registry knew it then',
      params: idParams,
      query: shapes.historyQuery,
      answers: {
        200: { description: 'A page; the Link header names the next one', schema: shapes.historyAnswer },
      },
      async handle(call) {
        const actor = actorOf(call);
        const { asOf } = call.query as { asOf?: string };
        const { limit, after } = pageAsked(call, ['number']);
        const known = asOf === undefined ? {} : { asOf: normalisedInstant(asOf, 'asOf', 'end') };
        const query = { ...known, afterSeq: Number(after?.[0] ?? 0), limit: limit + 1 };
        const found = await items.history(actor, idOf(call), query);
        const { shown, headers } = page(call, found, limit, ({ seq }) => [seq]);
        return {
          status: 200,
          body: { itemId: idOf(call), ...known, events: shown.map((event) => eventView(event, actor)) },
          headers,
        };
      },
    },
    {
      method: 'get',
      path: '/v1/items/{id}/related',
      operationId: 'getRelatedItems',
      action: 'item.read',
      tag,
      summary: 'The press a part is fitted to, and all parts fitted to that press',
      params: idParams,
      query: shapes.relatedQuery,
      answers: {
        200: { description: 'A page; the Link header names the next one', schema: shapes.relatedAnswer },
      },
      async handle(call) {
        const { limit, after } = pageAsked(call, ['string']);
        const position = after === null ? null : String(after[0]);
        const { press, parts } = await items.related(actorOf(call), idOf(call), position, limit + 1);
        const { shown, headers } = page(call, parts, limit, (part) => [part.item.itemId]);
        const body = {
          itemId: idOf(call),
          ...(press === undefined ? {} : { press: itemView(press) }),
          parts: shown.map(itemView),
        };
        return {
          status: 200,
          body,
          headers,
        };
      },
    },
    {
      method: 'post',
      path: '/v1/items/{id}/events',
      operationId: 'recordItemEvent',
      action: 'item.record-event',
      tag,
      summary:
        'Record what was seen or learned about an item: inspected, seized, lost, destroyed, corrected …',
      params: idParams,
      headers: idempotencyHeaders,
      body: { schema: shapes.itemEventBody },
      answers: {
        201: { description: 'Recorded', schema: shapes.eventAnswer },
        409: { description: 'The Idempotency-Key was used for another request' },
      },
      async handle(call) {
        const actor = actorOf(call);
        const { 'idempotency-key': key } = call.headers as { 'idempotency-key'?: string };
        const request = key === undefined ? {} : { key };
        const { event, replayed } = await items.observe(actor, idOf(call), observationOf(call), request);
        return {
          status: 201,
          body: eventView(event, actor),
          headers: replayed ? { 'idempotent-replayed': 'true' } : {},
        };
      },
    },
  ];
}

function idOf(call: Call): string {
  return (call.params as { id: string }).id;
}

/** Fields that only some events have, and who has them; where `true`, an event of that type means nothing without. */
const FIELDS: Readonly<Record<string, Partial<Record<EventType, boolean>>>> = {
  corrects: { corrected: true },
  pressId: { fitted: true },
  toOrg: { transferred: true },
  newSerial: { restamped: true },
  policeFile: { lost: false, stolen: false, seized: false },
};

function refuseMisplaced(type: EventType, detail: EventDetail): void {
  const faults = Object.entries(FIELDS).flatMap(([field, types]) => {
    if (detail[field] === undefined && types[type] === true) {
      return [
        { field, code: 'required', message: `${field} is missing: an event of the type ${type} needs it.` },
      ];
    }
    if (detail[field] !== undefined && types[type] === undefined) {
      return [
        { field, code: 'not-for-this-type', message: `${field} is not for an event of the type ${type}.` },
      ];
    }
    return [];
  });
  if (faults.length > 0)
    throw new Failure('invalid', 'invalid', 'The event is not as its type asks.', { faults });
}

function observationOf(call: Call): Observation {
  const { type, occurredAt, place, ...detail } = call.body as {
    type: EventType;
    occurredAt?: string;
    place?: string;
  } & EventDetail;
  refuseMisplaced(type, detail);
  return {
    type,
    ...(occurredAt === undefined ? {} : { occurredAt: normalisedInstant(occurredAt, 'occurredAt') }),
    ...(place === undefined ? {} : { place }),
    detail,
  };
}
