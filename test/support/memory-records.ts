/** What a store of records that are replaced as a whole goes by. */
interface Versioned {
  readonly id: string;
  readonly version: number;
  readonly createdAt: string;
  readonly dueAt: string | null;
}

/** Where a page of records ended. */
type After = Pick<Versioned, 'createdAt' | 'id'>;

/**
 * Records by id, kept in this process as texts, so that nobody shares an object with the store; with those methods that
 * every port of such records has.
 */
export function createMemoryRecords<T extends Versioned>(records: Map<string, string>) {
  const all = (): T[] => [...records.values()].map((text) => JSON.parse(text) as T);
  const get = (id: string): T | null => {
    const text = records.get(id);
    return text === undefined ? null : (JSON.parse(text) as T);
  };
  const keep = (record: T): void => void records.set(record.id, JSON.stringify(record));
  const placeOf = ({ createdAt, id }: After): string => `${createdAt} ${id}`;

  return {
    all,
    get,
    keep,
    /** The latest made first, after one of them, if given. */
    latestFirst: (after?: After): T[] =>
      all()
        .filter((record) => after === undefined || placeOf(record) < placeOf(after))
        .sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1)),
    methods: {
      async insert(record: T): Promise<void> {
        if (!records.has(record.id)) keep(record);
      },
      find: async (id: string): Promise<T | null> => get(id),
      due: async (now: string, limit: number): Promise<string[]> =>
        all()
          .filter(({ dueAt }) => dueAt !== null && dueAt <= now)
          .sort((a, b) => ((a.dueAt ?? '') < (b.dueAt ?? '') ? -1 : 1))
          .slice(0, limit)
          .map(({ id }) => id),
      count: async (): Promise<number> => records.size,
      page: async (afterId: string | null, limit: number): Promise<T[]> =>
        all()
          .filter(({ id }) => id > (afterId ?? ''))
          .sort((a, b) => (a.id < b.id ? -1 : 1))
          .slice(0, limit),
      async adopt(some: readonly T[]): Promise<void> {
        for (const record of some) if ((get(record.id)?.version ?? 0) < record.version) keep(record);
      },
    },
  };
}
