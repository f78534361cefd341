import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { ward } from './children.ts';

/** A Redis of an operator, as the registry wants it: append-only file, no eviction. On the same port after every start. */
export interface RedisServer {
  readonly port: number;
  start(): Promise<void>;
  /** `kill -9`. */
  kill(): Promise<void>;
  flushAll(): Promise<void>;
  /** What it answers to a command without binary data. */
  ask(command: string): Promise<string>;
  /** Removes its files; to be done while it is down. */
  deleteFiles(): void;
}

export function redisServer(port: number, folder: string): RedisServer {
  let child: ChildProcess | null = null;
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  args.push('--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction');

  async function start(): Promise<void> {
    mkdirSync(folder, { recursive: true });
    const started = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    child = started;
    ward(started);
    await new Promise<void>((resolve, reject) => {
      createInterface(started.stdout).on('line', (line) => {
        if (line.includes('Ready to accept connections')) resolve();
      });
      void once(started, 'exit').then(() => reject(new Error('redis-server ended before it was ready')));
    });
  }

  async function ask(command: string): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    socket.end(`${command}\r\nQUIT\r\n`);
    return text(socket);
  }

  return {
    port,
    start,
    async kill() {
      const running = child;
      child = null;
      if (running === null || running.exitCode !== null) return;
      const ended = once(running, 'exit');
      running.kill('SIGKILL');
      await ended;
    },
    ask,
    async flushAll() {
      const answer = await ask('FLUSHALL');
      if (!answer.startsWith('+OK')) throw new Error(`FLUSHALL: ${answer}`);
    },
    deleteFiles: () => rmSync(folder, { recursive: true, force: true }),
  };
}
