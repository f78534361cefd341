import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { Failure } from '../../kernel/failure.ts';
import { parseJsonObject } from './strict-json.ts';

export type TokenAlgorithm = 'RS256' | 'ES256';

/** A public key and the one algorithm it may verify. */
export interface VerificationKey {
  readonly kid: string | undefined;
  readonly alg: TokenAlgorithm;
  readonly key: KeyObject;
}

/** Never empty. Another object means other keys: what was verified with the old set counts no more. */
export interface KeySet {
  readonly keys: readonly VerificationKey[];
}

/** Where verification keys come from. Once opened it always holds a set: the last good one. */
export interface KeySource {
  /** The set to use now. A promise only when the set may be out of date because nobody asked for long. */
  current(): KeySet | Promise<KeySet>;
  /** Looks for newer keys (rate limited, never rejects) and answers the set to use afterwards. */
  refresh(): Promise<KeySet>;
}

/** RFC 7518 section 3.3 asks for 2048 bits or more. */
const MIN_RSA_BITS = 2048;
/** Members that only private and secret keys have (RFC 7518 section 6). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

function algorithmOf(key: KeyObject): TokenAlgorithm | null {
  const details = key.asymmetricKeyDetails;
  if (key.asymmetricKeyType === 'ec') return details?.namedCurve === 'prime256v1' ? 'ES256' : null;
  if (key.asymmetricKeyType !== 'rsa') return null;
  const exponent = details?.publicExponent ?? 0n;
  // With an exponent of 1 every message is its own signature.
  const sound = (details?.modulusLength ?? 0) >= MIN_RSA_BITS && exponent >= 3n && exponent % 2n === 1n;
  return sound ? 'RS256' : null;
}

function isForVerifying(jwk: Record<string, unknown>): boolean {
  const { use, key_ops: operations } = jwk;
  if (use !== undefined && use !== 'sig') return false;
  return operations === undefined || (Array.isArray(operations) && operations.includes('verify'));
}

function verificationKey(jwk: Record<string, unknown>): VerificationKey | null {
  const { kid } = jwk;
  if (kid !== undefined && typeof kid !== 'string') return null;
  if (!isForVerifying(jwk)) return null;
  let key: KeyObject;
  try {
    key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  } catch {
    return null;
  }
  const alg = algorithmOf(key);
  if (alg === null || (jwk['alg'] !== undefined && jwk['alg'] !== alg)) return null;
  return { kid, alg, key };
}

/**
 * Reads a JSON Web Key Set (RFC 7517). Keys that cannot verify RS256 or ES256 signatures are left out.
 * @throws Error in one sentence: not a key set, a private or secret key inside, two keys for one `kid`
 *   and algorithm, no usable key.
 */
export function parseKeySet(bytes: Uint8Array): KeySet {
  const document = parseJsonObject(bytes);
  const listed: unknown = document?.['keys'];
  if (!Array.isArray(listed)) throw new Error('it is not a JSON Web Key Set');
  const keys: VerificationKey[] = [];
  for (const jwk of listed as unknown[]) {
    if (typeof jwk !== 'object' || jwk === null || Array.isArray(jwk)) {
      throw new Error('it is not a JSON Web Key Set');
    }
    if (PRIVATE_MEMBERS.some((member) => Object.hasOwn(jwk, member))) {
      throw new Error('it holds a private or secret key, and only public keys belong there');
    }
    const key = verificationKey(jwk as Record<string, unknown>);
    if (key === null) continue;
    if (keys.some((other) => other.kid !== undefined && other.kid === key.kid && other.alg === key.alg)) {
      throw new Error('two of its keys have the same kid');
    }
    keys.push(key);
  }
  if (keys.length === 0) {
    throw new Error('it holds no usable key (RSA of 2048 bits or more, or P-256, meant for signatures)');
  }
  return { keys };
}

/**
 * The key that must have signed a token with this header, or undefined when no key has its `kid`.
 * @throws Failure `token-algorithm` when the named key is for another algorithm, `token-key-unknown` when
 *   the token names no key and the set does not leave exactly one choice.
 */
export function findKey(
  set: KeySet,
  alg: TokenAlgorithm,
  kid: string | undefined,
): VerificationKey | undefined {
  if (kid === undefined) {
    const [only, ...others] = set.keys.filter((key) => key.alg === alg);
    if (only !== undefined && others.length === 0) return only;
    throw new Failure('unauthenticated', 'token-key-unknown', 'The token does not say which key signed it.');
  }
  const named = set.keys.filter((key) => key.kid === kid);
  if (named.length === 0) return undefined;
  const fitting = named.find((key) => key.alg === alg);
  if (fitting !== undefined) return fitting;
  throw new Failure('unauthenticated', 'token-algorithm', 'The token’s algorithm is not the one of its key.');
}
