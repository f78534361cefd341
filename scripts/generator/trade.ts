import type { Actor } from '../../src/kernel/actor.ts';
import type { Party } from '../../src/modules/declarations/index.ts';
import type { Prng } from './prng.ts';

/** Somebody who exports machines. Every name is invented. */
export interface Exporter {
  readonly org: string;
  readonly country: string;
}

interface Place {
  readonly country: string;
  readonly ports: readonly [string, ...string[]];
}

const FROM: readonly [Place, ...Place[]] = [
  { country: 'TW', ports: ['TWKHH', 'TWKEL', 'TWTPE', 'TWTXG'] },
  { country: 'DE', ports: ['DEHAM', 'DEBRV', 'DEFRA'] },
  { country: 'IT', ports: ['ITGOA', 'ITSPE'] },
  { country: 'JP', ports: ['JPTYO', 'JPUKB', 'JPYOK'] },
  { country: 'IN', ports: ['INNSA', 'INMUN'] },
  { country: 'GB', ports: ['GBFXT', 'GBLHR'] },
  { country: 'BE', ports: ['BEANR'] },
  { country: 'KR', ports: ['KRPUS'] },
  { country: 'US', ports: ['USLAX', 'USNYC'] },
  { country: 'CA', ports: ['CAVAN', 'CAMTR'] },
];

const TO: readonly [Place, ...Place[]] = [
  { country: 'AU', ports: ['AUSYD', 'AUMEL'] },
  { country: 'NZ', ports: ['NZAKL'] },
  { country: 'SG', ports: ['SGSIN'] },
  { country: 'TH', ports: ['THLCH'] },
  { country: 'VN', ports: ['VNSGN', 'VNHPH'] },
  { country: 'ID', ports: ['IDJKT'] },
  { country: 'MY', ports: ['MYPKG'] },
  { country: 'PH', ports: ['PHMNL'] },
  { country: 'BR', ports: ['BRSSZ'] },
  { country: 'MX', ports: ['MXZLO'] },
  { country: 'PL', ports: ['PLGDN'] },
  { country: 'NL', ports: ['NLRTM'] },
  { country: 'ES', ports: ['ESVLC', 'ESBCN'] },
  { country: 'ZA', ports: ['ZADUR'] },
  { country: 'KE', ports: ['KEMBA'] },
  { country: 'EG', ports: ['EGALY'] },
];

const TRADES = [
  'tablet-machinery',
  'pharma-export',
  'process-equipment',
  'tooling',
  'packaging-lines',
] as const;
const HOUSES = ['alder', 'birch', 'cedar', 'dogwood', 'elm', 'fir', 'hazel', 'juniper'] as const;
const MEDICINES = [
  'Harbour',
  'Wattle',
  'Meridian',
  'Sunrise',
  'Lakeside',
  'Northgate',
  'Bluegum',
  'Riverbend',
] as const;
const FIRMS = ['Pharma', 'Laboratories', 'Medicines', 'Generics', 'Health Products', 'Remedies'] as const;
const USES = [
  'Contract manufacture of registered medicines',
  'Manufacture of food supplements',
  'Replacement of an older press',
  'Pilot plant for a new product line',
  'Training of operators',
] as const;

/** The exporters of a register: four hundred of them, half in one country. */
export function pickExporter(prng: Prng): Exporter {
  const { country } = prng.chance(0.5) ? FROM[0] : prng.pick(FROM);
  return { org: `${prng.pick(HOUSES)}-${prng.pick(TRADES)}-${country.toLowerCase()}`, country };
}

/** Where goods of one declaration leave, where they go, and to whom. */
export interface Route {
  readonly destination: string;
  readonly portOfExit: string;
  readonly portOfEntry: string;
  readonly transport: string;
  readonly consignee: Party;
  readonly endUser: Party;
  readonly endUse: string;
}

export function pickRoute(prng: Prng, exporter: Exporter): Route {
  const from = FROM.find((place) => place.country === exporter.country) ?? FROM[0];
  const to = prng.pick(TO);
  const consignee = pickParty(prng, to.country);
  return {
    destination: to.country,
    portOfExit: prng.pick(from.ports),
    portOfEntry: prng.pick(to.ports),
    transport: prng.chance(0.8) ? 'sea' : 'air',
    consignee,
    endUser: prng.chance(0.7) ? consignee : pickParty(prng, to.country),
    endUse: prng.pick(USES),
  };
}

function pickParty(prng: Prng, country: string): Party {
  return {
    name: `${prng.pick(MEDICINES)} ${prng.pick(FIRMS)} ${country} ${prng.integer(1, 40)}`,
    country,
    id: `${country}-${prng.integer(100_000, 999_999)}`,
  };
}

export function clerkOf({ org, country }: Exporter, no = 1): Actor {
  return { sub: `clerk-${no}`, role: 'exporter', org, country };
}

export function customsOf(country: string): Actor {
  return { sub: 'officer-1', role: 'customs', org: `customs-${country.toLowerCase()}`, country };
}

export function regulatorOf(country: string): Actor {
  return { sub: 'inspector-1', role: 'regulator', org: `regulator-${country.toLowerCase()}`, country };
}
