import joi from 'joi';
import { instant, instantOrDay, pageParams, text } from '../../platform/http/index.ts';
import { ITEM_STATUSES } from './item-head.ts';
import { EVENT_TYPES } from './item-event.ts';

/** What an authority may record about an item by hand. */
const RECORDABLE = [
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

const itemId = joi.string().pattern(/^itm_[0-9a-z]{26}$/, 'an item id');

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
  asOf: instantOrDay.description('Only what the registry knew by then; of a day, by its end (UTC)'),
  ...pageParams,
});
export const relatedQuery = joi.object(pageParams);

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
  marks: joi.array().items(joi.string()).description('What was marked on it since it was registered'),
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
