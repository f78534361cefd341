import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Request } from 'express';
import joi from 'joi';
import type { Actor } from '../../../src/kernel/actor.ts';
import { Failure } from '../../../src/kernel/failure.ts';
import {
  createHttpApp,
  PUBLIC,
  route,
  type HttpAppOptions,
  type Route,
} from '../../../src/platform/http/index.ts';

export const ACTOR: Actor = { sub: 'clerk-1', role: 'exporter', org: 'acme', country: 'TW' };
export const INFO = { title: 'Sample', version: '1', description: 'A sample.' };

/** `Bearer ok` is the actor, `Bearer weak` may do nothing, anything else is nobody. */
export function authorize(request: Request): Actor {
  const given = request.headers.authorization;
  if (given === 'Bearer ok') return ACTOR;
  if (given === 'Bearer weak') throw new Failure('forbidden', 'forbidden', 'Not you.');
  throw new Failure(
    'unauthenticated',
    given === undefined ? 'token-missing' : 'token-malformed',
    'Who are you?',
  );
}

const pressItem = joi.object({
  serial: joi.string().min(1).max(20).pattern(/\S/).required().example('ZP33-2025-00417'),
  stations: joi.number().integer().min(1).max(99),
});
const pressBody = joi.object({
  reference: joi
    .string()
    .pattern(/^[A-Z0-9-]{1,20}$/, 'a reference')
    .required(),
  notes: joi.array().items(joi.string().max(50)),
  weight: joi.number(),
  items: joi.array().items(pressItem).min(1).max(3).required(),
});

export interface Sample {
  /** What handlers got. */
  readonly bodies: unknown[];
  readonly refused: { readonly body: unknown; readonly code: string }[];
  readonly lines: {
    readonly level: string;
    readonly facts: Record<string, unknown>;
    readonly message: string;
  }[];
  readonly observed: unknown[][];
  readonly routes: Route[];
}

export function sampleRoutes(): Sample {
  const sample: Sample = { bodies: [], refused: [], lines: [], observed: [], routes: [] };
  const common = { tag: 'Presses', summary: 'Sample', action: 'use' };
  sample.routes.push(
    route<{ query: { serial: string; limit?: number } }>({
      ...common,
      method: 'get',
      path: '/v1/lookup',
      operationId: 'lookUp',
      query: joi.object({
        serial: joi.string().max(80).required().description('As read'),
        limit: joi.number().integer().min(1).max(500),
      }),
      answers: {
        200: { description: 'Found', schema: joi.object({ serial: joi.string(), limit: joi.number() }) },
      },
      handle: ({ query }) => ({ status: 200, body: { ...query } }),
    }),
    route<{ params: { id: string } }>({
      ...common,
      method: 'get',
      path: '/v1/presses/{id}',
      operationId: 'getPress',
      params: joi.object({ id: joi.string().pattern(/^p_[a-z0-9]{1,20}$/, 'an id') }),
      answers: { 200: { description: 'The press', schema: joi.object({ id: joi.string().required() }) } },
      handle: ({ params }) => {
        if (params.id === 'p_bug') throw new Error('a secret detail');
        if (params.id !== 'p_1') throw new Failure('not-found', 'press-unknown', 'There is no such press.');
        return { status: 200, body: { id: params.id } };
      },
    }),
    route({
      ...common,
      method: 'post',
      path: '/v1/presses',
      operationId: 'addPress',
      headers: joi.object({ 'idempotency-key': joi.string().pattern(/^[\x21-\x7e]{1,255}$/) }),
      body: { schema: pressBody, maxBytes: 1_000_000 },
      answers: {
        201: {
          description: 'Added',
          schema: joi.object({ key: joi.string() }),
          headers: { Location: 'Where it is' },
        },
        409: { description: 'There already' },
      },
      handle: ({ body, headers }) => {
        sample.bodies.push(body);
        const key = (headers as { 'idempotency-key'?: string })['idempotency-key'];
        return { status: 201, body: { key }, headers: { Location: '/v1/presses/p_1' } };
      },
      onRefusal: ({ body }, { code }) => {
        sample.refused.push({ body, code });
        return Promise.resolve();
      },
    }),
    route({
      ...common,
      action: PUBLIC,
      method: 'get',
      path: '/open',
      operationId: 'open',
      answers: { 200: { description: 'Yes', schema: joi.object() } },
      handle: () => ({ status: 200, body: {} }),
    }),
  );
  return sample;
}

export function sampleApp(sample: Sample, options: Partial<HttpAppOptions> = {}) {
  const write = (level: string) => (facts: object, message: string) =>
    sample.lines.push({ level, facts: { ...facts }, message });
  return createHttpApp({
    routes: sample.routes,
    authorize,
    isAction: (action) => action === 'use',
    log: { info: write('info'), warn: write('warn'), error: write('error') },
    metrics: { observe: (...values) => sample.observed.push(values) },
    readiness: () => Promise.resolve({ ready: true, degraded: false, checks: { store: 'ok' } }),
    info: INFO,
    limits: { perMinute: 0, anonymousPerMinute: 0 },
    verifyAnswers: true,
    ...options,
  });
}

/** Sends bytes as they are and reads until the server closes the connection. */
export async function exchange(port: number, bytes: string | Buffer, end = false): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(bytes);
  if (end) socket.end();
  return text(socket);
}
