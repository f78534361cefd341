import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../../architecture/tree.ts';
import { ward } from './children.ts';

/** A process that faults strike. */
export interface Target {
  readonly name: string;
  /** True from when it is ready until something is done to it. */
  isUp(): boolean;
  /** Changes whenever it comes up or goes down: what was under way at a change may have been cut off. */
  changes(): number;
}

export interface AppProcess extends Target {
  /** Where it listens; the same after every start. */
  readonly port: number;
  /** Resolves when it says that it is ready. @throws Error with what it said when it ends before */
  start(): Promise<void>;
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGSTOP: it stands still with everything it holds. */
  pause(): void;
  resume(): void;
}

export interface AppOptions {
  readonly name: string;
  /** `api` or `worker`; all in one when left out. */
  readonly mode?: 'api' | 'worker';
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Modules that the process loads before anything else. */
  readonly preload?: readonly string[];
  /** Where what it says is kept, as `NAME.log`. */
  readonly logFolder: string;
}

const BUILT = join(ROOT, 'dist', 'src', 'main', 'serve.js');
/** What each kind of process prints once it is ready. */
const READY = /accepts requests on http|takes up checks/;
const LAST_CHARACTERS = 2_000;

/** The registry as it is built, in a process of its own. */
export function appProcess(options: AppOptions): AppProcess {
  const { name, mode, port, environment, preload = [], logFolder } = options;
  const logFile = join(logFolder, `${name}.log`);
  let child: ChildProcess | null = null;
  let ended: Promise<unknown> = Promise.resolve();
  let up = false;
  let changes = 0;

  function turn(isUp: boolean): void {
    up = isUp;
    changes += 1;
  }

  function spawned(): ChildProcess {
    const { PATH = '', HOME = '' } = process.env;
    const defaults = { PATH, HOME, LOG_LEVEL: 'warn', RATE_LIMIT_PER_MINUTE: '0' };
    const env = { ...defaults, PORT: String(port), ...environment };
    const args = [...preload.flatMap((module) => ['--import', module]), BUILT];
    if (mode !== undefined) args.push(mode);
    const log = openSync(logFile, 'a');
    const started = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', log] });
    ward(started);
    // Whatever it prints is kept; after the first line it says nothing but its log.
    started.stdout?.on('data', (bytes: Buffer) => writeSync(log, bytes)).on('close', () => closeSync(log));
    return started;
  }

  async function start(): Promise<void> {
    const started = spawned();
    child = started;
    ended = once(started, 'exit');
    await new Promise<void>((resolve, reject) => {
      createInterface(started.stdout!).on('line', (line) => {
        if (READY.test(line)) resolve();
      });
      void ended.then(() => {
        const said = readFileSync(logFile, 'utf8').slice(-LAST_CHARACTERS);
        reject(new Error(`${name} ended before it was ready: ${said}`));
      });
    });
    turn(true);
  }

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    if (child === null) return null;
    if (up) turn(false);
    child.kill(signal);
    await ended;
    const { exitCode } = child;
    child = null;
    return exitCode;
  }

  return {
    name,
    port,
    isUp: () => up,
    changes: () => changes,
    start,
    async kill() {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
    pause() {
      turn(false);
      child?.kill('SIGSTOP');
    },
    resume() {
      child?.kill('SIGCONT');
      turn(true);
    },
  };
}
