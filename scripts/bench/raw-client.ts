import { connect, type Socket } from 'node:net';

/** One answer, as far as a load generator looks at it. */
export type OnAnswer = (status: number) => void;

/** Connections that send prepared requests: a client that costs as little as it can, because it shares the cores. */
export interface RawClient {
  /** False when no connection is free. */
  send(request: Buffer, onAnswer: OnAnswer): boolean;
  close(): void;
}

const HEAD_END = Buffer.from('\r\n\r\n');

interface Line {
  socket: Socket;
  onAnswer: OnAnswer | null;
  received: Buffer;
}

/** Opens `connections` keep-alive connections; one that breaks is opened again and its request counts as status 0. */
export async function openRawClient(port: number, connections: number): Promise<RawClient> {
  const free: Line[] = [];
  const all = new Set<Line>();
  let closing = false;

  function open(line: Line): Promise<void> {
    line.socket = connect(port, '127.0.0.1').setNoDelay(true);
    line.received = Buffer.alloc(0);
    line.socket.on('data', (bytes) => take(line, bytes));
    line.socket.on('error', () => undefined);
    line.socket.on('close', () => {
      line.onAnswer?.(0);
      line.onAnswer = null;
      if (!closing) void open(line);
    });
    return new Promise((resolve) => {
      line.socket.once('connect', () => {
        free.push(line);
        resolve();
      });
    });
  }

  function take(line: Line, bytes: Buffer): void {
    line.received = line.received.length === 0 ? bytes : Buffer.concat([line.received, bytes]);
    const headEnd = line.received.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const head = line.received.toString('latin1', 0, headEnd);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (line.received.length < headEnd + HEAD_END.length + length) return;
    const { onAnswer } = line;
    line.received = Buffer.alloc(0);
    line.onAnswer = null;
    if (!/\r\nconnection: close/i.test(head)) free.push(line);
    onAnswer?.(Number(head.slice(9, 12)));
  }

  await Promise.all(
    Array.from({ length: connections }, () => {
      const line = { socket: null as unknown as Socket, onAnswer: null, received: Buffer.alloc(0) };
      all.add(line);
      return open(line);
    }),
  );
  return {
    send(request, onAnswer) {
      const line = free.pop();
      if (line === undefined) return false;
      line.onAnswer = onAnswer;
      line.socket.write(request);
      return true;
    },
    close() {
      closing = true;
      for (const { socket } of all) socket.destroy();
    },
  };
}

export function prepared(path: string, authorization: string): Buffer {
  return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\n\r\n`);
}
