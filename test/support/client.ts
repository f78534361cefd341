import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../scripts/pill-press-registry.ts', import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/**
 * Runs the command-line client in a folder, with nothing in the environment but what is given.
 * @param token none where it is undefined
 */
export async function runClient(
  args: readonly string[],
  { folder, url, token }: { folder: string; url: string; token: string | undefined },
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [`--import=${TSX}`, SCRIPT, ...args], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      REGISTRY_URL: url,
      ...(token === undefined ? {} : { REGISTRY_TOKEN: token }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}
