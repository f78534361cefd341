import type { Noise } from './noise.ts';

/** Every request is answered within this, or refused with 503 and Retry-After. */
const ANSWERED_WITHIN_MS = 2_000;
/** An answer that waits for something else than a slow machine. */
const HANGS_FROM_MS = 4_000;
const FAULTS_KEPT = 20;

/** How the requests of a case went. */
export interface Tally {
  readonly requests: number;
  readonly answered: number;
  /** 503 or 429 with Retry-After, 507 where the disk is full. */
  readonly refused: number;
  /** The connection broke because something was done to the process at its other end. */
  readonly cut: number;
  readonly slowestMs: number;
  /** Answers and refusals that took longer than is promised. */
  readonly late: number;
  /** Those that took so long that the machine alone hardly explains it. */
  readonly hung: number;
  /** Broken promises, the first of them in words. */
  readonly broken: readonly string[];
}

/** How one request went; `struck` when something was done to the process that was asked, in the meantime or before. */
export type Outcome = {
  readonly what: string;
  readonly from: number;
  readonly to: number;
  readonly struck: boolean;
} & (
  | { readonly status: number; readonly retryAfter: string | undefined }
  | { readonly status: null; readonly error: string }
);

const WAITS = [429, 503];
const FULL = 507;

/** True for an answer that says: not now. */
export function isRefusal(status: number): boolean {
  return WAITS.includes(status) || status === FULL;
}

export interface TallyKeeper {
  count(outcome: Outcome): void;
  read(): Tally;
}

export function createTally(noise: Noise): TallyKeeper {
  const counts = { requests: 0, answered: 0, refused: 0, cut: 0, slowestMs: 0, late: 0, hung: 0 };
  const broken: string[] = [];

  function accuse(sentence: string): void {
    if (broken.length < FAULTS_KEPT) broken.push(sentence);
  }

  return {
    count(outcome) {
      const { what, from, to, struck } = outcome;
      const ms = Math.round(to - from);
      counts.requests += 1;
      if (outcome.status === null) {
        counts.cut += 1;
        if (!struck)
          accuse(`${what}: ${outcome.error} after ${ms} ms, though nothing was done to the process`);
        return;
      }
      const { status, retryAfter } = outcome;
      if (isRefusal(status)) counts.refused += 1;
      else counts.answered += 1;
      if (WAITS.includes(status) && retryAfter === undefined)
        accuse(`${what}: ${status} without Retry-After`);
      if (status >= 500 && !isRefusal(status)) accuse(`${what}: answered ${status}`);
      if (struck) return;
      counts.slowestMs = Math.max(counts.slowestMs, ms);
      if (ms > ANSWERED_WITHIN_MS) counts.late += 1;
      if (ms - noise.worst(from, to) > HANGS_FROM_MS) counts.hung += 1;
    },
    read: () => ({ ...counts, broken: [...broken] }),
  };
}
