import jwt from 'jsonwebtoken';
import type { Clock } from '../../kernel/clock.ts';
import { Failure } from '../../kernel/failure.ts';
import { identityFaults } from './claims.ts';
import { readDevelopmentKey } from './development-keys.files.ts';

export interface DevelopmentTokenRequest {
  readonly dataDir: string;
  readonly role: string;
  readonly org: string;
  readonly country: string;
  readonly sub: string;
  /** How long it is valid: a whole number and `s`, `m`, `h` or `d`, up to 365 days; for example `1h`. */
  readonly expires: string;
  readonly issuer: string;
  readonly audience: string;
  readonly clock: Clock;
}

const DURATION = /^([1-9]\d{0,8})([smhd])$/;
const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
const MAX_SECONDS = 365 * 86_400;

function durationSeconds(text: string): number | null {
  const [, count, unit] = DURATION.exec(text) ?? [];
  const seconds = Number(count) * (UNIT_SECONDS[unit ?? ''] ?? NaN);
  return seconds <= MAX_SECONDS ? seconds : null;
}

/**
 * A token signed with the development key of `dataDir` (made when missing). Whether development tokens may
 * be made at all is the caller's decision.
 * @throws Failure `invalid` / `token-request-invalid` with a fault for each of role, org, country, sub, expires
 */
export function signDevelopmentToken(request: DevelopmentTokenRequest): string {
  const { dataDir, role, org, country, sub, expires, issuer, audience, clock } = request;
  const faults = identityFaults({ sub, role, org, country });
  const seconds = durationSeconds(expires);
  if (seconds === null) {
    faults.push({
      field: 'expires',
      code: 'duration-invalid',
      message: 'must be like 30m, 1h or 7d, at most 365d',
    });
  }
  if (faults.length > 0 || seconds === null) {
    throw new Failure('invalid', 'token-request-invalid', 'The token cannot be made as asked for.', {
      faults,
    });
  }
  const { key, kid } = readDevelopmentKey(dataDir);
  const iat = Math.floor(Date.parse(clock.now()) / 1000);
  const claims = { iss: issuer, aud: audience, iat, exp: iat + seconds, sub, role, org, country };
  return jwt.sign(claims, key, { algorithm: 'ES256', keyid: kid });
}
