import type { Screening } from '../catalogue/index.ts';
import type { Declaration } from '../declarations/index.ts';
import type { PartyHit } from './facts.ts';

/** The parties of a declaration that resemble a watched one. */
export function partyHits(screening: Screening, declaration: Declaration): PartyHit[] {
  const { consignee, endUser, broker } = declaration.content.consignment;
  const parties = { consignee, endUser, broker };
  return (['consignee', 'endUser', 'broker'] as const).flatMap((role) => {
    const party = parties[role];
    return party === undefined ? [] : screening.screen(party).map((hit) => ({ role, name: party.name, hit }));
  });
}
