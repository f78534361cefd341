import type { Route } from '../../platform/http/index.ts';
import { page, pageAsked } from '../../platform/http/index.ts';
import type { DeclarationStore } from '../declarations/index.ts';
import { reviewsAnswer, reviewsQuery } from './verification.schema.ts';

/** A declaration of 2,000 lines can have thousands of findings; the review list shows the first of them. */
const FINDINGS_SHOWN = 50;

/** The regulator's review queue. */
export function reviewRoutes({ declarations }: { declarations: DeclarationStore }): Route[] {
  return [
    {
      method: 'get',
      path: '/v1/reviews',
      operationId: 'listReviews',
      action: 'review.list',
      tag: 'Reviews',
      summary: 'Declarations that wait for a decision, in order of filing',
      query: reviewsQuery,
      answers: { 200: { description: 'A page; the Link header names the next one', schema: reviewsAnswer } },
      async handle(call) {
        const { limit, after } = pageAsked(call, ['string', 'string']);
        const waiting = await declarations.list({
          state: 'needs-review',
          ...(after === null ? {} : { after: { filedAt: String(after[0]), id: String(after[1]) } }),
          limit: limit + 1,
        });
        const { shown, headers } = page(call, waiting, limit, ({ filedAt, id }) => [filedAt, id]);
        const reviews = [];
        for (const { id } of shown) {
          const found = await declarations.find(id);
          if (found === null) continue;
          const { org, reference, filedAt, content, verification: checked } = found;
          const findings = checked.findings.slice(0, FINDINGS_SHOWN);
          reviews.push({
            declarationId: id,
            org,
            reference,
            filedAt,
            itemCount: content.lines.length,
            findings,
          });
        }
        return { status: 200, body: { reviews }, headers };
      },
    },
  ];
}
