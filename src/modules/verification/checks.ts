import type { Finding } from '../declarations/index.ts';
import { afterIncident } from './checks/after-incident.ts';
import { capped, type Check } from './checks/check.ts';
import { claimedByAnother } from './checks/claimed-by-another.ts';
import { confusableTwin } from './checks/confusable-twin.ts';
import { declaredTwice } from './checks/declared-twice.ts';
import { duplicateLine } from './checks/duplicate-line.ts';
import { exitElsewhere } from './checks/exit-elsewhere.ts';
import { exportedNotReturned } from './checks/exported-not-returned.ts';
import { fittedToTwoPresses } from './checks/fitted-to-two-presses.ts';
import { homeRegimeAvoided } from './checks/home-regime-avoided.ts';
import { hsUnlikeKind } from './checks/hs-unlike-kind.ts';
import { itemDiffers } from './checks/item-differs.ts';
import { junkSerial } from './checks/junk-serial.ts';
import { kitIncomplete } from './checks/kit-incomplete.ts';
import { licenceExpired } from './checks/licence-expired.ts';
import { makerUnknown } from './checks/maker-unknown.ts';
import { partsAddUp } from './checks/parts-add-up.ts';
import { plannedExitPast } from './checks/planned-exit-past.ts';
import { pressOfAnother } from './checks/press-of-another.ts';
import { pressUnknown } from './checks/press-unknown.ts';
import { regimeFieldMissing } from './checks/regime-field-missing.ts';
import { restrictedDestination } from './checks/restricted-destination.ts';
import { sameSerialIncident } from './checks/same-serial-incident.ts';
import { serialPattern } from './checks/serial-pattern.ts';
import { similarMaker } from './checks/similar-maker.ts';
import { suddenVolume } from './checks/sudden-volume.ts';
import { watchListed } from './checks/watch-listed.ts';
import type { Facts } from './facts.ts';

/**
 * Names the rules below; change it with any change of what a check finds. Together with the catalogue's version it
 * tells by which rules a declaration was judged.
 */
export const RULE_SET_VERSION = '2026-11-4';

const CHECKS: readonly Check[] = [
  junkSerial,
  serialPattern,
  makerUnknown,
  similarMaker,
  duplicateLine,
  declaredTwice,
  claimedByAnother,
  confusableTwin,
  exportedNotReturned,
  afterIncident,
  sameSerialIncident,
  fittedToTwoPresses,
  itemDiffers,
  pressUnknown,
  pressOfAnother,
  kitIncomplete,
  partsAddUp,
  hsUnlikeKind,
  regimeFieldMissing,
  homeRegimeAvoided,
  licenceExpired,
  plannedExitPast,
  exitElsewhere,
  restrictedDestination,
  watchListed,
  suddenVolume,
];

/**
 * Everything the checks have to say about a declaration, in the order of the checks; empty for a clean one.
 * Of one code there are at most 20 findings and one that sums up the rest.
 */
export function runChecks(facts: Facts): Finding[] {
  return capped(CHECKS.flatMap((check) => check(facts)));
}
