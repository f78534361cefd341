import type { Declaration, DeclarationStore } from '../../src/modules/declarations/index.ts';
import type { Entry, Item, RegisterStore } from '../../src/modules/register/index.ts';
import type { Stores } from '../../src/main/stores.ts';

/** So many events go to the store in one call, for each call costs a disk sync; an item's events are never parted. */
const EVENTS_PER_CALL = 25_000;

interface StagedItem {
  readonly item: Item;
  readonly entries: Entry[];
}

/**
 * Stores that hold back what is written, so that a whole life of a declaration reaches the disk at once. They are meant
 * for declarations whose items nobody else names, filed one after the other; what is asked besides the records at
 * hand is answered by the real stores.
 */
export function createStage(stores: Stores) {
  let declarations = new Map<string, Declaration>();
  let items = new Map<string, StagedItem>();

  const staged: { declarations: DeclarationStore; register: RegisterStore } = {
    declarations: {
      ...stores.declarations,
      async insert(declaration) {
        const holder = declarations.get(declaration.id);
        if (holder !== undefined) return { outcome: 'reference-taken', holder };
        declarations.set(declaration.id, declaration);
        return { outcome: 'inserted' };
      },
      async replace(previous, next) {
        if (declarations.get(previous.id)?.version !== previous.version) return false;
        declarations.set(next.id, next);
        return true;
      },
      find: async (id) => declarations.get(id) ?? stores.declarations.find(id),
    },
    register: {
      ...stores.register,
      async addItems(added, first = []) {
        const fresh = added.filter(({ itemId }) => !items.has(itemId));
        for (const item of fresh) items.set(item.itemId, { item, entries: [] });
        const ids = new Set(fresh.map(({ itemId }) => itemId));
        for (const entry of first)
          if (ids.has(entry.event.itemId)) items.get(entry.event.itemId)?.entries.push(entry);
        return ids;
      },
      async heads(itemIds) {
        return new Map(
          itemIds.flatMap((itemId) => {
            const last = items.get(itemId)?.entries.at(-1);
            return last === undefined ? [] : [[itemId, last.head] as const];
          }),
        );
      },
      async append(entries) {
        for (const entry of entries) items.get(entry.event.itemId)?.entries.push(entry);
        return entries.map(() => 'appended');
      },
    },
  };

  /**
   * Writes what was held back. The declarations go first, marked as having all their moves pending: wherever the
   * process dies, the relay of a running server, or `unfinished` given to `follow`, completes them.
   * @returns ids of declarations left pending, because somebody had recorded something about one of their items
   */
  async function flush(): Promise<string[]> {
    const all = [...declarations.values()];
    const begun = all.map((declaration) => ({
      ...declaration,
      version: declaration.version - 1,
      pending: declaration.moves.map((move) => move.no),
      dueAt: declaration.filedAt,
    }));
    const calls = inCalls([...items.values()]);
    const added = [...items.values()].map(({ item }) => item);
    declarations = new Map();
    items = new Map();
    // All in one turn: the writer works them off in this order, with few disk syncs.
    const [inserted, , ...outcomes] = await Promise.all([
      Promise.all(begun.map((declaration) => stores.declarations.insert(declaration))),
      stores.register.addItems(added),
      ...calls.map((entries) => stores.register.append(entries)),
    ]);
    if (inserted.some(({ outcome }) => outcome !== 'inserted'))
      throw new Error('a declaration appeared meanwhile');
    const unfinished = new Set<string>();
    calls.forEach((entries, call) =>
      entries.forEach(({ event }, index) => {
        if (outcomes[call]?.[index] !== 'appended') unfinished.add(event.declarationId ?? '');
      }),
    );
    await Promise.all(
      all.flatMap((declaration, index) => {
        const before = begun[index];
        if (before === undefined || unfinished.has(declaration.id)) return [];
        return [stores.declarations.replace(before, declaration)];
      }),
    );
    return [...unfinished];
  }

  return { stores: { ...stores, ...staged }, flush };
}

function inCalls(items: readonly StagedItem[]): Entry[][] {
  const calls: Entry[][] = [];
  let call: Entry[] = [];
  for (const { entries } of items) {
    if (call.length >= EVENTS_PER_CALL) {
      calls.push(call);
      call = [];
    }
    call.push(...entries);
  }
  return call.length === 0 ? calls : [...calls, call];
}
