import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { pageHeaders } from '../../src/platform/http/security-headers.ts';
import { answers, catalogue, problem } from './answers.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export interface Asked {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
}

export interface StubServer {
  readonly url: string;
  /** The calls of the API that came in, oldest first. */
  readonly asked: Asked[];
  close(): Promise<void>;
}

/** Serves the built page under the product's own headers for pages, and canned answers of the API by the serial asked for. */
export async function startStubServer(folder: string): Promise<StubServer> {
  const asked: Asked[] = [];
  const headers = pageHeaders(false);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname.startsWith('/v1/')) answer(asked, url, request, response);
    else void sendFile(folder, url.pathname, headers, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked, close: () => closed(server) };
}

function answer(asked: Asked[], url: URL, request: IncomingMessage, response: ServerResponse): void {
  const query = Object.fromEntries(url.searchParams);
  asked.push({ path: url.pathname, query, authorization: request.headers.authorization });
  if (url.pathname === '/v1/catalogue') return send(response, 200, 'application/json', catalogue);
  if (url.pathname === '/v1/declarations') {
    const declared = { status: 'exited', org: 'acme', reference: 'INV-1', itemCount: 109 };
    return send(response, 200, 'application/json', { declarations: [declared] });
  }
  const serial = query['serial'] ?? '';
  if (serial === 'cut off') return void response.destroy();
  if (serial === 'a gateway') return send(response, 502, 'text/html', '<h1>Bad Gateway</h1>');
  const found = answers[serial];
  if (found === undefined) return send(response, 422, 'application/problem+json', problem);
  return send(response, 200, 'application/json', found);
}

function send(response: ServerResponse, status: number, type: string, body: unknown): void {
  response.writeHead(status, { 'content-type': type });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

async function sendFile(
  folder: string,
  path: string,
  headers: Iterable<readonly [string, string]>,
  response: ServerResponse,
): Promise<void> {
  const file = join(folder, normalize(path === '/' ? '/index.html' : path));
  const content = await readFile(file).catch(() => null);
  for (const [name, value] of headers) response.setHeader(name, value);
  response.writeHead(content === null ? 404 : 200, {
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
  });
  response.end(content ?? 'not found');
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
