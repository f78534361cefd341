import joi from 'joi';
import type { Route } from '../../platform/http/index.ts';
import type { Catalogue } from './catalogue.ts';

const rows = joi.array().items(joi.object().unknown(true)).required();
const answer = joi.object({ version: joi.string().required(), kinds: rows, makers: rows, models: rows, regimes: rows });

/** The call that shows the reference data that declarations are checked against; the watch list is not part of it. */
export function catalogueRoutes({ catalogue }: { catalogue: Catalogue }): Route[] {
  const { version, kinds, makers, models, regimes } = catalogue;
  return [
    {
      method: 'get',
      path: '/v1/catalogue',
      operationId: 'getCatalogue',
      action: 'catalogue.read',
      tag: 'Catalogue',
      summary: 'Kinds, makers, models and regimes that declarations are checked against',
      answers: { 200: { description: 'The catalogue', schema: answer } },
      handle: () => ({ status: 200, body: { version, kinds, makers, models, regimes } }),
    },
  ];
}
