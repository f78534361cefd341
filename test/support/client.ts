import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../scripts/pill-press-registry.ts', import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

interface Surroundings {
  readonly folder: string;
  readonly url: string;
  /** None where it is undefined. */
  readonly token: string | undefined;
}

function start(args: readonly string[], { folder, url, token }: Surroundings) {
  return spawn(process.execPath, [`--import=${TSX}`, SCRIPT, ...args], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      REGISTRY_URL: url,
      ...(token === undefined ? {} : { REGISTRY_TOKEN: token }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs the command-line client in a folder, with nothing in the environment but what is given. */
export async function runClient(
  args: readonly string[],
  surroundings: Surroundings,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = start(args, surroundings);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

/** The same with a standard output that nobody reads, as behind `| head -0`. */
export async function runClientUnread(
  args: readonly string[],
  surroundings: Surroundings,
): Promise<{ code: number | null; stderr: string }> {
  const child = start(args, surroundings);
  child.stdout.destroy();
  const [stderr, [code]] = await Promise.all([
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stderr };
}
