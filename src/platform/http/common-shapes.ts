import joi from 'joi';

/**
 * Text for people: something besides spaces, up to `max` characters. A character is a Unicode code point, as JSON
 * Schema counts them; joi's own `max` counts some as two.
 */
export const text = (max: number) =>
  joi
    .string()
    .min(1)
    .pattern(/\S/, 'text with something besides spaces')
    .custom((value: string, helpers) =>
      value.length <= max || isWithin(value, max) ? value : helpers.error('string.max', { limit: max }),
    )
    .meta({ jsonSchema: { maxLength: max } });

function isWithin(value: string, max: number): boolean {
  return value.length <= 2 * max && [...value].length <= max;
}

export const instant = joi
  .string()
  .pattern(
    /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/,
    'an ISO 8601 instant with Z or an offset, such as 2026-12-15T08:30:00Z',
  )
  .description('ISO 8601 instant, with Z or an offset; kept in UTC')
  .meta({ jsonSchema: { format: 'date-time' } })
  .example('2026-12-15T08:30:00Z');

/** For queries: an instant, or a day that stands for its start or end. */
export const instantOrDay = joi
  .string()
  .pattern(
    /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d))?$/,
    'an ISO 8601 date, or instant with Z or an offset (its + written as %2B)',
  )
  .example('2026-12-15T08:30:00Z');

/** The parameters of a list that is read in pages. */
export const pageParams = {
  limit: joi.number().integer().min(1).max(500).description('How many to show; 50 when left out'),
  cursor: joi
    .string()
    .min(1)
    .max(500)
    .pattern(/^[\w-]+$/, 'a cursor')
    .description('From the Link header of the page before'),
};

/** The id in an address. One that no record has is answered as not found, whatever it looks like. */
export const idParams = joi.object({
  id: joi
    .string()
    .pattern(/^[A-Za-z0-9_-]{1,64}$/, 'an id')
    .required(),
});

export const idempotencyHeaders = joi.object({
  'idempotency-key': joi
    .string()
    .pattern(/^[\x21-\x7e]+$/, 'visible ASCII characters')
    .max(255)
    .description('Names the request, so that sending it again gives the same answer and does nothing more'),
});
