import type { IncomingMessage, ServerResponse } from 'node:http';
import { Failure } from '../../kernel/failure.ts';
import { problem, PROBLEM_TYPE } from './problem.ts';

/** Whose doing it is that there are too many requests: this client's, or that of all. */
export type RefusalReason = 'client-busy' | 'overloaded';

const RETRY_AFTER_SECONDS = 1;
const SHORT_BODY_BYTES = 64 * 1024;
const REFUSALS = {
  'client-busy': refusal(
    429,
    'client-busy',
    'You have too many requests under way; wait for answers before you send more.',
  ),
  overloaded: refusal(503, 'overloaded', 'More is asked of the registry than it can do now; try again.'),
} as const;

function refusal(status: 429 | 503, reason: RefusalReason, detail: string) {
  return { status, detail, body: Buffer.from(JSON.stringify(problem(status, reason, detail))) };
}

/** The refusal of a request that was begun. */
export function refusalFailure(reason: RefusalReason): Failure {
  const { status, detail } = REFUSALS[reason];
  const kind = status === 429 ? 'too-many' : 'unavailable';
  return new Failure(kind, reason, detail, { retryAfterSeconds: RETRY_AFTER_SECONDS });
}

interface Refused {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly reason: RefusalReason;
}

/** What may be spent on refusing, of all time and at a stretch; the rest of the time belongs to those let in. */
const SHARE = 0.08;
const STRETCH_MS = 10;
const PAUSE_MS = 5;
/** A refusal that has waited for so long is sent whatever that takes: everybody is answered within 2 seconds. */
const MAX_WAIT_MS = 1_500;

/**
 * Refuses requests on which nothing was spent: at once, as long as that takes up no more than its share of the time.
 * Beyond it refusals wait, because a server that does nothing but refuse serves nobody, and a client that waits for
 * its refusal sends nothing else meanwhile.
 * @param monotonic a clock that only goes forward, in milliseconds
 */
export function createRefuser(monotonic = () => performance.now()): (refused: Refused) => void {
  const waiting: (Refused & { readonly since: number })[] = [];
  let leftMs = STRETCH_MS;
  let countedAt = monotonic();
  let timer: NodeJS.Timeout | undefined;

  function count(): void {
    const now = monotonic();
    leftMs = Math.min(STRETCH_MS, leftMs + (now - countedAt) * SHARE);
    countedAt = now;
  }
  function refuseOne(refused: Refused): void {
    const begunAt = monotonic();
    sendRefusal(refused);
    leftMs -= monotonic() - begunAt;
  }
  function refuseWaiting(): void {
    timer = undefined;
    count();
    const late = countedAt - MAX_WAIT_MS;
    while (waiting[0] !== undefined && (leftMs > 0 || waiting[0].since < late)) {
      refuseOne(waiting[0]);
      waiting.shift();
    }
    if (waiting.length > 0) timer = setTimeout(refuseWaiting, PAUSE_MS);
  }
  return (refused) => {
    count();
    if (waiting.length === 0 && leftMs > 0) {
      refuseOne(refused);
      return;
    }
    waiting.push({ ...refused, since: countedAt });
    timer ??= setTimeout(refuseWaiting, PAUSE_MS);
  };
}

function sendRefusal({ request, response, reason }: Refused): void {
  if (response.destroyed) return;
  const { status, body } = REFUSALS[reason];
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  // A small body is passed over; a long one isn't waited for.
  const isShort = encoding === undefined && Number(length) <= SHORT_BODY_BYTES;
  if (isShort) request.resume();
  response.writeHead(status, {
    'Content-Type': PROBLEM_TYPE,
    'Content-Length': body.length,
    'Retry-After': String(RETRY_AFTER_SECONDS),
    'Cache-Control': 'no-store',
    ...(isShort ? {} : { Connection: 'close' }),
  });
  response.end(body);
}
