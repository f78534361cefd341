import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isOnPath } from './debian.mjs';
import { ROOT } from './step.mjs';

/** A server with MongoDB's protocol that lies beside the project; it installs itself the first time it is started. */
const SHARED = join(ROOT, '..', 'shared', 'mongo-server', 'start');

/**
 * Lets that server install itself before tests wait for it, where it is what they will use. Takes seconds when it is
 * installed. Where it can't be started, the tests say so.
 */
export async function ensureTestMongo() {
  if (process.env.MONGODB_URI || isOnPath('mongod') || !existsSync(SHARED)) return;
  const folder = mkdtempSync(join(tmpdir(), 'registry-mongo-'));
  chmodSync(folder, 0o755);
  const server = spawn(SHARED, [String(await freePort()), folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(server, 'close');
  createInterface(server.stdout).on('line', (line) => {
    if (line.startsWith('ready ')) server.kill('SIGTERM');
  });
  await ended;
  rmSync(folder, { recursive: true, force: true });
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
