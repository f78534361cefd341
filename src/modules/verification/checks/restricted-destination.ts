import type { Finding, FindingLevel } from '../../declarations/index.ts';
import type { Facts } from '../facts.ts';

/**
 * `restricted-destination`: the destination is on the operator's list (block), or the consignee's or the end user's
 * country is, where it isn't the destination itself (warning).
 */
export function restrictedDestination({ declaration, catalogue }: Facts): Finding[] {
  const { destination, consignee, endUser } = declaration.content.consignment;
  const places: { country: string; what: string; field: string; level: FindingLevel }[] = [
    { country: destination, what: 'The destination', field: 'destination', level: 'block' },
    {
      country: consignee.country,
      what: "The consignee's country",
      field: 'consignee.country',
      level: 'warning',
    },
    { country: endUser.country, what: "The end user's country", field: 'endUser.country', level: 'warning' },
  ];
  return places.flatMap(({ country, what, field, level }) => {
    const restricted = catalogue.restricted(country);
    if (restricted === null || (level === 'warning' && country === destination)) return [];
    const reason = restricted.reason.replace(/\.$/, '');
    const because = `${what}, ${country}, is on the list of restricted destinations (${reason}).`;
    return [{ code: 'restricted-destination', level, because, evidence: { field, country } }];
  });
}
