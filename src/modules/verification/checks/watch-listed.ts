import type { Finding } from '../../declarations/index.ts';
import type { Facts, PartyHit } from '../facts.ts';
import { quoted } from './wording.ts';

const ROLE_NAMES: Record<PartyHit['role'], string> = {
  consignee: 'consignee',
  endUser: 'end user',
  broker: 'broker',
};

/**
 * `watch-listed` (warning): a party's name is that of a watched party (exact) or like it (fuzzy). Names are shared:
 * a possible match, never proof. Which entry it is, only the evidence says.
 */
export function watchListed({ partyHits }: Facts): Finding[] {
  return partyHits.map(({ role, name, hit }) => {
    const how = hit.how === 'exact' ? 'an exact' : 'a fuzzy';
    return {
      code: 'watch-listed',
      level: 'warning',
      because: `The ${ROLE_NAMES[role]} ${quoted(name)} is a possible match with the watch list: ${how} match of names, score ${hit.score.toFixed(2)}.`,
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
