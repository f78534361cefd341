export const ROLES = ['exporter', 'customs', 'regulator', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/** Who asks, as a verified token says. `country` is ISO 3166-1 alpha-2. */
export interface Actor {
  readonly sub: string;
  readonly role: Role;
  readonly org: string;
  readonly country: string;
}
