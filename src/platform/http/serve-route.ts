import type { Request, RequestHandler, Response } from 'express';
import { isFailure } from '../../kernel/failure.ts';
import { admit, type Admission } from './admission.ts';
import { createAnswerCheck } from './answer-check.ts';
import { exchangeOf, type Exchange, type RequestLog } from './exchange.ts';
import { problem } from './problem.ts';
import { sendAnswer, sendError, sendProblem } from './reply.ts';
import { createRequestReader, type CallDraft } from './request-reader.ts';
import type { Route } from './route.ts';
import { visitOf, type Visit } from './visit.ts';

export interface Serving extends Admission {
  readonly log: RequestLog;
  /** From when a request came, without the time that its body took to arrive. */
  readonly requestTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  readonly maxBodyBytes: number;
  /** Check each answer against the route's description: for tests. */
  readonly verifyAnswers: boolean;
}

const RETRY_AFTER = { 'Retry-After': '5' };

/** Turns a route into an express handler: who, how often, what, then the handler itself, then the answer. */
export function serveRoute(route: Route, serving: Serving): RequestHandler {
  const read = createRequestReader(route, serving);
  const checkAnswer = serving.verifyAnswers ? createAnswerCheck(route) : null;
  return async (request, response) => {
    const exchange = exchangeOf(response);
    exchange.route = route.path;
    exchange.isProbe = route.unlimited === true;
    const visit = visitOf(request);
    const leave = visit.hold();
    const startTimer = (): void => {
      if (route.untimed === true) return;
      const ms = serving.requestTimeoutMs - (performance.now() - visit.since);
      exchange.timer = setTimeout(() => answerLate(request, response, exchange), Math.max(0, ms));
    };
    const call = openCall(request, response, exchange, visit);
    startTimer();
    try {
      await admit(request, response, route.action, serving, route.unlimited);
      call.actor = exchange.actor;
      await read(call, async (body) => {
        clearTimeout(exchange.timer);
        const received = await visit.receive(body);
        startTimer();
        return received;
      });
      const reply = await route.handle(call);
      if ('streamed' in reply) return;
      checkAnswer?.(reply);
      sendAnswer(request, response, reply);
    } catch (error) {
      await tellRefusal(route, call, error, serving.log);
      sendError(request, response, error, serving.log);
    } finally {
      leave();
    }
  };
}

function openCall(request: Request, response: Response, exchange: Exchange, visit: Visit): CallDraft {
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
    inTurn: (work) => visit.inTurn(work),
  };
}

function answerLate(request: Request, response: Response, exchange: Exchange): void {
  const detail = 'The request took too long. Whether it took effect is unknown.';
  sendProblem(request, response, problem(503, 'timed-out', detail, exchange.requestId), RETRY_AFTER);
  exchange.abort('the request took too long');
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
