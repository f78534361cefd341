import { Agent, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Target } from './app-process.ts';
import type { TallyKeeper } from './tally.ts';

/** Somewhere to send requests to. */
export interface Endpoint extends Target {
  readonly port: number;
}

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly token: string;
  readonly json?: unknown;
  readonly key?: string;
}

/** An answer that was read to its end. */
export interface Reply {
  readonly status: number;
  /** Parsed JSON. */
  readonly body: unknown;
  readonly replayed: boolean;
  /** The address of the next page. */
  readonly next: string | null;
}

export interface Caller {
  /** The answer, or null when there was none. Each call is counted. */
  call(endpoint: Endpoint, call: Call): Promise<Reply | null>;
  close(): void;
}

/** What is not answered by then never will be. */
const GIVE_UP_MS = 15_000;

/** Sends requests over kept connections, as clients do, and keeps count of how they went. */
export function createCaller(tally: TallyKeeper): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets: 128 });

  async function call(endpoint: Endpoint, sent: Call): Promise<Reply | null> {
    const what = `${sent.method} ${sent.path.replace(/\?.*/, '')} of ${endpoint.name}`;
    const changes = endpoint.changes();
    const wasUp = endpoint.isUp();
    const from = performance.now();
    const went = () => ({
      what,
      from,
      to: performance.now(),
      struck: !wasUp || endpoint.changes() !== changes,
    });
    try {
      const { answer, body } = await exchange(endpoint.port, sent, agent);
      const status = answer.statusCode ?? 0;
      tally.count({ ...went(), status, retryAfter: answer.headers['retry-after'] });
      return {
        status,
        body: body === '' ? null : (JSON.parse(body) as unknown),
        replayed: answer.headers['idempotent-replayed'] === 'true',
        next: /^<([^>]+)>; rel="next"$/.exec(String(answer.headers.link))?.[1] ?? null,
      };
    } catch (error) {
      tally.count({ ...went(), status: null, error: error instanceof Error ? error.message : String(error) });
      return null;
    }
  }

  return { call, close: () => agent.destroy() };
}

async function exchange(port: number, { method, path, token, json, key }: Call, agent: Agent) {
  const body = json === undefined ? null : JSON.stringify(json);
  const headers = {
    authorization: `Bearer ${token}`,
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...(body === null
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
  };
  const options = {
    host: '127.0.0.1',
    port,
    method,
    path,
    headers,
    agent,
    signal: AbortSignal.timeout(GIVE_UP_MS),
  };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = httpRequest(options, resolve);
    sent.on('error', reject);
    sent.end(body ?? undefined);
  });
  return { answer, body: await text(answer) };
}
