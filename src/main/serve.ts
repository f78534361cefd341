import type { Config } from '../config/config.ts';
import { loadEnvironment, readConfig } from '../config/config.ts';
import { collectEarly } from './heap.ts';
import { COULD_NOT_RUN, startSentence } from './start-error.ts';
import type { ProcessRole, Running } from './start.ts';
import { ROLES, startRegistry } from './start.ts';

/** `npm start`, `npm start -- api`, `npm start -- worker`: until SIGTERM or SIGINT. */
async function serve(): Promise<void> {
  collectEarly();
  // Whoever read what is printed may be gone: that is no reason to stop.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  let config: Config | undefined;
  try {
    const role = roleOf(process.argv.slice(2));
    config = readConfig(loadEnvironment());
    const running = await startRegistry(config, { role });
    announce(running, config);
    endOnSignal(running, config.port);
  } catch (error) {
    process.stderr.write(`${startSentence(error, config?.port ?? 0)}\n`);
    process.exitCode = COULD_NOT_RUN;
  }
}

function roleOf(args: readonly string[]): ProcessRole {
  const [given = 'all', ...more] = args;
  const role = ROLES.find((each) => each === given);
  if (role !== undefined && more.length === 0) return role;
  throw new Error(
    `A process can be "api" or "worker", or without a word everything in one; not ${JSON.stringify(args.join(' '))}.`,
  );
}

function announce({ api }: Running, config: Config): void {
  if (api === null) {
    process.stdout.write('The worker takes up checks\n');
    return;
  }
  if (api.developmentKeys !== null) {
    process.stderr.write(
      `Tokens are checked with development keys made here (${api.developmentKeys}); set JWT_JWKS for real use.\n`,
    );
  }
  process.stdout.write(`The registry accepts requests on http://${config.host}:${api.port}\n`);
}

function endOnSignal(running: Running, port: number): void {
  let closing = false;
  const stop = () => {
    if (closing) return;
    closing = true;
    void running.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`Not everything could be closed: ${startSentence(error, port)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
}

await serve();
