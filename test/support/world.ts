import { openSqliteStores } from '../../src/main/stores.ts';
import type { Stores } from '../../src/main/stores.ts';
import { Failure } from '../../src/kernel/failure.ts';
import { loadCatalogue } from '../../src/modules/catalogue/index.ts';
import type { Declaration, DeclarationState } from '../../src/modules/declarations/declaration.ts';
import { createDeclarationService } from '../../src/modules/declarations/declaration.service.ts';
import { declarationNumber } from '../../src/modules/declarations/registry-numbers.ts';
import { createRelay } from '../../src/modules/declarations/relay.service.ts';
import { createLookupService } from '../../src/modules/lookup/index.ts';
import type { RegisterStore } from '../../src/modules/register/index.ts';
import { createRegisterService } from '../../src/modules/register/index.ts';
import { at, createSeededRandom, createTestClock } from './times.ts';

export const catalogue = loadCatalogue('catalogue');
export const EXPIRES = at(180 * 86_400_000);

/** What goes wrong in a world while it is set. */
export interface Troubles {
  /** So many calls that append events fail. */
  appendsFail: number;
  /** Requests for checks fail. */
  queueAway: boolean;
  /** Called before events are appended. */
  beforeAppend: (() => Promise<void>) | null;
}

export type World = ReturnType<typeof openWorld>;

/** The services over real stores in memory, with a clock, chance and trouble that tests command. */
export function openWorld() {
  const stores = openSqliteStores(':memory:', 'reg_test');
  const clock = createTestClock();
  const random = createSeededRandom();
  const troubles: Troubles = { appendsFail: 0, queueAway: false, beforeAppend: null };
  /** Checks that were asked for: id and attempt. */
  const asked: [string, number][] = [];
  /** Errors that services put off to the relay. */
  const deferred: unknown[] = [];
  const register = createRegisterService({ store: troubled(stores, troubles), random });
  const verification = {
    async request(id: string, attempt: number): Promise<void> {
      if (troubles.queueAway) throw new Failure('unavailable', 'queue-away', 'The queue is away.');
      asked.push([id, attempt]);
    },
  };
  const store = stores.declarations;
  const put = (error: unknown): void => void deferred.push(error);
  const declarations = createDeclarationService({
    store,
    register,
    verification,
    clock,
    deferred: put,
    catalogue,
  });
  const relay = createRelay({ store, declarations, verification, clock });
  const lookup = createLookupService({
    register: stores.register,
    log: stores.lookupLog,
    catalogue,
    clock,
    random,
  });

  /** Brings in the result of a check, as the worker does. */
  async function checked(
    id: string,
    state: Extract<DeclarationState, 'verified' | 'needs-review' | 'refused'>,
  ) {
    const step = await declarations.step(null, id, 'checked', null, ({ verification: { attempt } }) => ({
      move: { state },
      changes: {
        verification: { attempt, findings: [], ruleSet: 'rules-1', checkedAt: clock.now() },
        ...(state === 'verified' ? { number: declarationNumber('TW', '2026', id), expiresAt: EXPIRES } : {}),
      },
    }));
    return step.declaration;
  }

  /** The types of an item's events. */
  async function types(itemId: string): Promise<string[]> {
    return (await stores.register.history(itemId, { limit: 1_000 })).map((event) => event.type);
  }

  async function stored(id: string): Promise<Declaration> {
    const found = await store.find(id);
    if (found === null) throw new Error(`there is no declaration ${id}`);
    return found;
  }

  /** Lets the relay work until nothing is left that is due now. */
  const rolled = (): ReturnType<typeof relay.run> => relay.run(() => false);

  const services = { register, declarations, relay, lookup };
  return {
    stores,
    clock,
    random,
    troubles,
    asked,
    deferred,
    ...services,
    checked,
    types,
    stored,
    rolled,
    close: stores.close,
  };
}

function troubled({ register }: Stores, troubles: Troubles): RegisterStore {
  async function trouble(): Promise<void> {
    const { beforeAppend } = troubles;
    troubles.beforeAppend = null;
    await beforeAppend?.();
    if (troubles.appendsFail > 0) {
      troubles.appendsFail -= 1;
      throw new Error('events could not be appended');
    }
  }
  return {
    ...register,
    async addItems(items, first = []) {
      if (first.length > 0) await trouble();
      return register.addItems(items, first);
    },
    async append(entries) {
      await trouble();
      return register.append(entries);
    },
  };
}

/** A request of this key whose body is told by `body` alone. */
export function request(key: string, body = 'body'): { key: string; bodyHash: string } {
  return { key, bodyHash: `hash of ${body}` };
}
