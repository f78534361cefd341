import { createServer, STATUS_CODES, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import type { Handler } from './gate.ts';
import { problem, PROBLEM_TYPE, TITLES } from './problem.ts';

export interface ServerOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /**
   * At the end, what to wait for before new connections are refused. Until then everything is served while `readyz`
   * says 503, so that a proxy in front turns to others before a request is lost; default: nothing.
   */
  readonly grace?: () => Promise<unknown>;
  /** How long requests under way may then take to finish; default 10 s. */
  readonly drainMs?: number;
  readonly maxConnections?: number;
  /** Put before the app: lets requests through to it. */
  readonly gate?: (app: Handler) => Handler;
  /** Time for the whole of a request, streamed bodies included; default one hour. */
  readonly receiveTimeoutMs?: number;
}
export interface RunningServer {
  readonly port: number;
  /** Waits for the grace to end, stops accepting, lets requests under way finish, then cuts off. Repeating it changes nothing. */
  close(): Promise<void>;
}

const HEADERS_TIMEOUT_MS = 15_000;
const KEEP_ALIVE_MS = 30_000;
const MAX_HEADER_BYTES = 16 * 1024;
const LINGER_MS = 2_000;
const DRAIN_MS = 10_000;
/** Node's codes for requests that are no HTTP, or too much of it. */
const STATUS_OF_PARSE_ERROR: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Serves `app`. Rejects with the system's error, such as `EADDRINUSE`, when it cannot listen. */
export async function startServer(app: Express, options: ServerOptions): Promise<RunningServer> {
  const handler = app as unknown as Handler;
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      requestTimeout: options.receiveTimeoutMs ?? 3_600_000,
    },
    options.gate?.(handler) ?? handler,
  );
  if (options.maxConnections !== undefined) server.maxConnections = options.maxConnections;
  server.on('clientError', answerParseError);
  const connections = watchConnections(server);
  await listen(server, options.port, options.host);
  let closing: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    close: () => (closing ??= drain(app, server, connections, options)),
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

/** From here on `readyz` says no and every answer closes its connection; after the grace, so does having nothing to do. */
async function drain(
  app: Express,
  server: Server,
  connections: Connections,
  { grace, drainMs = DRAIN_MS }: ServerOptions,
): Promise<void> {
  app.set('draining', true);
  await grace?.();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  connections.closeUnused();
  const cutOff = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearTimeout(cutOff);
}

interface Connections {
  /** Closes those without a request, now and as they run out of requests. */
  closeUnused(): void;
}

/** Node's own notion of idle leaves out connections that never sent a request, which browsers open ahead. */
function watchConnections(server: Server): Connections {
  const requests = new Map<Socket, number>();
  let isClosing = false;
  const closeIfUnused = (socket: Socket): void => {
    if (requests.get(socket) === 0) socket.destroySoon();
  };
  server.on('connection', (socket) => {
    requests.set(socket, 0);
    socket.on('close', () => requests.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    requests.set(socket, (requests.get(socket) ?? 0) + 1);
    response.on('close', () => {
      const left = requests.get(socket);
      if (left === undefined) return;
      requests.set(socket, left - 1);
      // A request that was sent ahead on the same connection starts before this.
      if (isClosing) setImmediate(() => closeIfUnused(socket));
    });
  });
  return {
    closeUnused() {
      isClosing = true;
      for (const socket of requests.keys()) closeIfUnused(socket);
    },
  };
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
