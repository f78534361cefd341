import type { ChildProcess } from 'node:child_process';

const running = new Set<ChildProcess>();

/** Sees to it that `child` ends at the latest when the tests do. */
export function ward(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
}

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
