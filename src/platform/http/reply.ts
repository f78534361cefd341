import type { Request, Response } from 'express';
import { discardRest } from './body.ts';
import { exchangeOf, type RequestLog } from './exchange.ts';
import { PROBLEM_TYPE, refusalOf, type Problem } from './problem.ts';
import type { Answer } from './route.ts';

/** Sends an answer, unless one was sent already or the client is gone. */
export function sendAnswer(request: Request, response: Response, answer: Answer): void {
  if (response.headersSent || response.destroyed) return;
  discardRest(request);
  response.statusCode = answer.status;
  const { headers } = answer;
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) response.setHeader(name, value);
  }
  if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-store');
  const payload = answer.text ?? (answer.body === undefined ? undefined : JSON.stringify(answer.body));
  if (payload === undefined) {
    response.end();
    return;
  }
  response.setHeader('Content-Type', answer.mediaType ?? 'application/json');
  response.setHeader('Content-Length', Buffer.byteLength(payload));
  response.end(payload);
}

export function sendProblem(
  request: Request,
  response: Response,
  body: Problem,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendAnswer(request, response, { status: body.status, body, mediaType: PROBLEM_TYPE, headers });
}

/** Answers whatever was thrown. Only what is our own fault is logged here, once and in full. */
export function sendError(request: Request, response: Response, error: unknown, log: RequestLog): void {
  const { requestId, route } = exchangeOf(response);
  const refusal = refusalOf(error, requestId, request.headers.authorization !== undefined);
  // What a handler throws because its client left is no error of ours.
  const left = response.destroyed && !response.writableFinished;
  if (refusal.isBug && !left) log.error({ err: error, requestId, route }, 'a request failed unexpectedly');
  if (response.headersSent) response.destroy();
  else sendProblem(request, response, refusal.problem, refusal.headers);
}
