import { setTimeout as delay } from 'node:timers/promises';

export interface Loop {
  /** Takes up nothing new and resolves when what is under way is done. */
  close(): Promise<void>;
}

export interface LoopParts {
  /** One round; answers the errors of single records. */
  readonly run: (stopped: () => boolean) => Promise<{ errors: readonly unknown[] }>;
  readonly everyMs: number;
  /** A round begins only while this is true. */
  readonly isMine: () => boolean;
  readonly onError: (error: unknown) => void;
}

/** Does rounds of work over and over, with a pause after each. */
export function startLoop({ run, everyMs, isMine, onError }: LoopParts): Loop {
  const stop = new AbortController();
  const stopped = () => stop.signal.aborted;
  const done = (async () => {
    while (!stopped()) {
      try {
        if (isMine()) {
          const { errors } = await run(stopped);
          errors.forEach(onError);
        }
      } catch (error) {
        onError(error);
      }
      await delay(everyMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })();
  return {
    close() {
      stop.abort();
      return done;
    },
  };
}
