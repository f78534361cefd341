import { openKeyUrl } from './key-source.fetch.ts';
import { openKeyFile, type KeySourceParts } from './key-source.files.ts';
import type { KeySource } from './key-set.ts';

/**
 * Opens the keys at `location`, an http(s) URL or the path of a JWKS file. There is nothing to close.
 * @throws Error (as a rejection) in one sentence when there is no usable key to begin with
 */
export async function openKeySource(location: string, parts: KeySourceParts): Promise<KeySource> {
  return /^https?:\/\//i.test(location) ? openKeyUrl(location, parts) : openKeyFile(location, parts);
}
