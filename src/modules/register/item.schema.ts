import joi from 'joi';
import { ITEM_STATUSES } from './item-head.ts';
import { EVENT_TYPES } from './item-event.ts';

/** What an authority may record about an item by hand. */
export const RECORDABLE = [
  'inspected',
  'seized',
  'arrived',
  'lost',
  'stolen',
  'destroyed',
  'transferred',
  'refurbished',
  'restamped',
  'fitted',
  'removed',
  'corrected',
] as const;

const text = (max: number) => joi.string().min(1).max(max).pattern(/\S/, 'something besides spaces');
const instant = joi
  .string()
  .pattern(
    /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,3})?Z$/,
    'ISO 8601 instant in UTC',
  )
  .example('2026-11-02T09:00:00Z');
const itemId = joi.string().pattern(/^itm_[0-9a-z]{26}$/, 'an item id');

export const itemParams = joi.object({
  id: joi
    .string()
    .pattern(/^[a-z0-9_-]{1,64}$/i, 'an id')
    .required()
    .example('itm_0123456789abcdefghjkmnpqrs'),
});

export const itemEventBody = joi.object({
  type: joi
    .string()
    .valid(...RECORDABLE)
    .required(),
  occurredAt: instant.description('When it happened; now, when left out'),
  place: joi
    .string()
    .pattern(/^[A-Z]{2}([A-Z2-9]{3})?$/, 'UN/LOCODE or country')
    .description('UN/LOCODE, or ISO 3166-1 alpha-2 country')
    .example('AUSYD'),
  note: text(1_000),
  pressId: itemId.description('For `fitted`: the press'),
  toOrg: text(63).description('For `transferred`: the organisation that holds it now'),
  newSerial: text(80).description('For `restamped`: what is marked now'),
  corrects: joi
    .string()
    .pattern(/^evt_[0-9a-z]{26}$/, 'an event id')
    .description('For `corrected`: the event that was wrong'),
  policeFile: text(100).description('For `lost` and `stolen`'),
});

export const historyQuery = joi.object({
  asOf: instant.description('Only what the registry knew by then'),
  limit: joi.number().integer().min(1).max(1_000),
  cursor: joi
    .string()
    .min(1)
    .max(500)
    .pattern(/^[\w-]+$/, 'a cursor'),
});
export const relatedQuery = joi.object({
  limit: joi.number().integer().min(1).max(500),
  cursor: joi
    .string()
    .min(1)
    .max(500)
    .pattern(/^[\w-]+$/, 'a cursor'),
});

const id = joi.string().required();
export const itemAnswer = joi.object({
  itemId: id,
  maker: id,
  makerName: id,
  kind: id,
  serial: id,
  serialKey: id,
  model: joi.string(),
  stations: joi.number().integer(),
  year: joi.number().integer(),
  assignedMark: joi.boolean().required(),
  registeredAt: instant.required(),
  status: joi
    .string()
    .valid(...ITEM_STATUSES)
    .required(),
  country: joi.string(),
  exitedFrom: joi.string(),
  fittedTo: joi.string(),
  heldBy: joi.string(),
});
export const eventAnswer = joi.object({
  eventId: id,
  itemId: id,
  seq: joi.number().integer().required(),
  type: joi
    .string()
    .valid(...EVENT_TYPES)
    .required(),
  occurredAt: instant.required(),
  recordedAt: instant.required(),
  actor: joi.object().unknown(true).required(),
  org: joi.string(),
  declarationId: joi.string(),
  line: joi.number().integer(),
  place: joi.string(),
  detail: joi.object().unknown(true).required(),
  nonce: id,
  digest: id,
});
export const historyAnswer = joi.object({
  itemId: id,
  asOf: instant,
  events: joi.array().items(eventAnswer).required(),
});
export const relatedAnswer = joi.object({
  itemId: id,
  press: itemAnswer,
  parts: joi.array().items(itemAnswer).required(),
});

export const idempotencyHeaders = joi.object({
  'idempotency-key': joi
    .string()
    .pattern(/^[\x21-\x7e]{1,255}$/, 'visible ASCII')
    .description('Names the request, so that sending it again gives the same answer and does nothing more'),
});
