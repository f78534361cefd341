import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Duplex, Readable } from 'node:stream';

export interface RedisSettings {
  readonly binary: string;
  /** Exists, and is this process's own. */
  readonly directory: string;
  readonly port: number;
  readonly password: string;
}

/** A running `redis-server` that accepts connections. */
export interface RedisProcess {
  readonly pid: number;
  /** Resolves with its last lines of output once it has ended, for whatever reason. */
  readonly ended: Promise<string>;
  /** Asks it to save and end; resolves when it has ended. */
  stop(): Promise<void>;
}

/** It ended before it accepted connections. `output` holds its last lines. */
export class RedisStartError extends Error {
  readonly output: string;

  constructor(binary: string, output: string) {
    super(`The program ${binary} did not start: ${reasonIn(output)}.`);
    this.name = 'RedisStartError';
    this.output = output;
  }
}

/**
 * Runs the server and, beside it, a reader of a pipe that only this process holds: when this process ends in
 * any way, `kill -9` included, the pipe closes and the reader ends the server. A server that an earlier
 * process left behind and that is still saving holds the lock, so that two never write the same files.
 */
const SCRIPT = `
if command -v flock >/dev/null; then exec 9>"$2/lock"; flock -w 30 9 || { echo 'its files are in use'; exit 75; }; fi
"$1" - <&3 3<&- 4<&- &
server=$!
exec 3<&-
{ read -r line; kill -TERM "$server"; } <&4 9>&- >/dev/null 2>&1 &
reader=$!
exec 4<&-
wait "$server"
code=$?
kill "$reader" 2>/dev/null
exit "$code"
`;
const LAST_LINES = 20;
const STOP_TIMEOUT_MS = 8000;

/** @throws RedisStartError */
export async function startRedisProcess(settings: RedisSettings): Promise<RedisProcess> {
  const { binary, directory } = settings;
  const child = spawn('sh', ['-c', SCRIPT, 'sh', binary, directory], {
    // A group of its own: Ctrl-C in a terminal must not end it before its users are done.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  const [, , , configuration, lifeline] = child.stdio as [null, Readable, Readable, Duplex, Duplex];
  for (const stream of [configuration, lifeline]) stream.on('error', () => undefined).resume();
  const ended = endOf(child);
  const accepting = readUntilAccepting(child.stdout as Readable);
  configuration.end(configurationOf(settings));
  const started = await Promise.race([accepting, ended]);
  if (started !== true) throw new RedisStartError(binary, started);
  return {
    pid: child.pid as number,
    ended,
    async stop() {
      lifeline.end();
      const timer = setTimeout(() => killGroup(child), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended in the meantime.
  }
}

/** Over a pipe rather than arguments or a file: the password is visible to nobody else. */
function configurationOf({ directory, port, password }: RedisSettings): string {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(directory)}`,
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
    'daemonize no',
    'logfile ""',
    '',
  ].join('\n');
}

async function readUntilAccepting(output: Readable): Promise<true> {
  return new Promise((resolve) => {
    createInterface(output).on('line', (line) => {
      if (line.includes('Ready to accept connections')) resolve(true);
    });
  });
}

async function endOf(child: ChildProcess): Promise<string> {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream as Readable).on('line', (line) => {
      lines.push(line);
      if (lines.length > LAST_LINES) lines.shift();
    });
  }
  try {
    await once(child, 'close');
  } catch (error) {
    lines.push(String(error));
  }
  return lines.join('\n');
}

function reasonIn(output: string): string {
  const last = output.trim().split('\n').at(-1) ?? '';
  const text = last.replace(/^\d+:\w \d+ \w+ \d+ [\d:.]+ [#*.-] /, '').replace(/[.\s]+$/, '');
  return text === '' ? 'it said nothing' : text;
}
