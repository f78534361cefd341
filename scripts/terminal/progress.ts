import cliProgress from 'cli-progress';

export interface Progress {
  update(done: number): void;
  /** May be called again. */
  stop(): void;
}

/** The time left is worked out from so many updates. */
const ETA_OVER = 50;

/** A bar on standard error; nothing where that is no terminal. @param what the things that are counted */
export function startProgress(total: number, what = 'items', doing = ''): Progress {
  const format = `${doing === '' ? '' : `${doing} `}{bar} {value} of {total} ${what}, {eta_formatted} left`;
  const bar = new cliProgress.SingleBar({ format, etaBuffer: ETA_OVER });
  let furthest = 0;
  bar.start(total, 0);
  return {
    update: (done) => {
      furthest = Math.max(furthest, Math.min(done, total));
      bar.update(furthest);
    },
    stop: () => bar.stop(),
  };
}

/** How many there were so far, where nobody knows of how many; nothing where standard error is no terminal. */
export function startCounting(what: string, doing: string): Progress {
  const bar = new cliProgress.SingleBar({ format: `${doing} {value} ${what}, {duration_formatted}` });
  bar.start(0, 0);
  return { update: (done) => bar.update(done), stop: () => bar.stop() };
}
