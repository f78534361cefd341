import joi from 'joi';

const rows = joi.array().items(joi.object().unknown(true)).required();
export const catalogueAnswer = joi.object({ version: joi.string().required(), kinds: rows, makers: rows, models: rows, regimes: rows });

