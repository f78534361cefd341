import type { Request, Response } from 'express';
import type { ObjectSchema, Schema } from 'joi';
import type { Actor } from '../../kernel/actor.ts';
import type { Failure } from '../../kernel/failure.ts';

/** The action of a route that anyone may call without a token. */
export const PUBLIC = 'public';

/** What a handler's type parameter may fix: the types its shapes produce. */
export interface Input {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly headers?: unknown;
  readonly body?: unknown;
}
type Part<I extends Input, K extends keyof Input> = I extends Readonly<Record<K, infer T>> ? T : unknown;

/** One validated request. */
export interface Call<I extends Input = Input> {
  /** Null only on a public route. */
  readonly actor: Actor | null;
  readonly params: Part<I, 'params'>;
  readonly query: Part<I, 'query'>;
  /** Only the headers that the route's shape names. */
  readonly headers: Part<I, 'headers'>;
  /** The validated JSON body; undefined on routes without one and on streamed bodies. */
  readonly body: Part<I, 'body'>;
  readonly request: Request;
  readonly response: Response;
  readonly requestId: string;
  /** Aborted when the client is gone or the request's time is up. */
  readonly signal: AbortSignal;
  /** Does a piece of a long stream's work in its turn among all requests. @throws Failure `client-gone` */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

export interface Answer {
  readonly status: number;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, with `mediaType`. */
  readonly text?: string | Buffer;
  readonly mediaType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
/** `streamed`: the handler has written the answer itself. */
export type Reply = Answer | { readonly streamed: true };

export interface JsonBody {
  readonly schema: Schema;
  /** Default: the application's limit. */
  readonly maxBytes?: number;
  /** Default 12. */
  readonly maxDepth?: number;
  /** Of each array; default 2,000. */
  readonly maxElements?: number;
  /** Default true; without a body an optional one is validated as `{}`. */
  readonly required?: boolean;
}
/** A body that the handler reads itself from `call.request`; only its type and declared length are checked. */
export interface StreamedBody {
  /** Accepted media types, without parameters. */
  readonly stream: readonly string[];
  readonly maxBytes: number;
}

export interface AnswerShape {
  readonly description: string;
  readonly schema?: Schema;
  /** Default `application/json` where there is a schema. */
  readonly mediaType?: string;
  /** Media types of which a client may ask for one instead, by `Accept`. */
  readonly alsoAs?: readonly string[];
  /** Header name → description. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly example?: unknown;
}

/**
 * A route is data: the express handler, the OpenAPI description and the tests over all routes come from it.
 * Problems that any request of its form can meet (400, 401, 404 …) need not be listed in `answers`.
 */
export interface Route<I extends Input = Input> {
  readonly method: 'get' | 'post';
  /** OpenAPI style: `/v1/declarations/{id}`. */
  readonly path: string;
  /** An action of the policy, or `public`. */
  readonly action: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly operationId: string;
  readonly params?: ObjectSchema;
  /** Without it, any query parameter is refused. */
  readonly query?: ObjectSchema;
  /** Names in lower case; other headers are not looked at. */
  readonly headers?: ObjectSchema;
  readonly body?: JsonBody | StreamedBody;
  readonly answers: Readonly<Record<number, AnswerShape>>;
  /** Whether it stores anything, so that a full disk can refuse it; default: every POST. */
  readonly writes?: boolean;
  /** No time limit: for routes that stream. */
  readonly untimed?: boolean;
  /** Not counted by the rate limit, and not logged while all is well: for probes. */
  readonly unlimited?: boolean;
  handle(call: Call<I>): Promise<Reply> | Reply;
  /**
   * Told of a request that was turned away as `invalid`, before the answer; `call.body` is then the JSON as it came,
   * or undefined where it was not even acceptable JSON.
   */
  onRefusal?(call: Call<I>, failure: Failure): Promise<void>;
}

/** A route whose handler sees its input with the types `I`; the shapes must produce them. */
export function route<I extends Input = Input>(definition: Route<I>): Route {
  return definition;
}

/** The actor of a call on a route that is not public. */
export function actorOf(call: { readonly actor: Actor | null }): Actor {
  if (call.actor === null) throw new Error('a public route has no actor');
  return call.actor;
}
