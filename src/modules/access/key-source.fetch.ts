import { MAX_KEY_SET_BYTES, reasonOf, type KeySourceParts } from './key-source.files.ts';
import { parseKeySet, type KeySet, type KeySource } from './key-set.ts';

export interface KeyUrlParts extends KeySourceParts {
  /** Longest time one fetch may take, headers and body. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 5_000;
const REFRESH_EVERY_MS = 5 * 60_000;
/** Also the pause after a failed fetch. */
const MIN_INTERVAL_MS = 30_000;
/** Nobody asked for this long: the set may hold keys withdrawn long ago, so the asker waits for the fetch. */
const STALE_AFTER_MS = 10 * 60_000;

async function fetchBytes(url: string, timeoutMs: number): Promise<Buffer> {
  const response = await fetch(url, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`the answer was HTTP ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> | undefined = response.body ?? undefined;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    size += chunk.byteLength;
    // Leaving the loop cancels the rest of the body.
    if (size > MAX_KEY_SET_BYTES) throw new Error('the answer is too large');
  }
  return Buffer.concat(chunks);
}

/** fetch wraps what went wrong on the wire in a TypeError whose text may hold the URL. */
function fetchProblem(error: unknown): string {
  if (error instanceof DOMException) return 'no answer in time';
  if (error instanceof TypeError)
    return error.cause === undefined ? 'the fetch failed' : reasonOf(error.cause);
  return reasonOf(error);
}

/**
 * Keys from a JWKS URL. Fetched anew every 5 minutes while asked for, and through `refresh` at most every
 * 30 s; when a fetch fails or the answer is bad the last good set stays in use. Holds no timers.
 * @throws Error (as a rejection) in one sentence when there is no usable key to begin with
 */
export async function openKeyUrl(url: string, parts: KeyUrlParts): Promise<KeySource> {
  const { clock, report, timeoutMs = TIMEOUT_MS } = parts;
  // fetch refuses such URLs too, but quotes them in its error.
  if (!URL.canParse(url) || new URL(url).username !== '' || new URL(url).password !== '') {
    throw new Error('The URL of the token keys is malformed or holds a user name or password.');
  }
  const nowMs = (): number => Date.parse(clock.now());
  let body: Buffer;
  let set: KeySet;
  let triedAtMs = nowMs();
  let pauseMs = REFRESH_EVERY_MS;
  let underWay: Promise<KeySet> | undefined;

  try {
    body = await fetchBytes(url, timeoutMs);
    set = parseKeySet(body);
  } catch (error) {
    throw new Error(`The token keys cannot be fetched from their URL: ${fetchProblem(error)}.`, {
      cause: error,
    });
  }

  const fetchAgain = async (): Promise<KeySet> => {
    try {
      const answer = await fetchBytes(url, timeoutMs);
      // The same answer keeps the same set, so that verified tokens need not be verified again.
      if (!answer.equals(body)) set = parseKeySet(answer);
      body = answer;
      pauseMs = REFRESH_EVERY_MS;
    } catch (error) {
      pauseMs = MIN_INTERVAL_MS;
      report?.(`Newer token keys cannot be fetched, the last good keys stay in use: ${fetchProblem(error)}.`);
    }
    underWay = undefined;
    return set;
  };

  const startFetch = (): Promise<KeySet> => {
    triedAtMs = nowMs();
    underWay ??= fetchAgain();
    return underWay;
  };

  return {
    current() {
      const ageMs = Math.abs(nowMs() - triedAtMs);
      if (ageMs < pauseMs) return set;
      const newer = underWay ?? startFetch();
      return ageMs < STALE_AFTER_MS ? set : newer;
    },
    refresh() {
      if (underWay !== undefined) return underWay;
      return Math.abs(nowMs() - triedAtMs) < MIN_INTERVAL_MS ? Promise.resolve(set) : startFetch();
    },
  };
}
