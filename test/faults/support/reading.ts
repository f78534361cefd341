import { setTimeout as delay } from 'node:timers/promises';
import type { ItemEvent } from '../../../src/modules/register/index.ts';
import type { DeclarationView } from '../../support/app.ts';
import { REGULATOR } from '../../support/declarations.ts';
import type { Caller, Endpoint, Reply } from './caller.ts';
import type { Tokens } from './tokens.ts';

/** What the registry holds, or a part of it, as a regulator is shown it. */
export interface Holdings {
  /** Of every declaration, as the lists name them: one entry for each time it is listed. */
  readonly listed: readonly { readonly id: string; readonly org: string; readonly reference: string }[];
  readonly declarations: ReadonlyMap<string, DeclarationView>;
  /** Of every item that a declaration names. */
  readonly histories: ReadonlyMap<string, readonly ItemEvent[]>;
  /** The ids of all look-ups that were logged, one entry for each time they are listed. */
  readonly lookups: readonly string[];
}

export interface Reader {
  /** Resolves when no declaration waits to be checked. @throws Error when some still do after `withinMs` */
  allChecked(withinMs: number): Promise<void>;
  /** @param prefix of the references that are read; look-ups are all read */
  read(prefix?: string): Promise<Holdings>;
}

const AT_ONCE = 8;
const TRIES = 100;

/** Reads through the API. Once everything is whole again each call is answered; a refusal is waited out for a while. */
export function createReader(endpoints: readonly Endpoint[], caller: Caller, tokenOf: Tokens): Reader {
  let turn = 0;

  async function get(path: string): Promise<Reply> {
    for (let tries = 0; ; tries += 1) {
      turn += 1;
      const endpoint = endpoints[turn % endpoints.length];
      if (endpoint === undefined) throw new Error('there is no process to ask');
      const reply = await caller.call(endpoint, { method: 'GET', path, token: tokenOf(REGULATOR) });
      if (reply?.status === 200) return reply;
      if (tries === TRIES) throw new Error(`${path}: ${reply?.status ?? 'no answer'}`);
      await delay(100);
    }
  }

  async function pages<T>(path: string): Promise<T[]> {
    const all: T[] = [];
    for (let next: string | null = path; next !== null;) {
      const reply: Reply = await get(next);
      all.push(reply.body as T);
      next = reply.next;
    }
    return all;
  }

  return {
    async allChecked(withinMs) {
      const until = performance.now() + withinMs;
      for (;;) {
        const { body } = await get('/v1/declarations?status=filed&limit=500');
        const { declarations } = body as { declarations: { id: string }[] };
        if (declarations.length === 0) return;
        if (performance.now() > until) {
          throw new Error(
            `${declarations.length} declarations are still not checked, such as ${declarations[0]?.id}`,
          );
        }
        await delay(50);
      }
    },
    async read(prefix = '') {
      type Listed = Holdings['listed'][number];
      const lists = await pages<{ declarations: Listed[] }>('/v1/declarations?limit=500');
      const listed = lists
        .flatMap(({ declarations }) => declarations)
        .filter(({ reference }) => reference.startsWith(prefix));
      const ids = [...new Set(listed.map(({ id }) => id))];
      const declarations = await byId(ids, async (id) => {
        return (await get(`/v1/declarations/${id}`)).body as DeclarationView;
      });
      const named = [...declarations.values()].flatMap(({ items }) => items.map(({ itemId }) => itemId));
      const histories = await byId([...new Set(named)], async (id) => {
        const parts = await pages<{ events: ItemEvent[] }>(`/v1/items/${id}/history?limit=500`);
        return parts.flatMap(({ events }) => events);
      });
      const logged = await pages<{ lookups: { lookupId: string }[] }>('/v1/lookup-log?limit=500');
      const lookups = logged.flatMap((page) => page.lookups.map(({ lookupId }) => lookupId));
      return { listed, declarations, histories, lookups };
    },
  };
}

async function byId<T>(ids: readonly string[], ask: (id: string) => Promise<T>): Promise<Map<string, T>> {
  const found = new Map<string, T>();
  const waiting = [...ids];
  const readers = Array.from({ length: AT_ONCE }, async () => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) found.set(id, await ask(id));
  });
  await Promise.all(readers);
  return found;
}
