import { readFileSync, statSync } from 'node:fs';
import type { Clock } from '../../kernel/clock.ts';
import { parseKeySet, type KeySet, type KeySource } from './key-set.ts';

export interface KeySourceParts {
  readonly clock: Clock;
  /** Told, in one sentence, when newer keys cannot be had and the last good set stays in use. */
  readonly report?: (problem: string) => void;
}

/** A key set larger than this is not believed to be one. */
export const MAX_KEY_SET_BYTES = 256 * 1024;
const CHECK_EVERY_MS = 5_000;

/** Why something failed, without the stack; system errors by their code alone. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  if ('code' in error && error.code === 'ENOENT') return 'there is no such file';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.message;
}

/**
 * Keys from a JWKS file. The file is looked at again at most every 5 s and read anew when it changed; while
 * it is missing or bad the last good set stays in use. Reads synchronously: the file is small and local.
 * @throws Error in one sentence when there is no usable key to begin with
 */
export function openKeyFile(file: string, { clock, report }: KeySourceParts): KeySource {
  let stamp = '';
  let lastProblem = '';
  let checkedAtMs = Date.parse(clock.now());

  let set: KeySet;

  const readIfChanged = (): void => {
    const { mtimeNs, size, ino } = statSync(file, { bigint: true });
    const found = `${mtimeNs}/${size}/${ino}`;
    if (found === stamp) return;
    if (size > MAX_KEY_SET_BYTES) throw new Error('it is too large');
    set = parseKeySet(readFileSync(file));
    stamp = found;
  };

  try {
    readIfChanged();
  } catch (error) {
    throw new Error(`The token keys in the file ${file} cannot be used: ${reasonOf(error)}.`, {
      cause: error,
    });
  }

  const current = (): KeySet => {
    const nowMs = Date.parse(clock.now());
    if (Math.abs(nowMs - checkedAtMs) < CHECK_EVERY_MS) return set;
    checkedAtMs = nowMs;
    try {
      readIfChanged();
      lastProblem = '';
    } catch (error) {
      const problem = `The file of token keys cannot be read again, the last good keys stay in use: ${reasonOf(error)}.`;
      if (problem !== lastProblem) report?.(problem);
      lastProblem = problem;
    }
    return set;
  };

  return { current, refresh: () => Promise.resolve(current()) };
}
