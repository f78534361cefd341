import type { Config } from '../config/config.ts';
import { loadEnvironment, readConfig } from '../config/config.ts';
import { COULD_NOT_RUN, startSentence } from './start-error.ts';
import { startRegistry } from './start.ts';

/** `npm start`: everything in one process, until SIGTERM or SIGINT. */
async function serve(): Promise<void> {
  // Whoever read what is printed may be gone: that is no reason to stop.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  let config: Config | undefined;
  try {
    const [mode] = process.argv.slice(2);
    if (mode !== undefined)
      throw new Error(`This version runs everything in one process: leave "${mode}" out.`);
    config = readConfig(loadEnvironment());
    const running = await startRegistry(config);
    if (running.developmentKeys !== null) {
      process.stderr.write(
        `Tokens are checked with development keys made here (${running.developmentKeys}); set JWT_JWKS for real use.\n`,
      );
    }
    process.stdout.write(`The registry accepts requests on http://${config.host}:${running.port}\n`);
    let closing = false;
    const stop = () => {
      if (closing) return;
      closing = true;
      void running.close().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`Not everything could be closed: ${startSentence(error, running.port)}\n`);
          process.exit(1);
        },
      );
    };
    process.on('SIGTERM', stop).on('SIGINT', stop);
  } catch (error) {
    process.stderr.write(`${startSentence(error, config?.port ?? 0)}\n`);
    process.exitCode = COULD_NOT_RUN;
  }
}

await serve();
