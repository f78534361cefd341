import type { Request, RequestHandler, Response } from 'express';
import { isFailure } from '../../kernel/failure.ts';
import { admit, type Admission } from './admission.ts';
import { createAnswerCheck } from './answer-check.ts';
import { exchangeOf, type Exchange, type RequestLog } from './exchange.ts';
import { problem } from './problem.ts';
import { sendAnswer, sendError, sendProblem } from './reply.ts';
import { createRequestReader, type CallDraft } from './request-reader.ts';
import type { Route } from './route.ts';

export interface Serving extends Admission {
  readonly log: RequestLog;
  readonly requestTimeoutMs: number;
  readonly maxBodyBytes: number;
  /** Check each answer against the route's description: for tests. */
  readonly verifyAnswers: boolean;
}

const RETRY_AFTER = { 'Retry-After': '5' };

/** Turns a route into an express handler: who, how often, what, then the handler itself, then the answer. */
export function serveRoute(route: Route, serving: Serving): RequestHandler {
  const read = createRequestReader(route, serving.maxBodyBytes);
  const checkAnswer = serving.verifyAnswers ? createAnswerCheck(route) : null;
  return async (request, response) => {
    const exchange = exchangeOf(response);
    exchange.route = route.path;
    if (route.untimed !== true) startTimer(request, response, exchange, serving.requestTimeoutMs);
    const call = openCall(request, response, exchange);
    try {
      await admit(request, response, route.action, serving, route.unlimited);
      call.actor = exchange.actor;
      await read(call);
      const reply = await route.handle(call);
      if ('streamed' in reply) return;
      checkAnswer?.(reply);
      sendAnswer(request, response, reply);
    } catch (error) {
      await tellRefusal(route, call, error, serving.log);
      sendError(request, response, error, serving.log);
    }
  };
}

function openCall(request: Request, response: Response, exchange: Exchange): CallDraft {
  return {
    actor: null,
    params: {},
    query: {},
    headers: {},
    body: undefined,
    request,
    response,
    requestId: exchange.requestId,
    get signal() {
      return exchange.signal;
    },
  };
}

function startTimer(request: Request, response: Response, exchange: Exchange, ms: number): void {
  exchange.timer = setTimeout(() => {
    const detail = 'The request took too long. Whether it took effect is unknown.';
    sendProblem(request, response, problem(503, 'timed-out', detail, exchange.requestId), RETRY_AFTER);
    exchange.abort('the request took too long');
  }, ms);
}

/** The answer stays the refusal, also when keeping it fails. */
async function tellRefusal(route: Route, call: CallDraft, error: unknown, log: RequestLog): Promise<void> {
  if (route.onRefusal === undefined || !isFailure(error) || error.kind !== 'invalid') return;
  try {
    await route.onRefusal(call, error);
  } catch (cause) {
    log.error(
      { err: cause, requestId: call.requestId, route: route.path },
      'a refused request could not be kept',
    );
  }
}
