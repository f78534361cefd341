import { execFileSync } from 'node:child_process';
import type { Command } from 'commander';
import { CommanderError, InvalidArgumentError } from 'commander';
import { runCommand } from '../terminal/shell.ts';

/** An option that is a whole number above 0. */
export function whole(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above 0.');
  return Number(text);
}

/**
 * Runs a benchmark with the options that it was given; `typed` is how somebody would ask for the same again. What goes
 * wrong ends in one sentence and an exit code.
 */
export function runBench<Options>(
  command: Command,
  run: (options: Options, typed: string) => Promise<void>,
): Promise<void> {
  return runCommand(async () => {
    const args = process.argv.slice(2);
    const typed = [`npm run ${command.name()}`, ...(args.length === 0 ? [] : ['--', ...args])].join(' ');
    try {
      await run(command.parse().opts<object>() as Options, typed);
      return 0;
    } catch (cause) {
      if (cause instanceof CommanderError) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`Nothing was measured: ${why}`, { cause });
    }
  });
}

/** Runs a program to its end in a folder; what it prints is progress. @param env instead of this process's own */
export function node(
  directory: string,
  program: string,
  args: readonly string[] = [],
  env?: Readonly<Record<string, string>>,
): void {
  execFileSync(process.execPath, [program, ...args], {
    cwd: directory,
    stdio: ['ignore', 2, 2],
    ...(env === undefined ? {} : { env }),
  });
}
