import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Access } from './api.ts';
import { bodyOf, call, FIRST_PAUSE_MS, isBroken } from './api.ts';

const QUOTE = 34;
const LINE_FEED = 10;

/**
 * Writes an answer to a file that appears under its name once all of it is there. What breaks off is asked for again,
 * whole, as often as `tries` says.
 * @returns how many records of CSV it has
 * @throws Refused, or what broke the last time
 */
export async function wholeFile(access: Access, path: string, out: string, accept: string): Promise<number> {
  const part = `${out}.part`;
  try {
    for (let tries = 1; ; tries += 1) {
      const response = await call(access, path, { accept });
      const counting = countRecords();
      try {
        await pipeline(bodyOf(response), counting.pass, createWriteStream(part));
        await rename(part, out);
        return counting.records();
      } catch (error) {
        if (tries >= access.tries || !isBroken(error)) throw error;
        await delay(FIRST_PAUSE_MS * 2 ** (tries - 1));
      }
    }
  } finally {
    await rm(part, { force: true });
  }
}

/** Counts the records of CSV that passes: a line feed within quotes ends none. */
function countRecords() {
  let records = 0;
  let isQuoted = false;
  let isWithin = false;
  return {
    async *pass(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
      for await (const chunk of chunks) {
        for (const byte of chunk) {
          if (byte === QUOTE) isQuoted = !isQuoted;
          isWithin = isQuoted || byte !== LINE_FEED;
          if (!isWithin) records += 1;
        }
        yield chunk;
      }
    },
    records: () => records + (isWithin ? 1 : 0),
  };
}
