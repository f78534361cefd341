import { createSign, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { Clock } from '../../../src/kernel/clock.ts';
import { isFailure } from '../../../src/kernel/failure.ts';
import { parseKeySet, type KeySet, type KeySource } from '../../../src/modules/access/key-set.ts';
import { createTokenVerifier } from '../../../src/modules/access/token.jwt.ts';

export const ISSUER = 'test-issuer';
export const AUDIENCE = 'test-registry';
export const START = Date.parse('2026-03-01T08:00:00.000Z');

/** A clock that stands still until it is moved. */
export function handClock(): Clock & { move(ms: number): void } {
  let nowMs = START;
  return {
    now: () => new Date(nowMs).toISOString(),
    move(ms) {
      nowMs += ms;
    },
  };
}

export interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export function ecPair(namedCurve = 'P-256'): Pair {
  return generateKeyPairSync('ec', { namedCurve });
}

export function rsaPair(modulusLength = 2048): Pair {
  return generateKeyPairSync('rsa', { modulusLength });
}

/** The public JWK of a pair with more members. */
export function jwkOf(pair: Pair, more: object = {}): object {
  return { ...pair.publicKey.export({ format: 'jwk' }), ...more };
}

export function jwksText(...keys: object[]): string {
  return JSON.stringify({ keys });
}

export function keySet(...keys: object[]): KeySet {
  return parseKeySet(Buffer.from(jwksText(...keys)));
}

/** A source whose set and whose answer to `refresh` the test decides. */
export function handSource(
  first: KeySet,
): KeySource & { set: KeySet; next: KeySet | undefined; asked: number } {
  return {
    set: first,
    next: undefined,
    asked: 0,
    current() {
      return this.set;
    },
    refresh() {
      this.asked += 1;
      this.set = this.next ?? this.set;
      return Promise.resolve(this.set);
    },
  };
}

export function goodClaims(more: object = {}): object {
  const seconds = START / 1000;
  const times = { iat: seconds, exp: seconds + 3600 };
  const who = { sub: 'clerk-1', role: 'exporter', org: 'acme', country: 'TW' };
  return { iss: ISSUER, aud: AUDIENCE, ...times, ...who, ...more };
}

export function encode(value: object | string): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

/** Signs any header and payload, right or wrong, given as objects or as the JSON text itself. */
export function signed(pair: Pair, header: object | string, payload: object | string): string {
  const input = `${encode(header)}.${encode(payload)}`;
  const isEc = pair.privateKey.asymmetricKeyType === 'ec';
  const signature = isEc
    ? sign('sha256', Buffer.from(input), { key: pair.privateKey, dsaEncoding: 'ieee-p1363' })
    : createSign('sha256').update(input).sign(pair.privateKey);
  return `${input}.${signature.toString('base64url')}`;
}

export function verifierOver(keys: KeySource, clock: Clock, cacheSize?: number) {
  const parts = { keys, issuer: ISSUER, audience: AUDIENCE, clock };
  return createTokenVerifier(cacheSize === undefined ? parts : { ...parts, cacheSize });
}

/** The code of the Failure that `act` throws or rejects with; 'accepted' when it does neither. */
export async function outcome(act: () => unknown): Promise<string> {
  try {
    await act();
  } catch (error) {
    if (isFailure(error)) return error.code;
    throw error;
  }
  return 'accepted';
}
