import joi from 'joi';
import { compileShape, instant, pageParams } from '../../platform/http/index.ts';
import { FORMATS, IMPORT_STATUSES, ON_ERROR } from './import.ts';

export const importQuery = joi.object({
  onError: joi
    .string()
    .valid(...ON_ERROR)
    .description(
      'What becomes of good rows beside refused ones: none is filed (`rollback`, when left out), or they are',
    ),
  mapping: joi
    .string()
    .max(8_000)
    .description('JSON object: heading in the file → column of the register, or "" to leave it out')
    .example('{"Werknummer":"serial"}'),
});
export const importsQuery = joi.object(pageParams);
export const rowsQuery = joi.object({
  outcome: joi.string().valid('accepted', 'refused').description('`refused` when left out'),
  ...pageParams,
});
/** @throws Failure `body-invalid` */
export const checkMapping = compileShape(
  joi.object().pattern(joi.string().max(200), joi.string().max(100).allow('')).max(200).required(),
  'body',
);

const count = joi.number().integer().min(0).required();
const word = joi.string().required();

export const importAnswer = joi.object({
  id: word,
  org: word,
  status: joi
    .string()
    .valid(...IMPORT_STATUSES)
    .required(),
  format: joi
    .string()
    .valid(...FORMATS)
    .required(),
  onError: joi
    .string()
    .valid(...ON_ERROR)
    .required(),
  createdAt: instant.required(),
  finishedAt: instant,
  bytes: count,
  sha256: word,
  rowsRead: count,
  rowsAccepted: count,
  rowsRefused: count,
  declarationsFiled: count,
  declarationsUnchanged: count.description('Had been filed before with the same content'),
  problem: joi
    .object({ code: word, message: word, line: joi.number().integer() })
    .description('Why nothing was filed'),
});
export const importsAnswer = joi.object({ imports: joi.array().items(importAnswer).required() });

export const rowsAnswer = joi.object({
  rows: joi
    .array()
    .items(
      joi.object({
        row: joi.number().integer().required(),
        line: joi.number().integer().required().description('Where the row begins in the file'),
        outcome: joi.string().valid('accepted', 'refused').required(),
        reference: joi.string(),
        declarationId: joi.string(),
        errors: joi
          .array()
          .items(joi.object({ column: joi.string().allow('').required(), code: word, message: word })),
        cells: joi.object().unknown(true).description('The row as sent, by column'),
      }),
    )
    .required(),
});
