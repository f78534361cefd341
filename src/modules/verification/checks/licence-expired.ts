import type { Finding } from '../../declarations/index.ts';
import type { Facts } from '../facts.ts';
import { quoted } from '../../../kernel/wording.ts';

/** `licence-expired` (warning): the licence is good until a day before the planned exit. A missing one is for `licence-missing`. */
export function licenceExpired({ declaration }: Facts): Finding[] {
  const { licence, plannedExit } = declaration.content.consignment;
  if (licence === undefined || typeof licence === 'string' || licence.validUntil === undefined) return [];
  // Both are ISO 8601 dates: text order is time order.
  if (licence.validUntil >= plannedExit) return [];
  const because = `The licence ${quoted(licence.number)} is valid until ${licence.validUntil}, before the planned exit on ${plannedExit}.`;
  const evidence = { licence: licence.number, validUntil: licence.validUntil, plannedExit };
  return [{ code: 'licence-expired', level: 'warning', because, evidence }];
}
