import type { RequestHandler } from 'express';
import { Router, urlencoded } from 'express';
import { isFailure } from '../kernel/failure.ts';

export const BOARD_PATH = '/queues';
const COOKIE = 'ppr_queues';
/** The board names its base address, sets styles on elements and holds its settings in a script element that isn't run. */
export const BOARD_DIRECTIVES = { 'base-uri': ["'self'"], 'style-src': ["'self'", "'unsafe-inline'"] };
const MAX_TOKEN_BYTES = 10_000;

const PAGE = (note: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Queues</title><style>body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}
textarea{width:100%;font:14px monospace}button{font:inherit;padding:.4rem 1rem}</style></head><body>
<h1>Queues</h1><p>${note}</p>
<form method="post" action="${BOARD_PATH}/sign-in">
<label>Token of an operator<br><textarea name="token" rows="6" cols="60" required></textarea></label>
<p><button>Show the queues</button></p></form></body></html>`;

/**
 * The queues' board for operators. A browser can't send a bearer token by itself, so the token is pasted once and
 * kept in a cookie that scripts can't read and other sites can't use; it reaches this path only.
 * @param authorize by the value of an Authorization header; throws a Failure
 */
export function queueBoardRouter(
  board: RequestHandler,
  authorize: (header: string | undefined) => unknown,
): Router {
  const router = Router();
  router.post(
    '/sign-in',
    urlencoded({ extended: false, limit: MAX_TOKEN_BYTES }),
    async (request, response) => {
      const { token } = (request.body ?? {}) as { token?: unknown };
      const given = typeof token === 'string' ? token.trim() : '';
      if (!/^[\w.-]+$/.test(given) || !(await allowed(`Bearer ${given}`))) {
        response.status(401).type('html').send(PAGE('That is no valid token of an operator.'));
        return;
      }
      const secure = request.secure;
      response.cookie(COOKIE, given, { httpOnly: true, sameSite: 'strict', path: BOARD_PATH, secure });
      response.redirect(303, BOARD_PATH);
    },
  );
  router.use(async (request, response, next) => {
    const header = request.headers.authorization ?? cookieHeader(request.headers.cookie);
    if (await allowed(header)) next();
    else response.status(401).type('html').send(PAGE('The queues are shown to operators.'));
  });
  router.use(board);
  return router;

  async function allowed(header: string | undefined): Promise<boolean> {
    try {
      await authorize(header);
      return true;
    } catch (error) {
      if (isFailure(error)) return false;
      throw error;
    }
  }
}

function cookieHeader(cookies: string | undefined): string | undefined {
  const found = cookies?.split('; ').find((cookie) => cookie.startsWith(`${COOKIE}=`));
  return found === undefined ? undefined : `Bearer ${found.slice(COOKIE.length + 1)}`;
}
