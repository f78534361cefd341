import { decodeCursor, encodeCursor } from '../../kernel/cursor.ts';
import type { Route } from '../../platform/http/index.ts';
import { actorOf, nextLink } from '../../platform/http/index.ts';
import type { RefusedFilingStore } from './declaration.ports.ts';
import { refusedFilingsAnswer, refusedFilingsQuery } from './declaration.schema.ts';

const PAGE = 50;

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
        const { limit = PAGE, cursor } = call.query as { limit?: number; cursor?: string };
        const after = cursor === undefined ? null : decodeCursor(cursor, ['string', 'string']);
        const page = await refusedFilings.list({
          ...(actor.role === 'exporter' ? { org: actor.org } : {}),
          ...(after === null ? {} : { after: { at: String(after[0]), id: String(after[1]) } }),
          limit: limit + 1,
        });
        const shown = page.slice(0, limit);
        const last = shown.at(-1);
        const more = page.length > limit && last !== undefined;
        return {
          status: 200,
          body: { refusedFilings: shown },
          headers: more ? nextLink(call, encodeCursor([last.at, last.id])) : {},
        };
      },
    },
  ];
}
