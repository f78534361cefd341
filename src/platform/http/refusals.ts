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

/** Refuses a request on which nothing was spent. */
export function sendRefusal(request: IncomingMessage, response: ServerResponse, reason: RefusalReason): void {
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
