import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import mongoose from 'mongoose';
import { OWN_MONGO_SOURCE, SHARED_SERVER } from '../../support/mongo-server.ts';
import { ward } from './children.ts';

/** A server with MongoDB's protocol that is this test's own: it may be killed. On the same port after every start. */
export interface Database {
  readonly port: number;
  /** Of a database in it, at `port` or through a wire at another port. */
  url(port?: number): string;
  start(): Promise<void>;
  /** False as soon as one of its processes has ended by itself. */
  isRunning(): boolean;
  /** `kill -9` of every process that belongs to it. */
  kill(): Promise<void>;
  /** Ends it as an operator does. */
  stop(): Promise<void>;
}

interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly isReady: RegExp;
  readonly credentials: string;
  readonly options: string;
}

const NAME = 'faults';
const REPLICA_SET = 'faults';

/**
 * From where the other tests have theirs, except that a server which is there already is nobody's to kill.
 * @param folder one that the user `postgres` may enter
 */
export function ownDatabase(port: number, folder: string): Database {
  const program = programFor(port, folder);
  let child: ChildProcess | null = null;
  let isNew = true;

  async function start(): Promise<void> {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
    // A group of its own, so that all of its processes can be killed at once.
    const started = spawn(program.command, program.args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    ward(started, 'SIGTERM');
    child = started;
    await new Promise<void>((resolve, reject) => {
      createInterface(started.stdout).on('line', (line) => {
        if (program.isReady.test(line)) resolve();
      });
      started.once('error', reject);
      void once(started, 'exit').then(() =>
        reject(new Error(`${program.command} ended before it was ready`)),
      );
    });
    if (OWN_MONGO_SOURCE === 'mongod' && isNew) await initiate(port);
    isNew = false;
  }

  async function end(how: (running: ChildProcess, pid: number) => void): Promise<void> {
    const running = child;
    child = null;
    if (running?.pid === undefined || running.exitCode !== null) return;
    const ended = once(running, 'exit');
    how(running, running.pid);
    await ended;
  }

  return {
    port,
    url: (at = port) => `mongodb://${program.credentials}127.0.0.1:${at}/${NAME}?${program.options}`,
    start,
    isRunning: () => child?.exitCode === null && child.signalCode === null && pidsIn(folder).every(isAlive),
    async kill() {
      await end((_running, pid) => process.kill(-pid, 'SIGKILL'));
      // PostgreSQL's children have groups of their own, and not each of them notices that its parent is gone.
      for (const pid of workingIn(join(folder, 'postgres'))) killIfAlive(pid);
    },
    stop: () => end((running) => running.kill('SIGTERM')),
  };
}

/** Of the servers that the shared one consists of; a `mongod` is the child itself. */
function pidsIn(folder: string): number[] {
  const file = join(folder, 'pids');
  if (!existsSync(file)) return [];
  return [...readFileSync(file, 'utf8').matchAll(/\d+/g)].map(([pid]) => Number(pid));
}

/** Processes, of whatever parent, that have this folder as theirs. */
function workingIn(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === folder;
      } catch {
        return false;
      }
    })
    .map(Number);
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended in the meantime.
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function programFor(port: number, folder: string): Program {
  if (OWN_MONGO_SOURCE === 'mongod') {
    const args = [
      '--dbpath',
      folder,
      '--port',
      String(port),
      '--bind_ip',
      '127.0.0.1',
      '--replSet',
      REPLICA_SET,
    ];
    const isReady = /Waiting for connections/i;
    return { command: 'mongod', args, isReady, credentials: '', options: 'directConnection=true' };
  }
  return {
    command: SHARED_SERVER,
    args: [String(port), folder],
    isReady: /^ready /,
    credentials: 'registry:registry@',
    options: 'authMechanism=SCRAM-SHA-256&directConnection=true&authSource=admin',
  };
}

async function initiate(port: number): Promise<void> {
  const host = `127.0.0.1:${port}`;
  const connection = await mongoose.createConnection(`mongodb://${host}/?directConnection=true`).asPromise();
  const command = (body: object) => connection.db?.admin().command(body);
  await command({ replSetInitiate: { _id: REPLICA_SET, members: [{ _id: 0, host }] } });
  while ((await command({ hello: 1 }))?.['isWritablePrimary'] !== true);
  await connection.destroy();
}
