import type { mongo } from 'mongoose';
import { Schema } from 'mongoose';
import { serialFold as foldOf, serialKey as keyOf } from '../../kernel/serial.ts';
import { SCHEMA_OPTIONS } from '../../platform/mongo/index.ts';
import type { EventActor, EventDetail, EventType, ItemEvent } from './item-event.ts';
import type { ItemHead } from './item-head.ts';
import type { Item } from './item.ts';
import type { Entry, ItemWithHead } from './register.ports.ts';

type HeadFacts = Omit<ItemHead, 'seq'>;

/** `detail` is JSON: its names are free, and a document's may not begin with `$` everywhere. */
export interface EventDocument {
  readonly eventId: string;
  readonly seq: number;
  readonly type: EventType;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly actor: EventActor;
  readonly org?: string;
  readonly declarationId?: string;
  readonly line?: number;
  readonly place?: string;
  readonly detail: string;
  readonly nonce: mongo.Binary | Buffer;
  readonly digest: mongo.Binary | Buffer;
}

/**
 * An item with what its history adds up to and its latest events: one write that expects `seq` appends events and
 * moves the head. `keys` and `folds` hold its serial as registered and every mark stamped later.
 */
export interface ItemDocument extends Omit<Item, 'itemId'> {
  readonly _id: string;
  readonly keys: readonly string[];
  readonly folds: readonly string[];
  readonly fittedTo?: string;
  readonly seq: number;
  readonly head: HeadFacts;
  /** Events up to this seq lie in pages. */
  readonly pagedTo: number;
  readonly events: readonly EventDocument[];
  /** Another one with each write of events, by which a write whose answer was lost is told from a rival's. */
  readonly stamp?: mongo.ObjectId;
}

/** A hundred old events of an item with a long history; written once. */
export interface EventPageDocument {
  readonly _id: string;
  readonly itemId: string;
  readonly lastSeq: number;
  readonly events: readonly EventDocument[];
}

const text = { type: String, required: true } as const;
const number = { type: Number, required: true } as const;

const itemSchema = new Schema<ItemDocument>(
  {
    _id: text,
    maker: text,
    makerName: text,
    kind: text,
    serial: text,
    serialKey: text,
    serialFold: text,
    assignedMark: Boolean,
    model: String,
    stations: Number,
    year: Number,
    registeredAt: text,
    keys: [String],
    folds: [String],
    fittedTo: String,
    seq: number,
    head: Schema.Types.Mixed,
    pagedTo: number,
    events: [Schema.Types.Mixed],
    stamp: Schema.Types.ObjectId,
  },
  SCHEMA_OPTIONS,
);
itemSchema.index({ folds: 1 }, { name: 'items_by_fold' });
itemSchema.index({ keys: 1 }, { name: 'items_by_key' });
itemSchema.index(
  { fittedTo: 1, _id: 1 },
  { name: 'items_by_press', partialFilterExpression: { fittedTo: { $exists: true } } },
);

const pageSchema = new Schema<EventPageDocument>(
  { _id: text, itemId: text, lastSeq: number, events: [Schema.Types.Mixed] },
  SCHEMA_OPTIONS,
);
pageSchema.index({ itemId: 1, lastSeq: 1 }, { name: 'pages_by_item', unique: true });

export const ITEMS = { name: 'items', schema: itemSchema };
export const EVENT_PAGES = { name: 'event_pages', schema: pageSchema };

/** The item as it is registered with its first events. */
export function toDocument(item: Item, first: readonly Entry[]): ItemDocument {
  const { itemId, ...facts } = item;
  const head = first.at(-1)?.head;
  const marks = head?.marks ?? [];
  return {
    _id: itemId,
    ...facts,
    keys: [...new Set([item.serialKey, ...marks.map(keyOf)])],
    folds: [...new Set([item.serialFold, ...marks.map(foldOf)])],
    ...(head?.fittedTo === undefined ? {} : { fittedTo: head.fittedTo }),
    seq: head?.seq ?? 0,
    head: head === undefined ? { status: 'declared' } : factsOf(head),
    pagedTo: 0,
    events: first.map(({ event }) => toEventDocument(event)),
  };
}

export function factsOf({ seq: _seq, ...facts }: ItemHead): HeadFacts {
  return facts;
}

export function toHead({ seq, head }: Pick<ItemDocument, 'seq' | 'head'>): ItemHead {
  return { ...head, seq };
}

export function toItem(document: Omit<ItemDocument, 'events'>): ItemWithHead {
  const { _id: itemId, keys: _k, folds: _f, fittedTo: _p, seq, head, pagedTo: _t, ...rest } = document;
  const { events: _e, stamp: _s, ...facts } = rest as Omit<ItemDocument, '_id'>;
  return { item: { itemId, ...facts }, head: { ...head, seq } };
}

export function toEventDocument(event: ItemEvent): EventDocument {
  const { itemId: _itemId, detail, nonce, digest, ...facts } = event;
  return {
    ...facts,
    detail: JSON.stringify(detail),
    nonce: Buffer.from(nonce, 'hex'),
    digest: Buffer.from(digest, 'hex'),
  };
}

export function toEvent(itemId: string, document: EventDocument): ItemEvent {
  const { detail, nonce, digest, ...facts } = document;
  return Object.assign(facts, {
    itemId,
    detail: JSON.parse(detail) as EventDetail,
    nonce: hex(nonce),
    digest: hex(digest),
  });
}

export function hex(bytes: mongo.Binary | Buffer): string {
  return Buffer.isBuffer(bytes) ? bytes.toString('hex') : bytes.toString('hex');
}
