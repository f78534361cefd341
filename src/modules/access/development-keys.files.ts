import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseKeySet } from './key-set.ts';

export interface DevelopmentKeys {
  /** The JWKS file, for `openKeySource`. */
  readonly jwksFile: string;
  /** True when this call made them. */
  readonly created: boolean;
}

const FOLDER = 'dev-keys';

function files(dataDir: string) {
  const folder = join(dataDir, FOLDER);
  return { folder, privateFile: join(folder, 'private.pem'), jwksFile: join(folder, 'jwks.json') };
}

/** RFC 7638: SHA-256 over the required members in lexical order. */
function thumbprint({ crv, kty, x, y }: JsonWebKey): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}

function writeKeyPair(folder: string): void {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' });
  const jwks = { keys: [{ ...jwk, kid: thumbprint(jwk), alg: 'ES256', use: 'sig' }] };
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' });
  writeFileSync(join(folder, 'private.pem'), pem, { mode: 0o600 });
  writeFileSync(join(folder, 'jwks.json'), `${JSON.stringify(jwks, null, 2)}\n`, { mode: 0o644 });
}

function isComplete(dataDir: string): boolean {
  const { folder, privateFile, jwksFile } = files(dataDir);
  if (!existsSync(folder)) return false;
  if (existsSync(privateFile) && existsSync(jwksFile)) return true;
  throw new Error(`The folder ${folder} lacks a file of the development keys; remove it to get new ones.`);
}

/**
 * Makes an ES256 key pair in `DATA_DIR/dev-keys/` when there is none: `private.pem` (mode 0600) and
 * `jwks.json`. Both appear at once, by renaming their folder, so that of several processes one wins and
 * none ever sees half a pair.
 * @throws Error in one sentence when the folder holds only half of them
 */
export function ensureDevelopmentKeys(dataDir: string): DevelopmentKeys {
  const { folder, jwksFile } = files(dataDir);
  if (isComplete(dataDir)) return { jwksFile, created: false };
  mkdirSync(dataDir, { recursive: true });
  const draft = mkdtempSync(join(dataDir, `${FOLDER}-`));
  try {
    writeKeyPair(draft);
    renameSync(draft, folder);
    return { jwksFile, created: true };
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // The rename fails on a folder that is not empty: another process was first.
    if (isComplete(dataDir)) return { jwksFile, created: false };
    throw error;
  }
}

/** The private development key and its `kid`; made first when there is none. */
export function readDevelopmentKey(dataDir: string): { readonly key: KeyObject; readonly kid: string } {
  const { jwksFile } = ensureDevelopmentKeys(dataDir);
  const key = createPrivateKey(readFileSync(files(dataDir).privateFile));
  const kid = parseKeySet(readFileSync(jwksFile)).keys[0]?.kid;
  if (kid === undefined) throw new Error(`The file ${jwksFile} names no key id.`);
  return { key, kid };
}
