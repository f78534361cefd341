import type { Request } from 'express';
import joi, { type ObjectSchema } from 'joi';
import { checkContent, hasContent, readBody } from './body.ts';
import { readJson } from './json-text.ts';
import { parseQuery } from './query.ts';
import type { Call, Route } from './route.ts';
import { compileShape } from './shape.ts';

/** How a request waits for its body. */
export type Receive = (read: () => Promise<Buffer>) => Promise<Buffer>;
type Read = (call: CallDraft, receive: Receive) => Promise<void>;

export interface BodyLimits {
  readonly maxBodyBytes: number;
  readonly bodyTimeoutMs: number;
}

/** A call while it is being read. */
export type CallDraft = { -readonly [K in keyof Call]: Call[K] };

export const JSON_TYPE = 'application/json';
const MAX_DEPTH = 12;

/**
 * Reads and validates what a request brings, into `call`. The JSON as it came is in `call.body` before it is
 * validated, so that a refused one can be kept.
 * @throws Failure `invalid`, `malformed`, `not-found`, `too-large`, `too-slow`, `unsupported-media`
 */
export function createRequestReader(route: Route, limits: BodyLimits): Read {
  const params = route.params === undefined ? null : compileShape(route.params, 'path');
  const query = compileShape(route.query ?? joi.object({}), 'query');
  const headers = route.headers === undefined ? null : createHeaderReader(route.headers);
  const body = createBodyReader(route, limits);
  return async (call, receive) => {
    const { request } = call;
    if (params !== null) call.params = params({ ...request.params });
    call.query = query(parseQuery(request.url));
    if (headers !== null) call.headers = headers(request);
    if (body !== null) await body(call, receive);
  };
}

function createHeaderReader(schema: ObjectSchema): (request: Request) => unknown {
  const names = Object.keys((schema.describe() as { keys?: object }).keys ?? {});
  const check = compileShape(schema, 'headers');
  return (request) => {
    const given: Record<string, unknown> = {};
    for (const name of names) if (request.headers[name] !== undefined) given[name] = request.headers[name];
    return check(given);
  };
}

function createBodyReader({ body }: Route, { maxBodyBytes, bodyTimeoutMs }: BodyLimits): Read | null {
  if (body === undefined) return null;
  if ('stream' in body) {
    return ({ request }) => {
      checkContent(request, body.stream, body.maxBytes);
      return Promise.resolve();
    };
  }
  const { schema, maxBytes = maxBodyBytes, required = true } = body;
  const limits = {
    maxDepth: body.maxDepth ?? MAX_DEPTH,
    ...(body.maxElements === undefined ? {} : { maxElements: body.maxElements }),
  };
  const check = compileShape(schema, 'body');
  return async (call, receive) => {
    const { request } = call;
    if (!required && !hasContent(request)) {
      call.body = check({});
      return;
    }
    checkContent(request, [JSON_TYPE], maxBytes);
    const arrive = () => readBody(request, maxBytes, bodyTimeoutMs);
    // Most bodies come together with their request.
    call.body = readJson(await (request.complete ? arrive() : receive(arrive)), limits);
    call.body = check(call.body);
  };
}
