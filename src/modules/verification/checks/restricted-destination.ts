import type { Finding, FindingLevel } from '../../declarations/index.ts';
import type { Facts } from '../facts.ts';

/**
 * `restricted-destination`: the destination is on the operator's list (block), or the consignee's or the end user's
 * country is, where it isn't the destination itself (warning).
 */
export function restrictedDestination({ declaration, catalogue }: Facts): Finding[] {
  const { destination, consignee, endUser } = declaration.content.consignment;
  const parties = [
    { country: consignee.country, who: 'consignee', field: 'consignee.country' },
    { country: endUser.country, who: 'end user', field: 'endUser.country' },
  ].filter(({ country }) => country !== destination);
  return [
    ...listed(catalogue, destination, 'destination', 'block', (reason) => {
      return `Exports to the destination, ${destination}, are not allowed: it is on the list of restricted destinations (${reason}).`;
    }),
    ...parties.flatMap(({ country, who, field }) =>
      listed(catalogue, country, field, 'warning', (reason) => {
        return `The ${who} is in ${country}, which is on the list of restricted destinations (${reason}): a regulator has to decide, although the goods are declared for ${destination}.`;
      }),
    ),
  ];
}

function listed(
  catalogue: Facts['catalogue'],
  country: string,
  field: string,
  level: FindingLevel,
  sentence: (reason: string) => string,
): Finding[] {
  const restricted = catalogue.restricted(country);
  if (restricted === null) return [];
  const because = sentence(restricted.reason.replace(/\.$/, ''));
  return [{ code: 'restricted-destination', level, because, evidence: { field, country } }];
}
