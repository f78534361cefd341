import { Failure } from '../../kernel/failure.ts';
import { translated } from './translate.ts';

interface Waiting<K, V> {
  readonly key: K;
  readonly resolve: (value: V) => void;
  readonly reject: (error: unknown) => void;
}

/** So many round trips of one kind are under way at once; what comes meanwhile shares the next one. */
const MAX_UNDER_WAY = 2;

/** More calls than this don't wait: their callers would give up before they are answered. */
const MAX_WAITING = 10_000;

export interface BatchOptions<K, V> {
  /** Works for all keys in one round trip; answers in their order. */
  readonly run: (keys: readonly K[]) => Promise<readonly V[]>;
  readonly maxKeys: number;
}

/**
 * Lets calls of the same moment share one round trip to the store, as group commit lets writes share a disk sync: a
 * call that comes alone goes at once, calls that come while others are under way go together.
 * @throws from each call of a batch what `run` throws, translated; Failure `store-busy` when too many wait
 */
export function createBatch<K, V>({ run, maxKeys }: BatchOptions<K, V>): (key: K) => Promise<V> {
  let waiting: Waiting<K, V>[] = [];
  let underWay = 0;
  let scheduled = false;

  function schedule(): void {
    if (scheduled || underWay >= MAX_UNDER_WAY || waiting.length === 0) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      void runNext();
    });
  }

  async function runNext(): Promise<void> {
    const batch = waiting.slice(0, maxKeys);
    waiting = waiting.slice(maxKeys);
    underWay += 1;
    schedule();
    try {
      const values = await run(batch.map(({ key }) => key));
      batch.forEach(({ resolve }, index) => resolve(values[index] as V));
    } catch (error) {
      const failure = translated(error);
      for (const { reject } of batch) reject(failure);
    } finally {
      underWay -= 1;
      schedule();
    }
  }

  return (key) =>
    new Promise<V>((resolve, reject) => {
      if (waiting.length >= MAX_WAITING) {
        const message = 'Too many calls wait for the store.';
        throw new Failure('unavailable', 'store-busy', message, { retryAfterSeconds: 1 });
      }
      waiting.push({ key, resolve, reject });
      schedule();
    });
}
