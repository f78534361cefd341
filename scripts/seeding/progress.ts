import cliProgress from 'cli-progress';

/** A bar on standard error; nothing where that is no terminal. */
export function startProgress(items: number): { update: (done: number) => void; stop: () => void } {
  const bar = new cliProgress.SingleBar({ format: '{bar} {value} of {total} items, {eta_formatted} left' });
  bar.start(items, 0);
  return {
    update: (done) => bar.update(Math.min(done, items)),
    stop: () => bar.stop(),
  };
}
