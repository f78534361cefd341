import { ROLES, type Actor, type Role } from '../../kernel/actor.ts';
import type { Failure, Fault } from '../../kernel/failure.ts';
import { refusal } from './token.ts';

export interface Expectation {
  readonly issuer: string;
  readonly audience: string;
  readonly nowMs: number;
}

export interface Authentication {
  readonly actor: Actor;
  /** From this moment on the token is refused. */
  readonly expiresAtMs: number;
}

type Claims = Readonly<Record<string, unknown>>;

/** How far the issuer's clock may be ahead of ours: for `nbf` and `iat`. `exp` gets no leeway. */
const LEEWAY_MS = 30_000;

/** Text a person can read: no control, formatting or lone surrogate characters, not only spaces. */
const SUBJECT = /^(?=.*\S)[^\p{Cc}\p{Cf}\p{Cs}]{1,200}$/u;
const ORGANISATION = /^[a-z0-9][a-z0-9-]{0,62}$/;
const COUNTRY = /^[A-Z]{2}$/;

function isRole(value: unknown): value is Role {
  return ROLES.some((role) => role === value);
}

function isText(value: unknown, form: RegExp): value is string {
  return typeof value === 'string' && form.test(value);
}

/** What is wrong with the claims that say who asks; empty when they make an Actor. */
export function identityFaults(claims: Claims): Fault[] {
  const faults: Fault[] = [];
  const fault = (field: string, message: string): void => {
    faults.push({ field, code: 'claim-invalid', message });
  };
  if (!isText(claims['sub'], SUBJECT)) fault('sub', 'must be 1 to 200 readable characters');
  if (!isRole(claims['role'])) fault('role', `must be one of ${ROLES.join(', ')}`);
  if (!isText(claims['org'], ORGANISATION)) {
    fault('org', 'must be 1 to 63 lower-case letters, digits and hyphens, not starting with a hyphen');
  }
  if (!isText(claims['country'], COUNTRY)) fault('country', 'must be two capital letters (ISO 3166-1)');
  return faults;
}

function actorOf(claims: Claims): Actor {
  const { sub, role, org, country } = claims;
  if (isText(sub, SUBJECT) && isRole(role) && isText(org, ORGANISATION) && isText(country, COUNTRY)) {
    return { sub, role, org, country };
  }
  const names = identityFaults(claims).map((each) => each.field);
  throw refusal(
    'token-claims',
    `The token lacks these claims or has them in a wrong form: ${names.join(', ')}.`,
  );
}

/** A NumericDate (RFC 7519 section 2, seconds) in milliseconds; undefined when the claim is absent. */
function instantMs(claims: Claims, name: 'exp' | 'nbf' | 'iat'): number | undefined {
  const value = claims[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw refusal('token-claims', `The token’s claim ${name} is not a number of seconds.`);
  }
  return value * 1000;
}

function isAudience(claim: unknown, audience: string): boolean {
  if (!Array.isArray(claim)) return claim === audience;
  return claim.every((each) => typeof each === 'string') && claim.includes(audience);
}

/**
 * Who a token with these verified claims speaks for, and until when.
 * @throws Failure `token-issuer`, `token-audience`, `token-expired`, `token-not-yet-valid`, `token-claims`
 */
export function authenticate(claims: Claims, expected: Expectation): Authentication {
  if (claims['iss'] !== expected.issuer) {
    throw refusal('token-issuer', 'The token was issued by somebody else than expected here.');
  }
  if (!isAudience(claims['aud'], expected.audience)) {
    throw refusal('token-audience', 'The token is meant for another service.');
  }
  const expiresAtMs = instantMs(claims, 'exp');
  if (expiresAtMs === undefined) throw refusal('token-claims', 'The token never expires: exp is missing.');
  if (expected.nowMs >= expiresAtMs) throw expired();
  const startsAtMs = instantMs(claims, 'nbf') ?? -Infinity;
  const issuedAtMs = instantMs(claims, 'iat') ?? -Infinity;
  if (Math.max(startsAtMs, issuedAtMs) > expected.nowMs + LEEWAY_MS) {
    throw refusal('token-not-yet-valid', 'The token is not valid yet.');
  }
  return { actor: actorOf(claims), expiresAtMs };
}

export function expired(): Failure {
  return refusal('token-expired', 'The token has expired.');
}
