import { Failure } from '../../kernel/failure.ts';
import type { TokenAlgorithm } from './key-set.ts';
import { parseJsonObject } from './strict-json.ts';

export interface ParsedToken {
  readonly alg: TokenAlgorithm;
  readonly kid: string | undefined;
  /** Not to be believed before the signature is verified. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Longest token accepted, in characters. */
const MAX_TOKEN_LENGTH = 8192;
const MAX_KID_LENGTH = 200;
/** RFC 6750 section 2.1; the scheme's case does not matter (RFC 9110 section 11.1). */
const BEARER = /^Bearer +([^\s,]+)$/i;
const BASE64URL = /^[A-Za-z0-9_-]+$/;
/** `at+jwt` is RFC 9068's type of access tokens. */
const TYPES = new Set(['jwt', 'at+jwt']);
/**
 * Header members through which a token could bring its own key or change how it is read
 * (RFC 7515 section 4.1, RFC 7797). All other unknown members are ignored, as RFC 7515 asks.
 */
const REFUSED_MEMBERS = ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64'];

/** A refusal of a token: `code` starts with `token-`, the message never quotes the token. */
export function refusal(code: `token-${string}`, message: string): Failure {
  return new Failure('unauthenticated', code, message);
}

function malformed(): Failure {
  return refusal('token-malformed', 'The bearer token is not a well-formed JSON Web Token.');
}

/** @throws Failure `token-missing`, `token-malformed`, `token-too-large` */
export function bearerToken(authorizationHeader: string | undefined): string {
  if (authorizationHeader === undefined || authorizationHeader.trim() === '') {
    throw refusal('token-missing', 'A bearer token is needed in the Authorization header.');
  }
  const token = BEARER.exec(authorizationHeader)?.[1];
  if (token === undefined) throw malformed();
  if (token.length > MAX_TOKEN_LENGTH) {
    throw refusal('token-too-large', `The bearer token is longer than ${MAX_TOKEN_LENGTH} characters.`);
  }
  return token;
}

/** Bytes of exact base64url: no padding, no other alphabet, unused trailing bits zero (RFC 4648 §3.5). */
function exactBytes(segment: string): Uint8Array {
  if (!BASE64URL.test(segment)) throw malformed();
  const bytes = Buffer.from(segment, 'base64url');
  if (bytes.toString('base64url') !== segment) throw malformed();
  return bytes;
}

function exactObject(segment: string): Record<string, unknown> {
  const value = parseJsonObject(exactBytes(segment));
  if (value === null) throw malformed();
  return value;
}

function typeIsFit(typ: unknown): boolean {
  if (typ === undefined) return true;
  return typeof typ === 'string' && TYPES.has(typ.toLowerCase().replace(/^application\//, ''));
}

/**
 * Takes a compact JSON Web Token apart, more strictly than libraries do, and verifies nothing.
 * @throws Failure `token-malformed`, `token-header-refused`, `token-algorithm`
 */
export function parseToken(token: string): ParsedToken {
  const [first, second, third, ...more] = token.split('.');
  if (first === undefined || second === undefined || third === undefined || more.length > 0) {
    throw malformed();
  }
  const header = exactObject(first);
  const claims = exactObject(second);
  exactBytes(third);
  const { alg, kid, typ } = header;
  if (REFUSED_MEMBERS.some((member) => Object.hasOwn(header, member))) {
    throw refusal('token-header-refused', 'The token’s header holds a member that is not accepted here.');
  }
  if (!typeIsFit(typ)) throw refusal('token-header-refused', 'The token’s type is not JWT.');
  if (kid !== undefined && (typeof kid !== 'string' || kid === '' || kid.length > MAX_KID_LENGTH)) {
    throw refusal('token-header-refused', 'The token’s key id is not in its form.');
  }
  if (alg !== 'RS256' && alg !== 'ES256') {
    throw refusal('token-algorithm', 'The token’s algorithm is not RS256 or ES256.');
  }
  return { alg, kid, claims };
}
