import type { Route } from '../../platform/http/index.ts';
import { actorOf, page, pageAsked } from '../../platform/http/index.ts';
import type { RefusedFilingStore } from './declaration.ports.ts';
import { refusedFilingsAnswer, refusedFilingsQuery } from './declaration.schema.ts';

/** The call that finds filings that were turned away. */
export function refusedFilingRoutes({ refusedFilings }: { refusedFilings: RefusedFilingStore }): Route[] {
  return [
    {
      method: 'get',
      path: '/v1/refused-filings',
      operationId: 'listRefusedFilings',
      action: 'refused-filing.read',
      tag: 'Declarations',
      summary: 'Filings that were turned away, latest first; an exporter sees its own',
      query: refusedFilingsQuery,
      answers: {
        200: { description: 'A page; the Link header names the next one', schema: refusedFilingsAnswer },
      },
      async handle(call) {
        const actor = actorOf(call);
        const { limit, after } = pageAsked(call, ['string', 'string']);
        const found = await refusedFilings.list({
          ...(actor.role === 'exporter' ? { org: actor.org } : {}),
          ...(after === null ? {} : { after: { at: String(after[0]), id: String(after[1]) } }),
          limit: limit + 1,
        });
        const { shown, headers } = page(call, found, limit, ({ at, id }) => [at, id]);
        return { status: 200, body: { refusedFilings: shown }, headers };
      },
    },
  ];
}
