import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A server in a process of its own. */
export interface Child {
  /** Without a slash at the end. */
  readonly url: string;
  readonly pid: number;
  /** Lets it end in order. @throws Error when it doesn't end well */
  stop(): Promise<void>;
}

export interface ChildPlan {
  /** A built file; the measured process runs no compiler. */
  readonly program: string;
  /** Options of node itself, such as `--cpu-prof`. */
  readonly nodeOptions?: readonly string[];
  readonly args?: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly directory: string;
  /** Takes what it prints: reading that through a pipe would cost the client's processor time. */
  readonly logFile: string;
}

const ACCEPTS = /accepts requests on (http:\/\/\S+)/;
const LOOK_EVERY_MS = 50;

/** Starts a server and waits until it says that it accepts requests. @throws Error with what it said instead */
export async function startChild(plan: ChildPlan): Promise<Child> {
  mkdirSync(dirname(plan.logFile), { recursive: true });
  const log = openSync(plan.logFile, 'w');
  const child = spawn(process.execPath, [...(plan.nodeOptions ?? []), plan.program, ...(plan.args ?? [])], {
    cwd: plan.directory,
    env: { ...plan.env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  const killed = () => child.kill('SIGKILL');
  process.once('exit', killed);
  for (;;) {
    const said = readFileSync(plan.logFile, 'utf8');
    const url = ACCEPTS.exec(said)?.[1];
    if (url !== undefined && child.pid !== undefined) return { url, pid: child.pid, stop };
    if (child.exitCode !== null) throw new Error(`${plan.program} did not start: ${said.trim()}`);
    await delay(LOOK_EVERY_MS);
  }

  async function stop(): Promise<void> {
    child.kill('SIGTERM');
    const [code] = await ended;
    process.off('exit', killed);
    if (code !== 0) throw new Error(`${plan.program} ended with exit code ${code ?? 'none'}.`);
  }
}

/** Physical memory that a process holds now, in bytes. Only where the system has /proc (Linux). */
export function residentBytes(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) * 1024;
}
