import type { Finding } from '../../declarations/index.ts';
import type { Facts } from '../facts.ts';
import { aboutLine, nameOf } from './check.ts';

/**
 * `home-regime-avoided` (warning): the declaration names another regime than that of the exporting country, and an
 * item has no maker's serial although the country's own regime asks for one.
 */
export function homeRegimeAvoided(facts: Facts): Finding[] {
  const { catalogue, declaration } = facts;
  const home = catalogue.findRegime(declaration.country);
  if (home?.serialRule !== 'required' || home.code === declaration.content.consignment.regime) return [];
  return declaration.content.lines
    .filter((line) => line.assignedMark && home.controls.includes(line.kind))
    .map((line) => {
      const because = `The regime ${home.code} of the exporting country asks for a maker's serial, and the ${nameOf(facts, line)} has none.`;
      const evidence = { homeRegime: home.code, regime: declaration.content.consignment.regime ?? 'none' };
      return aboutLine(line, { code: 'home-regime-avoided', level: 'warning', because, evidence });
    });
}
