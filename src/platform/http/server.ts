import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import { problem, PROBLEM_TYPE, TITLES } from './problem.ts';

export interface ServerOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** How long requests under way may take to finish at the end; default 10 s. */
  readonly drainMs?: number;
  readonly maxConnections?: number;
  /** Time for the whole of a request, streamed bodies included; default one hour. */
  readonly receiveTimeoutMs?: number;
}
export interface RunningServer {
  readonly port: number;
  /** Stops accepting, lets requests under way finish, then cuts off. Repeating it changes nothing. */
  close(): Promise<void>;
}

const HEADERS_TIMEOUT_MS = 15_000;
const KEEP_ALIVE_MS = 30_000;
const MAX_HEADER_BYTES = 16 * 1024;
const IDLE_CHECK_MS = 50;
const LINGER_MS = 2_000;
/** Node's codes for requests that are no HTTP, or too much of it. */
const STATUS_OF_PARSE_ERROR: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Serves `app`. Rejects with the system's error, such as `EADDRINUSE`, when it cannot listen. */
export async function startServer(app: Express, options: ServerOptions): Promise<RunningServer> {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      requestTimeout: options.receiveTimeoutMs ?? 3_600_000,
    },
    app as unknown as (request: IncomingMessage, response: ServerResponse) => void,
  );
  if (options.maxConnections !== undefined) server.maxConnections = options.maxConnections;
  server.on('clientError', answerParseError);
  await listen(server, options.port, options.host);
  let closing: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    close: () => (closing ??= drain(app, server, options.drainMs ?? 10_000)),
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** From here on `readyz` says no and every answer closes its connection. */
async function drain(app: Express, server: Server, drainMs: number): Promise<void> {
  app.set('draining', true);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const cutOff = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearInterval(idle);
  clearTimeout(cutOff);
}

/** Answers what never became a request; where an answer is under way already, only cuts off. */
function answerParseError(error: Error & { code?: string }, stream: Duplex): void {
  const socket = stream as Socket & { _httpMessage?: ServerResponse };
  if (!socket.writable || error.code === 'ECONNRESET' || socket._httpMessage?.headersSent === true) {
    socket.destroy();
    return;
  }
  const status = STATUS_OF_PARSE_ERROR[error.code ?? ''] ?? 400;
  const code = status === 400 ? 'not-http' : (TITLES[status] ?? '').toLowerCase().replaceAll(' ', '-');
  const body = JSON.stringify(problem(status, code, 'The request could not be read as HTTP.'));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  // The client may still be sending; it gets a moment to read the answer.
  socket.setTimeout(LINGER_MS, () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
