import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import type { Queue } from 'bullmq';
import type { RequestHandler, Response } from 'express';

/** What the board's page links from elsewhere: fonts, which the system's own replace. */
const FOREIGN_FONTS = /<link [^>]*https:\/\/fonts\.[^>]*>/g;

/**
 * Bull Board over these queues, to be mounted at `basePath`. Checks nobody: mount a guard before it.
 * Loads nothing from other hosts.
 */
export function createQueueBoard(queues: readonly Queue[], basePath: string): RequestHandler {
  const adapter = new ExpressAdapter();
  adapter.setBasePath(basePath);
  createBullBoard({ queues: queues.map((queue) => new BullMQAdapter(queue)), serverAdapter: adapter });
  const board = adapter.getRouter() as RequestHandler;
  return (request, response, next) => {
    withoutForeignFonts(response);
    board(request, response, next);
  };
}

function withoutForeignFonts(response: Response): void {
  const send = response.send.bind(response);
  response.send = (body: unknown) =>
    send(typeof body === 'string' ? body.replaceAll(FOREIGN_FONTS, '') : body);
}
