import { openSync, write, writeSync } from 'node:fs';

/** Where a log's lines go. Never throws and never waits: a log that can't be written must not stop the service. */
export interface LogStream {
  write(line: string): void;
  /** Resolves once all that can be written is. */
  close(): Promise<void>;
}

const FLUSH_BYTES = 4_096;
const FLUSH_MS = 250;
/** What waits to be written is bounded: beyond it lines are lost, and counted. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;
const TRY_AGAIN_MS = 100;

/**
 * Writes lines in the background, 250 ms late at most. Lines that can't be written, for example to a full disk, are
 * lost; the first line that gets through afterwards says how many.
 * @param destination a file descriptor, or a file that is appended to
 */
export function openLogStream(destination: number | string): LogStream {
  const fd = typeof destination === 'number' ? destination : openSync(destination, 'a', 0o640);
  let waiting: string[] = [];
  let waitingBytes = 0;
  let lost = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | null = null;

  function taken(): Buffer {
    if (lost > 0)
      waiting.unshift(`${JSON.stringify({ level: 'warn', msg: `${lost} log lines were lost` })}\n`);
    const bytes = Buffer.from(waiting.join(''));
    waiting = [];
    waitingBytes = 0;
    return bytes;
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing ??= writeAll().finally(() => {
      writing = null;
    });
    return writing;
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const lines = waiting.length;
      const lostBefore = lost;
      const isWritten = await written(fd, taken());
      lost = isWritten ? lost - lostBefore : lost + lines;
      if (!isWritten) return;
    }
  }

  /** At the very end there is no later: what is left is written at once, if it can be. */
  function lastWords(): void {
    try {
      if (waiting.length > 0) writeSync(fd, taken());
    } catch {
      // There is nowhere left to say so.
    }
  }

  process.on('exit', lastWords);
  return {
    write(line) {
      if (waitingBytes > MAX_WAITING_BYTES) {
        lost += 1;
        return;
      }
      waiting.push(line);
      waitingBytes += line.length;
      if (waitingBytes >= FLUSH_BYTES) void flush();
      else timer ??= setTimeout(() => void flush(), FLUSH_MS).unref();
    },
    async close() {
      await flush();
      await flush();
      process.off('exit', lastWords);
    },
  };
}

async function written(fd: number, bytes: Buffer): Promise<boolean> {
  for (let from = 0; from < bytes.length;) {
    const { error, count } = await new Promise<{ error: NodeJS.ErrnoException | null; count: number }>(
      (resolve) => {
        write(fd, bytes, from, bytes.length - from, null, (failure, done) =>
          resolve({ error: failure, count: done }),
        );
      },
    );
    if (error?.code === 'EAGAIN') await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
    else if (error !== null) return false;
    else from += count;
  }
  return true;
}
