import { CommanderError } from 'commander';

/** Exit codes of every command: 0 done, 1 findings, 2 wrong usage, 3 could not run. */
export const FINDINGS = 1;
const USAGE = 2;
const COULD_NOT_RUN = 3;

/** Runs a command and sets the exit code that it answers; what goes wrong is told in one sentence on standard error. */
export async function runCommand(run: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await run();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : USAGE;
    } else {
      console.error(error instanceof Error ? error.message : String(error));
      process.exitCode = COULD_NOT_RUN;
    }
  }
}
