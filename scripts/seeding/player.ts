import { hash } from 'node:crypto';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import type { Clock, Instant } from '../../src/kernel/clock.ts';
import { derivedId } from '../../src/kernel/derived-id.ts';
import type { Registry } from '../../src/main/registry.ts';
import type { Catalogue } from '../../src/modules/catalogue/index.ts';
import type { RequestIdentity } from '../../src/modules/declarations/index.ts';
import { itemIdOf } from '../../src/modules/register/index.ts';
import type { Act, Filed } from '../generator/situation.ts';

/** A clock that stands where it was last put. */
export interface StageClock extends Clock {
  set(now: Instant): void;
}

export function createStageClock(start: Instant): StageClock {
  let now = start;
  return {
    now: () => now,
    set: (instant) => void (now = instant),
  };
}

export interface PlayerParts {
  readonly registry: Registry;
  readonly catalogue: Catalogue;
  readonly clock: StageClock;
  readonly seed: number;
  /** What a check is: the registry's own, or something that comes to the same for a clean declaration. */
  readonly check: (declarationId: string) => Promise<unknown>;
}

export type Player = ReturnType<typeof createPlayer>;

/** Does what a story tells, through the services that the API calls, at the story's time. Doing it again changes nothing. */
export function createPlayer({ registry, catalogue, clock, seed, check }: PlayerParts) {
  const { declarations, items, verification } = registry;

  async function play(act: Act): Promise<void> {
    clock.set(act.at);
    switch (act.does) {
      case 'file':
        return void (await declarations.file(
          act.by,
          act.input,
          identity(act.input.reference, act.does, act.input),
        ));
      case 'check':
        return checkOnce(idOf(act.what), act.at);
      case 'decide': {
        const { by, decision, reason, what } = act;
        const { state } = await declarations.get(by, idOf(what));
        if (state !== 'needs-review') return;
        return void (await verification.decide(
          by,
          idOf(what),
          decision,
          reason,
          requestOf(act, { decision, reason }),
        ));
      }
      case 'amend': {
        const { by, reason, items: lines } = act;
        return void (await declarations.amend(
          by,
          idOf(act.what),
          { reason, items: lines },
          requestOf(act, { reason, items: lines }),
        ));
      }
      case 'withdraw':
        return void (await declarations.withdraw(
          act.by,
          idOf(act.what),
          act.reason,
          requestOf(act, { reason: act.reason }),
        ));
      case 'exit': {
        const { number } = await declarations.get(act.by, idOf(act.what));
        const told = { ...(number === undefined ? {} : { number }), port: act.port };
        const occasion = { ...(number === undefined ? {} : { number }), place: act.port };
        return void (await declarations.exit(act.by, idOf(act.what), occasion, requestOf(act, told)));
      }
      case 'arrive': {
        const { by, outcome, port } = act;
        return void (await declarations.arrive(
          by,
          idOf(act.what),
          outcome,
          { place: port },
          requestOf(act, { outcome, port }),
        ));
      }
      case 'expire':
        return expire(idOf(act.what));
      case 'observe':
        return observe(act);
    }
  }

  /** Not when a later step is on record: then this very check was done before. */
  async function checkOnce(id: string, at: Instant): Promise<void> {
    const found = await declarations.store.find(id);
    if ((found?.moves.at(-1)?.recordedAt ?? at) <= at) await check(id);
  }

  async function expire(id: string): Promise<void> {
    const found = await declarations.store.find(id);
    if (found?.state === 'verified') {
      await declarations.step(null, id, 'expired', null, () => ({ move: { state: 'expired' } }));
    }
  }

  async function observe(act: Extract<Act, { does: 'observe' }>): Promise<void> {
    const { by, item, type, occurredAt, place, key, corrects } = act;
    const itemId = itemIdOf({ ...item, maker: catalogue.makerKey(item.maker) });
    const wrong = corrects === undefined ? {} : { corrects: derivedId('evt', itemId, by.org, corrects) };
    const detail = { ...act.detail, ...wrong };
    await items.observe(by, itemId, { type, occurredAt, place, detail }, { key });
  }

  function requestOf(act: { does: string; what: Filed }, body: object): RequestIdentity {
    return identity(act.what.reference, act.does, body);
  }

  function identity(reference: string, does: string, body: object): RequestIdentity {
    return { key: requestKey(seed, reference, does), bodyHash: hashOf(body) };
  }

  return { play };
}

/** The Idempotency-Key under which a story's step is asked for. */
export function requestKey(seed: number, reference: string, does: string): string {
  return `seed-${seed}-${reference}-${does}`;
}

/** The id that a declaration gets when it is filed. */
export function idOf({ org, reference }: Filed): string {
  return derivedId('dcl', org, reference);
}

/** Of a request's body, as the API works it out. */
function hashOf(body: object): string {
  return hash('sha256', canonicalJson(body), 'hex');
}
