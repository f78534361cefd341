import type { Request, Response } from 'express';
import type { Actor } from '../../kernel/actor.ts';
import { exchangeOf } from './exchange.ts';
import { addressKey } from './client-address.ts';
import type { RateLimiter } from './rate-limit.ts';
import { PUBLIC } from './route.ts';

export interface Admission {
  /** Who asks, if the policy grants the action. @throws Failure `unauthenticated`, `forbidden` */
  authorize(request: Request, action: string): Actor | Promise<Actor>;
  /** Counts requests with a valid token. */
  readonly subjects: RateLimiter;
  /** Counts requests without one, by address. */
  readonly addresses: RateLimiter;
}

/**
 * Lets a request in: who asks, and whether they ask too often. Remembers the actor in the exchange.
 * @throws Failure of `authorize`; `rate-limited`
 */
export async function admit(
  request: Request,
  response: Response,
  action: string,
  { authorize, subjects, addresses }: Admission,
  unlimited = false,
): Promise<void> {
  if (action === PUBLIC) {
    if (!unlimited) await addresses.count(addressKey(request.ip), response);
    return;
  }
  let actor: Actor;
  try {
    actor = await authorize(request, action);
  } catch (error) {
    await addresses.count(addressKey(request.ip), response);
    throw error;
  }
  exchangeOf(response).actor = actor;
  if (!unlimited) await subjects.count(JSON.stringify([actor.org, actor.sub]), response);
}
