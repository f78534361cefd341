import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The project's folder, absolute. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Exit code of a shell that could not do its work. */
export const COULD_NOT_RUN = 3;

const PROGRESS_EVERY_MS = 5_000;
const LINES_SHOWN = 30;

/** Something a user has to put right. The message is one sentence for people; `output` is what a program said. */
export class Stop extends Error {
  /** @param {string} message @param {string} [output] */
  constructor(message, output = '') {
    super(message);
    this.name = 'Stop';
    this.output = output;
  }
}

/** Runs the shell `main`; a `Stop` ends it with its sentence on stderr and exit code 3. */
export async function shell(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    if (error.output !== '') console.error(error.output);
    console.error(error.message);
    process.exitCode = COULD_NOT_RUN;
  }
}

/**
 * Runs a program, says what for and, while it takes, for how long; its own words are shown only when it fails.
 * @param {string} what what is being done, for people
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} [env] added to the environment
 * @returns {Promise<{ ok: boolean, output: string }>} the last lines of what it said
 */
export async function step(what, command, args, env = {}) {
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 1000);
  console.error(`${what} ...`);
  const progress = setInterval(() => console.error(`${what} ... ${seconds()} s`), PROGRESS_EVERY_MS);
  const result = await run(command, args, env);
  clearInterval(progress);
  console.error(`${what}: ${result.ok ? 'done' : 'failed'} after ${seconds()} s`);
  return result;
}

/** Runs a program without a word. */
export function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const stdio = ['ignore', 'pipe', 'pipe'];
    const child = spawn(command, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio });
    let text = '';
    const keep = (chunk) => {
      text = (text + chunk).slice(-64 * 1024);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.on('error', (error) => resolve({ ok: false, output: error.message }));
    child.on('close', (code) => resolve({ ok: code === 0, output: lastLines(text) }));
  });
}

function lastLines(text) {
  return text.trimEnd().split('\n').slice(-LINES_SHOWN).join('\n');
}
