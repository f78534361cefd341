import { Agent, createServer, get, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { until } from '../../support/app.ts';
import type { Endpoint } from './caller.ts';

const ASKS_EVERY_MS = 500;
const ANSWERS_WITHIN_MS = 1_000;

/** What stands in front of several processes. */
export interface Balancer extends Endpoint {
  /** Resolves when it sends requests to that process again. */
  sendsTo(name: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Spreads requests over those of the `behind` that say at `/readyz` that they are ready. As the proxies of operators
 * do, it tries a connection that was refused at the next one, and nothing else: what reached a process may have taken
 * effect. To its clients it is a process to which nothing is ever done.
 */
export async function startBalancer(behind: readonly Endpoint[]): Promise<Balancer> {
  const agent = new Agent({ keepAlive: false });
  const ready = new Set<Endpoint>(behind);
  let turn = 0;

  async function look(endpoint: Endpoint): Promise<void> {
    if (await saysReady(endpoint.port)) ready.add(endpoint);
    else ready.delete(endpoint);
  }
  const timer = setInterval(() => void Promise.all(behind.map(look)), ASKS_EVERY_MS);

  /** The ready ones, each time another one first. */
  function candidates(): Endpoint[] {
    turn += 1;
    const all = behind.filter((endpoint) => ready.has(endpoint));
    return all.map((_, index) => all[(turn + index) % all.length]!);
  }

  async function pass(client: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(client);
    for (const { port } of candidates()) {
      const answer = await forwarded(client, body, port, agent).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') return null;
        throw error;
      });
      if (answer === null) continue;
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      return;
    }
    response.writeHead(502).end();
  }

  const server = createServer((client, response) => {
    pass(client, response).catch(() =>
      response.headersSent ? response.destroy() : response.writeHead(502).end(),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    name: 'the proxy',
    port: (server.address() as AddressInfo).port,
    isUp: () => true,
    changes: () => 0,
    async sendsTo(name) {
      await until(async () => ([...ready].some((endpoint) => endpoint.name === name) ? true : null));
    },
    async close() {
      clearInterval(timer);
      agent.destroy();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function forwarded(
  client: IncomingMessage,
  body: Buffer,
  port: number,
  agent: Agent,
): Promise<IncomingMessage> {
  const { method, url: path, headers } = client;
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent }, resolve);
    sent.on('error', reject);
    sent.end(body);
  });
}

function saysReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = get({ host: '127.0.0.1', port, path: '/readyz', timeout: ANSWERS_WITHIN_MS }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
  });
}
