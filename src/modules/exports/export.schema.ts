import joi from 'joi';
import { instant, pageParams, text } from '../../platform/http/index.ts';

export const exportQuery = joi.object({
  org: text(63).description('One exporter: its declarations and items; the whole register when left out'),
  cursor: pageParams.cursor.description('From the last whole part line of an export that was cut'),
});

const count = joi.number().integer().min(0).required();
const digest = joi
  .string()
  .pattern(/^[0-9a-f]{64}$/, 'a SHA-256')
  .required();
const word = joi.string().required();

/** Of each line one member, or `item` with `history`. */
export const exportLine = joi.object({
  declaration: joi.object().unknown(true).description('As GET /v1/declarations/{id} shows it'),
  item: joi.object().unknown(true).description('As GET /v1/items/{id} shows it'),
  history: joi
    .array()
    .items(joi.object().unknown(true))
    .description('Events of the item in order of `seq`, as its history shows them'),
  part: joi.object({
    no: count,
    records: count,
    sha256: digest.description('SHA-256 of the lines since the part before, line feeds included'),
    cursor: word.description('Goes on behind this line'),
  }),
  manifest: joi
    .object({
      registerId: word,
      exporter: joi.string(),
      histories: joi.string().valid('whole', 'own').required(),
      at: instant.required(),
      parts: count,
      declarations: count,
      items: count,
      events: count,
      sha256: digest.description(
        'Over the parts: SHA-256 of the hexadecimal value so far, at first that of nothing, and the SHA-256 of the part',
      ),
    })
    .description('The last line; an export without it is not complete'),
});
