import { Failure, type Fault, type FailureKind } from '../../kernel/failure.ts';

/** The one table from failures to status codes. */
const STATUS_OF: Readonly<Record<FailureKind, number>> = {
  invalid: 422,
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'too-large': 413,
  'too-slow': 408,
  'unsupported-media': 415,
  'not-acceptable': 406,
  'too-many': 429,
  unavailable: 503,
  'storage-full': 507,
};

/** Names of status codes, RFC 9110 section 15 and its registry. */
export const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  417: 'Expectation Failed',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  507: 'Insufficient Storage',
};
export const PROBLEM_TYPE = 'application/problem+json';
export const MAX_FAULTS = 100;
const RETRY_AFTER_SECONDS = 5;

/** RFC 9457, with the members `code` (stable), `errors` (one a field). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** The request id. */
  readonly instance?: string;
  readonly errors?: readonly Fault[];
}

export interface Refusal {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  /** True when the error is nobody's fault but ours and has to be logged in full. */
  readonly isBug: boolean;
}

export function problem(status: number, code: string, detail: string, instance?: string): Problem {
  const title = TITLES[status] ?? 'Error';
  const base = { type: `urn:problem:${code}`, title, status, code, detail };
  return instance === undefined ? base : { ...base, instance };
}

/** What to answer to any thrown value. Nothing of an unexpected error reaches the client. */
export function refusalOf(error: unknown, instance: string, hasCredentials: boolean): Refusal {
  if (error instanceof Failure) return failureRefusal(error, instance, hasCredentials);
  const status = statusOfForeignError(error);
  if (status === 507) {
    const full = new Failure('storage-full', 'storage-full', 'The storage is full; nothing was stored.');
    return failureRefusal(full, instance, hasCredentials);
  }
  if (status !== null) {
    const title = TITLES[status] ?? 'The request was refused';
    return { problem: problem(status, slug(title), `${title}.`, instance), headers: {}, isBug: false };
  }
  const text = 'Something went wrong on the server; the request id finds it in the log.';
  return { problem: problem(500, 'internal-error', text, instance), headers: {}, isBug: true };
}

function failureRefusal(failure: Failure, instance: string, hasCredentials: boolean): Refusal {
  const status = STATUS_OF[failure.kind];
  const headers: Record<string, string> = {};
  // RFC 6750 section 3.1: no error code when the request brought no credentials at all.
  if (status === 401)
    headers['WWW-Authenticate'] = hasCredentials ? 'Bearer error="invalid_token"' : 'Bearer';
  // RFC 9110 section 15.5.9: what is still to come of the request isn't waited for.
  if (status === 408) headers.Connection = 'close';
  if (status === 429 || status === 503) {
    headers['Retry-After'] = String(Math.max(1, Math.ceil(failure.retryAfterSeconds ?? RETRY_AFTER_SECONDS)));
  }
  const base = problem(status, failure.code, failure.message, instance);
  const errors = failure.faults.slice(0, MAX_FAULTS);
  return { problem: errors.length === 0 ? base : { ...base, errors }, headers, isBug: false };
}

/** Errors of express and Node that carry a 4xx status, and a full disk; null for everything else. */
function statusOfForeignError(error: unknown): number | null {
  if (typeof error !== 'object' || error === null) return null;
  const { status, code } = error as { status?: unknown; code?: unknown };
  if (code === 'ENOSPC') return 507;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}

function slug(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z]+/g, '-');
}
