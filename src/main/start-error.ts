import { isNativeError } from 'node:util/types';

/** Exit codes of every command: 0 done, 1 findings, 2 wrong usage, 3 could not run. */
export const COULD_NOT_RUN = 3;

/** What an operator is told when the registry can't start: one sentence. */
export function startSentence(error: unknown, port: number): string {
  const code = isNativeError(error) && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `The port ${port} is in use by another program.`;
  if (code === 'EACCES' && isNativeError(error) && 'syscall' in error && error.syscall === 'listen') {
    return `The port ${port} may not be used by this user.`;
  }
  return isNativeError(error) ? error.message : String(error);
}
