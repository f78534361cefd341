import type { Prng } from '../../../scripts/generator/prng.ts';
import type { Actor } from '../../../src/kernel/actor.ts';
import type { DeclarationInput, LineInput } from '../../../src/modules/declarations/declaration.ts';
import { filing } from '../../support/declarations.ts';

/** Parts that many filings declare at once, so that their events compete for places in one history. */
const SHARED_PARTS = 12;
const SHARED = 0.06;
/** A filing of more lines than are recorded in one go, now and then. */
const LARGE = 0.004;
const LARGE_ITEMS = 620;
const MOST_ITEMS = 4;

export function exporter(no: number): Actor {
  return { sub: `clerk-${no}`, role: 'exporter', org: `exporter-${no}`, country: 'TW' };
}

/** A filing whose serials nobody else uses, apart from a shared part now and then. */
export function seededFiling(prng: Prng, reference: string): DeclarationInput {
  const count = prng.chance(LARGE) ? LARGE_ITEMS : prng.integer(1, MOST_ITEMS);
  const items = Array.from({ length: count }, (_, index) => die(`NT-${reference}-${index + 1}`));
  if (prng.chance(SHARED)) items.push(die(`NT-SHARED-${prng.integer(1, SHARED_PARTS)}-D`));
  return filing({ reference, items });
}

function die(serial: string): LineInput {
  return { kind: 'die', maker: 'Natoli', serial };
}
