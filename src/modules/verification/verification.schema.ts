import joi from 'joi';

export const reviewsQuery = joi.object({
  limit: joi.number().integer().min(1).max(500),
  cursor: joi
    .string()
    .min(1)
    .max(500)
    .pattern(/^[\w-]+$/, 'a cursor')
    .description('From the Link header of the page before'),
});

export const reviewsAnswer = joi.object({
  reviews: joi
    .array()
    .items(
      joi.object({
        declarationId: joi.string().required(),
        org: joi.string().required(),
        reference: joi.string().required(),
        filedAt: joi.string().required(),
        itemCount: joi.number().integer().required(),
        findings: joi.array().items(joi.object().unknown(true)).required(),
      }),
    )
    .required(),
});
