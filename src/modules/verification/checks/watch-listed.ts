import type { Finding } from '../../declarations/index.ts';
import type { Facts, PartyHit } from '../facts.ts';
import { quoted } from '../../../kernel/wording.ts';

const ROLE_NAMES: Record<PartyHit['role'], string> = {
  consignee: 'consignee',
  endUser: 'end user',
  broker: 'broker',
};

/**
 * `watch-listed` (warning): a party's name is that of a watched party, letter for letter or in other words' order, case,
 * script or legal form (exact), or like it (fuzzy). Names are shared: a possible match, never proof. Which entry it is, only the evidence says.
 */
export function watchListed({ partyHits }: Facts): Finding[] {
  return partyHits.map(({ role, name, hit }) => {
    return {
      code: 'watch-listed',
      level: 'warning',
      because: `The ${ROLE_NAMES[role]} ${quoted(name)} is a possible match with the watch list, which holds ${likeness(name, hit)}.`,
      evidence: {
        role,
        entityId: hit.entityId,
        listedName: hit.name,
        listedCountries: hit.listedCountries,
        score: hit.score,
        how: hit.how,
      },
    };
  });
}

function likeness(name: string, hit: PartyHit['hit']): string {
  if (hit.how === 'fuzzy') return `a similar name, score ${hit.score.toFixed(2)}`;
  return hit.name === name ? 'the very name' : 'the same name but for case, word order, script or legal form';
}
