import type { Actor } from '../../kernel/actor.ts';
import { normalisedInstant } from '../../kernel/clock.ts';
import type { Failure } from '../../kernel/failure.ts';
import type { Call, Reply, Route } from '../../platform/http/index.ts';
import { actorOf, idempotencyHeaders, idParams, page, pageAsked } from '../../platform/http/index.ts';
import { filedView, stepView, declarationView, summaryView } from './declaration-view.ts';
import type { AmendmentInput, DeclarationInput, DeclarationState } from './declaration.ts';
import { parsedNumber } from './registry-numbers.ts';
import * as shapes from './declaration.schema.ts';
import type { DeclarationService } from './declaration.service.ts';
import type { Occasion } from './occasion.ts';
import type { RequestIdentity, Step } from './step.service.ts';
import { requestHash } from './step.service.ts';

/** A body of 2,000 items with every field filled stays well below this. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

export interface DeclarationRouteParts {
  readonly declarations: DeclarationService;
  /** A regulator's word on a declaration that needs review. */
  readonly decide: (
    actor: Actor,
    id: string,
    decision: 'verified' | 'refused',
    reason: string,
    request: RequestIdentity,
  ) => Promise<Step>;
  /** Keeps a filing that was turned away. */
  readonly keepRefused: (actor: Actor, body: unknown, failure: Failure) => Promise<void>;
}

