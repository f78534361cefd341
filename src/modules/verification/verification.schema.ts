import joi from 'joi';
import { pageParams } from '../../platform/http/index.ts';

export const reviewsQuery = joi.object(pageParams);

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

/** All that a job says: Redis may be read by others. */
export interface VerificationJob {
  readonly declarationId: string;
}

export const jobShape = joi.object<VerificationJob>({ declarationId: joi.string().max(64).required() });
