import type { Actor } from '../../kernel/actor.ts';
import { eventView, itemView } from '../register/index.ts';
import type { Answer } from './lookup.ts';

/** A look-up's answer as the API shows it. */
export function answerView(answer: Answer, viewer: Actor) {
  const { lookupId, at, query, serialKey, serialFold, verdict, reasons, matches, truncated } = answer;
  return {
    lookupId,
    at,
    query: { ...query, serialKey, serialFold },
    verdict,
    reasons,
    matches: matches.map(({ item, head, history, ...how }) => ({
      item: itemView({ item, head }),
      ...how,
      history: history.map((event) => {
        const { itemId: _itemId, nonce: _nonce, digest: _digest, ...shown } = eventView(event, viewer);
        return shown;
      }),
    })),
    truncated,
  };
}