/** The calls that file declarations and move them on. */
export function declarationRoutes({ declarations, decide, keepRefused }: DeclarationRouteParts): Route[] {
  const tag = 'Declarations';
  const step = { description: 'The new state', schema: shapes.stepAnswer };
  return [
    {
      method: 'post',
      path: '/v1/declarations',
      operationId: 'fileDeclaration',
      action: 'declaration.file',
      tag,
      summary: 'File a declaration of 1 to 2,000 items: all of them or none',
      description:
        'Sending the same body again under the same Idempotency-Key gives the same answer. A filing that is refused with 422 is kept and can be found under refused filings.',
      headers: idempotencyHeaders,
      body: { schema: shapes.declarationBody, maxBytes: MAX_BODY_BYTES },
      answers: {
        201: { description: 'Filed; it will be verified', schema: shapes.filedAnswer },
        409: conflict,
      },
      onRefusal: (call, failure) => keepRefused(actorOf(call), call.body, failure),
      async handle(call) {
        const done = await declarations.file(actorOf(call), call.body as DeclarationInput, identityOf(call));
        const headers = { location: `/v1/declarations/${done.declaration.id}`, ...replayHeader(done) };
        return { status: 201, body: filedView(done.declaration), headers };
      },
    },
    {
      method: 'get',
      path: '/v1/declarations',
      operationId: 'listDeclarations',
      action: 'declaration.read',
      tag,
      summary: 'List declarations in order of filing; an exporter sees its own',
      query: shapes.listQuery,
      answers: {
        200: { description: 'A page; the Link header names the next one', schema: shapes.listAnswer },
      },
      async handle(call) {
        const { number, status, since } = call.query as ListQuery;
        const { limit, after } = pageAsked(call, ['string', 'string']);
        const found = await declarations.list(actorOf(call), {
          ...(number === undefined ? {} : { number: parsedNumber(number) ?? '' }),
          ...(status === undefined ? {} : { state: status }),
          ...(since === undefined ? {} : { since: normalisedInstant(since, 'since', 'start') }),
          ...(after === null ? {} : { after: { filedAt: String(after[0]), id: String(after[1]) } }),
          limit: limit + 1,
        });
        const { shown, headers } = page(call, found, limit, ({ filedAt, id }) => [filedAt, id]);
        return { status: 200, body: { declarations: shown.map(summaryView) }, headers };
      },
    },
    {
      method: 'get',
      path: '/v1/declarations/{id}',
      operationId: 'getDeclaration',
      action: 'declaration.read',
      tag,
      summary: 'A declaration with its state, number, findings and items',
      params: idParams,
      answers: { 200: { description: 'The declaration', schema: shapes.declarationAnswer } },
      async handle(call) {
        const actor = actorOf(call);
        return { status: 200, body: declarationView(await declarations.get(actor, idOf(call)), actor) };
      },
    },
    {
      method: 'post',
      path: '/v1/declarations/{id}/amendments',
      operationId: 'amendDeclaration',
      action: 'declaration.amend',
      tag,
      summary: 'Give parts of a declaration anew; it is verified again, and a number it had is void',
      params: idParams,
      headers: idempotencyHeaders,
      body: { schema: shapes.amendmentBody, maxBytes: MAX_BODY_BYTES },
      answers: { 200: step, 409: conflict },
      async handle(call) {
        return stepReply(
          await declarations.amend(actorOf(call), idOf(call), call.body as AmendmentInput, identityOf(call)),
        );
      },
    },
    {
      method: 'post',
      path: '/v1/declarations/{id}/withdrawal',
      operationId: 'withdrawDeclaration',
      action: 'declaration.withdraw',
      tag,
      summary: 'Take a declaration back before its goods leave',
      params: idParams,
      headers: idempotencyHeaders,
      body: { schema: shapes.withdrawalBody },
      answers: { 200: step, 409: conflict },
      async handle(call) {
        const { reason } = call.body as { reason: string };
        return stepReply(await declarations.withdraw(actorOf(call), idOf(call), reason, identityOf(call)));
      },
    },
    {
      method: 'post',
      path: '/v1/declarations/{id}/exit',
      operationId: 'recordExit',
      action: 'declaration.exit',
      tag,
      summary: 'Record that the goods left: uses the number up, once',
      params: idParams,
      headers: idempotencyHeaders,
      body: { schema: shapes.exitBody },
      answers: { 200: step, 409: conflict },
      async handle(call) {
        const { number } = call.body as { number?: string };
        const occasion = { ...occasionOf(call), ...(number === undefined ? {} : { number }) };
        return stepReply(await declarations.exit(actorOf(call), idOf(call), occasion, identityOf(call)));
      },
    },
    {
      method: 'post',
      path: '/v1/declarations/{id}/arrival',
      operationId: 'recordArrival',
      action: 'declaration.arrive',
      tag,
      summary: 'Record what became of goods that left: arrived, or not shipped after all',
      params: idParams,
      headers: idempotencyHeaders,
      body: { schema: shapes.arrivalBody },
      answers: { 200: step, 409: conflict },
      async handle(call) {
        const { outcome = 'arrived' } = call.body as { outcome?: 'arrived' | 'not-shipped' };
        return stepReply(
          await declarations.arrive(actorOf(call), idOf(call), outcome, occasionOf(call), identityOf(call)),
        );
      },
    },
    {
      method: 'post',
      path: '/v1/declarations/{id}/decision',
      operationId: 'decideDeclaration',
      action: 'declaration.decide',
      tag: 'Reviews',
      summary: 'Decide on a declaration that needs review, with a reason',
      params: idParams,
      headers: idempotencyHeaders,
      body: { schema: shapes.decisionBody },
      answers: { 200: step, 409: conflict },
      async handle(call) {
        const { decision, reason } = call.body as { decision: 'verified' | 'refused'; reason: string };
        return stepReply(await decide(actorOf(call), idOf(call), decision, reason, identityOf(call)));
      },
    },
  ];
}

const conflict = { description: 'The state or an earlier request stands in the way' };

interface ListQuery {
  readonly number?: string;
  readonly status?: DeclarationState;
  readonly since?: string;
}

function idOf(call: Call): string {
  return (call.params as { id: string }).id;
}

/** The request's Idempotency-Key, and a hash of what it asks for. */
function identityOf(call: Call): RequestIdentity {
  const key = (call.headers as { 'idempotency-key'?: string })['idempotency-key'];
  return { bodyHash: requestHash(call.body), ...(key === undefined ? {} : { key }) };
}

function occasionOf(call: Call): Occasion {
  const { occurredAt, port, reason } = call.body as { occurredAt?: string; port?: string; reason?: string };
  return {
    ...(occurredAt === undefined ? {} : { occurredAt: normalisedInstant(occurredAt, 'occurredAt') }),
    ...(port === undefined ? {} : { place: port }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function stepReply(done: Step): Reply {
  return { status: 200, body: stepView(done.declaration, done.move), headers: replayHeader(done) };
}

function replayHeader(done: Step): Record<string, string> {
  return done.replayed ? { 'idempotent-replayed': 'true' } : {};
}
