import { setImmediate as turn } from 'node:timers/promises';

const NEXT = 0;
const BUSY = 1;
const FAILED = 2;
const CELLS = 3;
const WAIT_MS = 50;

/** Settles between threads who does what, and when. */
export interface Turns {
  /** True for one thread alone. Groups are numbered from 0, and every thread asks for one after the other. */
  claim(group: number): boolean;
  /** Runs `work` while no other thread runs any of its own. @throws Error when another thread has failed */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Tells the other threads to give up. */
  fail(): void;
}

/** What the threads share. */
export function sharedTurns(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT));
}

export function createTurns(cells: Int32Array<SharedArrayBuffer>): Turns {
  return {
    claim: (group) => Atomics.compareExchange(cells, NEXT, group, group + 1) === group,
    async alone(work) {
      while (Atomics.compareExchange(cells, BUSY, 0, 1) !== 0) {
        Atomics.wait(cells, BUSY, 1, WAIT_MS);
        await turn();
        if (Atomics.load(cells, FAILED) === 1) throw new Error('another thread has failed');
      }
      try {
        return await work();
      } finally {
        Atomics.store(cells, BUSY, 0);
        Atomics.notify(cells, BUSY);
      }
    },
    fail: () => void Atomics.store(cells, FAILED, 1),
  };
}
