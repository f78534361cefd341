import type { Route } from '../../platform/http/index.ts';
import { catalogueAnswer } from './catalogue-answer.schema.ts';
import type { Catalogue } from './catalogue.ts';

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
      answers: { 200: { description: 'The catalogue', schema: catalogueAnswer } },
      handle: () => ({ status: 200, body: { version, kinds, makers, models, regimes } }),
    },
  ];
}
