import cliProgress from 'cli-progress';

/** A bar on standard error; nothing where that is no terminal. */
export function startProgress(items: number): { update: (done: number) => void; stop: () => void } {
  const bar = new cliProgress.SingleBar({ format: '{bar} {value} of {total} items, {eta_formatted} left' });
  let furthest = 0;
  bar.start(items, 0);
  return {
    update: (done) => {
      furthest = Math.max(furthest, Math.min(done, items));
      bar.update(furthest);
    },
    stop: () => bar.stop(),
  };
}
