/** A batch is handed on when it has as many records, or as many characters. */
const MOST_RECORDS = 500;
const MOST_CHARACTERS = 4_000_000;
/** Batches under way at once: while a store writes one, the next is read. */
const AT_ONCE = 3;

export interface Batches<T> {
  /** Resolves when there is room for more. @throws what handing a batch on threw */
  add(record: T, size: number): Promise<void>;
  /** Resolves when all that was added is handed on. @throws as `add` */
  end(): Promise<void>;
}

/** Collects records and hands them on in batches. */
export function createBatches<T>(handOn: (records: readonly T[]) => Promise<void>): Batches<T> {
  let batch: T[] = [];
  let characters = 0;
  const underWay = new Set<Promise<void>>();

  function send(): void {
    const sent = handOn(batch);
    underWay.add(sent);
    // A failure stays in the set, for whoever waits next.
    sent.then(
      () => underWay.delete(sent),
      () => undefined,
    );
    batch = [];
    characters = 0;
  }

  return {
    async add(record, size) {
      batch.push(record);
      characters += size;
      if (batch.length < MOST_RECORDS && characters < MOST_CHARACTERS) return;
      send();
      if (underWay.size >= AT_ONCE) await Promise.race(underWay);
    },
    async end() {
      if (batch.length > 0) send();
      await Promise.all(underWay);
    },
  };
}
