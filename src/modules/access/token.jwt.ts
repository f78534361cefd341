import { hash } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { Actor } from '../../kernel/actor.ts';
import type { Clock } from '../../kernel/clock.ts';
import { authenticate, expired, type Authentication } from './claims.ts';
import { findKey, type KeySet, type KeySource, type VerificationKey } from './key-set.ts';
import { bearerToken, parseToken, refusal, type ParsedToken } from './token.ts';

export interface TokenVerifierParts {
  readonly keys: KeySource;
  readonly issuer: string;
  readonly audience: string;
  readonly clock: Clock;
  /** How many verified tokens are remembered; the oldest is forgotten first. */
  readonly cacheSize?: number;
}

export interface TokenVerifier {
  /**
   * Who sends a request with this Authorization header. Answers at once, and a promise only while keys are
   * being fetched: for a `kid` not seen before, or after a long pause. A token verified before costs one
   * SHA-256; it is refused from its `exp` on, and verified anew once the keys have changed.
   * @throws Failure `unauthenticated` with a code that starts with `token-` (also as a rejection)
   */
  verify(authorizationHeader: string | undefined): Actor | Promise<Actor>;
  /** Who sends it when this very token was verified before; null otherwise. Costs one SHA-256, and is no permission. */
  known(authorizationHeader: string | undefined): Actor | null;
}

const DEFAULT_CACHE_SIZE = 10_000;

function checkSignature(token: string, { key, alg }: VerificationKey): void {
  try {
    // Only the signature is left to the library; claims.ts checks times, issuer and audience.
    jwt.verify(token, key, { algorithms: [alg], ignoreExpiration: true, ignoreNotBefore: true });
  } catch {
    throw refusal('token-signature', 'The token’s signature does not fit.');
  }
}

export function createTokenVerifier(parts: TokenVerifierParts): TokenVerifier {
  const { keys, issuer, audience, clock, cacheSize = DEFAULT_CACHE_SIZE } = parts;
  const verified = new Map<string, Authentication>();
  let verifiedWith: KeySet | undefined;

  const remember = (digest: string, authentication: Authentication): void => {
    verified.set(digest, authentication);
    if (verified.size <= cacheSize) return;
    const [oldest] = verified.keys();
    if (oldest !== undefined) verified.delete(oldest);
  };

  const useKeys = (set: KeySet): void => {
    if (set === verifiedWith) return;
    verified.clear();
    verifiedWith = set;
  };

  const accept = (token: string, parsed: ParsedToken, key: VerificationKey): Authentication => {
    checkSignature(token, key);
    return authenticate(parsed.claims, { issuer, audience, nowMs: Date.parse(clock.now()) });
  };

  const acceptAfterRefresh = async (token: string, digest: string, parsed: ParsedToken): Promise<Actor> => {
    const set = await keys.refresh();
    useKeys(set);
    const key = findKey(set, parsed.alg, parsed.kid);
    if (key === undefined) throw refusal('token-key-unknown', 'The token was signed with an unknown key.');
    const authentication = accept(token, parsed, key);
    remember(digest, authentication);
    return authentication.actor;
  };

  const verifyWith = (set: KeySet, token: string): Actor | Promise<Actor> => {
    useKeys(set);
    const digest = hash('sha256', token, 'base64');
    const known = verified.get(digest);
    if (known !== undefined) {
      if (Date.parse(clock.now()) < known.expiresAtMs) return known.actor;
      verified.delete(digest);
      throw expired();
    }
    const parsed = parseToken(token);
    const key = findKey(set, parsed.alg, parsed.kid);
    if (key === undefined) return acceptAfterRefresh(token, digest, parsed);
    const authentication = accept(token, parsed, key);
    remember(digest, authentication);
    return authentication.actor;
  };

  return {
    known(authorizationHeader) {
      if (authorizationHeader === undefined || !authorizationHeader.startsWith('Bearer ')) return null;
      const digest = hash('sha256', authorizationHeader.slice('Bearer '.length), 'base64');
      return verified.get(digest)?.actor ?? null;
    },
    verify(authorizationHeader) {
      const token = bearerToken(authorizationHeader);
      const set = keys.current();
      return set instanceof Promise
        ? set.then((awaited) => verifyWith(awaited, token))
        : verifyWith(set, token);
    },
  };
}
