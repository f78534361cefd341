import joi from 'joi';
import { MAX_SERIAL_LENGTH } from '../../kernel/serial.ts';
import { instantOrDay, pageParams, text } from '../../platform/http/index.ts';

export const lookupQuery = joi.object({
  serial: text(MAX_SERIAL_LENGTH).required().description('As it can be read').example('zp33 2O25-0O4l7'),
  maker: text(200).description('As named on the item; another maker ranks lower and rules nothing out'),
  kind: text(40),
  case: text(100).description('The case the look-up belongs to; kept in the look-up log'),
});

export const lookupLogQuery = joi.object({
  org: text(63),
  case: text(100),
  since: instantOrDay.description('Looked up at this instant or later; of a day, from its start (UTC)'),
  ...pageParams,
});

const id = joi.string().required();
const any = joi.object().unknown(true);

export const lookupAnswer = joi.object({
  lookupId: id,
  at: id,
  query: joi
    .object({
      serial: id,
      serialKey: joi.string().allow('').required(),
      serialFold: joi.string().allow('').required(),
      maker: joi.string(),
      kind: joi.string(),
      case: joi.string(),
    })
    .required(),
  verdict: joi.string().valid('clear', 'caution', 'stop', 'unknown').required(),
  reasons: joi
    .array()
    .items(
      joi.object({
        code: id,
        level: joi.string().valid('info', 'caution', 'stop').required(),
        because: id,
        itemId: joi.string(),
      }),
    )
    .required(),
  matches: joi
    .array()
    .items(
      joi.object({
        item: any.required(),
        marked: id,
        match: joi.string().valid('exact', 'normalised', 'confusable').required(),
        score: joi.number().min(0).max(1).required(),
        differences: joi.array().items(any).required(),
        history: joi.array().items(any).required(),
        historyTruncated: joi.boolean().required(),
      }),
    )
    .required(),
  truncated: joi.boolean().required(),
});

export const lookupLogAnswer = joi.object({ lookups: joi.array().items(any).required() });

export const bulkLookupAnswer = lookupAnswer
  .fork(['lookupId', 'at', 'query', 'verdict', 'reasons', 'matches', 'truncated'], (schema) =>
    schema.optional(),
  )
  .keys({ line: joi.number().integer(), problem: joi.object().unknown(true) });
