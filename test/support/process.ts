import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { createApi } from './app.ts';

type Environment = Readonly<Record<string, string>>;

const COMMAND = ['--import=tsx', 'src/main/serve.ts'];

function run(environment: Environment, args: readonly string[] = []): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  const env = {
    PATH,
    HOME,
    PORT: '0',
    LOG_LEVEL: 'silent',
    RATE_LIMIT_PER_MINUTE: '0',
    REQUEST_TIMEOUT_MS: '60000',
    ...environment,
  };
  return spawn(process.execPath, [...COMMAND, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The registry as a process of its own that accepts requests. */
export async function startProcess(dataDir: string, environment: Environment = {}) {
  const child = run({ DATA_DIR: dataDir, ...environment });
  const ended = once(child, 'exit');
  const errors = text(child.stderr!);
  const port = await new Promise<number>((resolve, reject) => {
    createInterface(child.stdout!).on('line', (line) => {
      const found = /accepts requests on http:\/\/.+:(\d+)$/.exec(line)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    void ended.then(async () => reject(new Error(await errors)));
  });
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return (await ended)[0] as number | null;
  };
  return { ...createApi(port, dataDir), end };
}

export interface FailedStart {
  readonly code: number | null;
  /** On its standard error. */
  readonly said: string;
  /** On its standard output. */
  readonly printed: string;
}

/** A registry that is expected not to start: how it ended and what it said. */
export async function failToStart(
  environment: Environment,
  args: readonly string[] = [],
): Promise<FailedStart> {
  const child = run(environment, args);
  const outputs = Promise.all([text(child.stderr!), text(child.stdout!)]);
  const [code] = (await once(child, 'exit')) as [number | null];
  const [said, printed] = await outputs;
  return { code, said, printed };
}

/** A Redis that keeps nothing, on the same port each time it is started. */
export async function startRedisOn(port: number): Promise<{ kill(): Promise<void> }> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      if (line.includes('Ready to accept connections')) resolve();
    });
    void ended.then(() => reject(new Error('redis-server ended')));
  });
  return {
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
