import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export interface Outgoing {
  readonly url: string;
  /** JSON to post; without it, a GET. */
  readonly body?: string;
}

export interface OpenLoop {
  readonly perSecond: number;
  readonly seconds: number;
  readonly next: () => Outgoing;
  readonly headers: Readonly<Record<string, string>>;
  /** From 0 to below 1. */
  readonly random: () => number;
}

export interface OpenLoopResult {
  /** With status 200 or 201. */
  readonly answers: number;
  readonly failures: number;
  /** From the moment a request was due, ascending: a server that falls behind can't hide it. */
  readonly latenciesMs: readonly number[];
}

const MAX_SOCKETS = 256;
const TICK_MS = 1;

/** Sends requests at random moments (a Poisson process), whether or not earlier ones have been answered. */
export async function openLoop(plan: OpenLoop): Promise<OpenLoopResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS });
  const latenciesMs: number[] = [];
  let failures = 0;
  const sent: Promise<void>[] = [];
  const beginsAt = performance.now();
  const endsAt = beginsAt + plan.seconds * 1_000;
  let dueAt = beginsAt;
  for (;;) {
    const now = performance.now();
    for (; dueAt <= now && dueAt < endsAt; dueAt += gapMs(plan)) sent.push(one(dueAt));
    if (dueAt >= endsAt) break;
    await delay(TICK_MS);
  }
  await Promise.all(sent);
  agent.destroy();
  return { answers: latenciesMs.length, failures, latenciesMs: latenciesMs.sort((a, b) => a - b) };

  async function one(due: number): Promise<void> {
    const status = await statusOf(plan.next(), plan.headers, agent).catch(() => 0);
    if (status === 200 || status === 201) latenciesMs.push(performance.now() - due);
    else failures += 1;
  }
}

function gapMs({ perSecond, random }: OpenLoop): number {
  return (-Math.log(1 - random()) / perSecond) * 1_000;
}

/** Once the whole answer is read. */
function statusOf({ url, body }: Outgoing, headers: OpenLoop['headers'], agent: Agent): Promise<number> {
  const method = body === undefined ? 'GET' : 'POST';
  const all = body === undefined ? headers : { ...headers, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    request(url, { method, agent, headers: all }, (response) => {
      response.on('end', () => resolve(response.statusCode ?? 0)).on('error', reject);
      response.resume();
    })
      .on('error', reject)
      .end(body);
  });
}
