import { normalisedInstant } from '../../kernel/clock.ts';
import type { Route } from '../../platform/http/index.ts';
import { actorOf, page, pageAsked } from '../../platform/http/index.ts';
import type { LookupLog } from './lookup.ports.ts';
import { lookupAnswer, lookupLogAnswer, lookupLogQuery, lookupQuery } from './lookup.schema.ts';
import type { LookupService } from './lookup.service.ts';
import type { LookupQuery } from './lookup.ts';
import { answerView } from './lookup-view.ts';

/** The calls that look serials up one by one, and the log of who did. */
export function lookupRoutes({ lookup, log }: { lookup: LookupService; log: LookupLog }): Route[] {
  return [
    {
      method: 'get',
      path: '/v1/lookup',
      writes: true,
      operationId: 'lookUp',
      action: 'lookup.one',
      tag: 'Look-up',
      summary: 'Look a serial up as it can be read: ranked matches, histories and a verdict with reasons',
      description:
        'Each look-up is logged before it is answered: who, when, what, for which case, and the verdict.',
      query: lookupQuery,
      answers: { 200: { description: 'The answer', schema: lookupAnswer } },
      async handle(call) {
        const actor = actorOf(call);
        return {
          status: 200,
          body: answerView(await lookup.lookUp(actor, call.query as LookupQuery), actor),
        };
      },
    },
    {
      method: 'get',
      path: '/v1/lookup-log',
      operationId: 'listLookups',
      action: 'lookup-log.read',
      tag: 'Look-up',
      summary: 'Who looked what up, in order of time',
      query: lookupLogQuery,
      answers: {
        200: { description: 'A page; the Link header names the next one', schema: lookupLogAnswer },
      },
      async handle(call) {
        const { since, org, case: caseRef } = call.query as LogQuery;
        const { limit, after } = pageAsked(call, ['string', 'string']);
        const found = await log.list({
          ...(org === undefined ? {} : { org }),
          ...(caseRef === undefined ? {} : { case: caseRef }),
          ...(since === undefined ? {} : { since: normalisedInstant(since, 'since', 'start') }),
          ...(after === null ? {} : { after: { at: String(after[0]), lookupId: String(after[1]) } }),
          limit: limit + 1,
        });
        const { shown, headers } = page(call, found, limit, ({ at, lookupId }) => [at, lookupId]);
        return { status: 200, body: { lookups: shown }, headers };
      },
    },
  ];
}

interface LogQuery {
  readonly org?: string;
  readonly case?: string;
  readonly since?: string;
}
