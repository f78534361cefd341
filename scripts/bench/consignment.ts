import type { DeclarationInput } from '../../src/modules/declarations/index.ts';
import type { LineInput } from '../generator/machines.ts';
import { COMPRIMA_300, kit } from '../generator/machines.ts';
import type { Prng } from '../generator/prng.ts';
import { pickRoute } from '../generator/trade.ts';

const YEAR = 2026;
const DAYS_AHEAD = 30;
const DAY_MS = 86_400_000;

/**
 * A declaration of exactly `size` new items: presses, each with its full set of punches and dies, and encapsulators
 * for the rest.
 * @param mark part of the reference and of every serial, so that nothing of it is registered yet
 */
export function consignment(prng: Prng, org: string, mark: string, size: number): DeclarationInput {
  const items: LineInput[] = [];
  for (let no = 1; ; no += 1) {
    const set = kit(COMPRIMA_300, `C300-${mark}-${no}`, YEAR);
    if (items.length + set.length > size) break;
    items.push(...set);
  }
  for (let no = 1; items.length < size; no += 1) {
    items.push({
      kind: 'encapsulator',
      maker: 'Shionogi Qualicaps',
      model: 'Hicapseal 100',
      serial: `HCS100-${mark}-${no}`,
      condition: 'new',
      hs: '8422.30',
      year: YEAR,
    });
  }
  return {
    reference: `BENCH-${mark}`,
    ...pickRoute(prng, { org, country: 'TW' }),
    plannedExit: new Date(Date.now() + DAYS_AHEAD * DAY_MS).toISOString().slice(0, 10),
    items,
  };
}
