import type { Instant } from '../../src/kernel/clock.ts';
import { systemRandom } from '../../src/main/clock.ts';
import { createRegistry } from '../../src/main/registry.ts';
import type { Stores } from '../../src/main/stores.ts';
import type { Catalogue } from '../../src/modules/catalogue/index.ts';
import type { Declaration } from '../../src/modules/declarations/index.ts';
import { LAPSES_AFTER_DAYS } from '../generator/ordinary.ts';
import type { Filed, Situation } from '../generator/situation.ts';
import { itemsIn } from '../generator/situation.ts';
import { createCleanCheck } from './clean-check.ts';
import { createPlayer, createStageClock, idOf } from './player.ts';
import { createStage } from './stage.ts';
import type { Turns } from './turns.ts';

export interface TellerParts {
  readonly stores: Stores;
  readonly catalogue: Catalogue;
  readonly seed: number;
  readonly now: Instant;
  readonly turns: Turns;
  /** What clean declarations were judged by: as a real check named it. */
  readonly ruleSet: string;
}

/** Clean declarations are written together once they hold so many items. */
const ITEMS_PER_FLUSH = 5_000;

/**
 * Makes situations happen in a register through the services that the API calls. What is there already stays as it is.
 * Stories in which something is wrong are checked for good; clean declarations skip the checks that would find
 * nothing, and reach the disk in batches.
 */
export function createTeller({ stores, catalogue, seed, now, turns, ruleSet }: TellerParts) {
  const clock = createStageClock(now);
  const parts = {
    catalogue,
    clock,
    random: systemRandom(),
    expiryDays: LAPSES_AFTER_DAYS,
    requests: { request: async () => {} },
    deferred: (error: unknown) => {
      throw error;
    },
  };
  const registry = createRegistry({ ...parts, stores });
  const real = createPlayer({ registry, catalogue, clock, seed, check: registry.verification.check });
  const stage = createStage(stores);
  const staged = createRegistry({ ...parts, stores: stage.stores });
  const check = createCleanCheck({
    declarations: staged.declarations,
    clock,
    expiryDays: LAPSES_AFTER_DAYS,
    ruleSet,
  });
  const clean = createPlayer({ registry: staged, catalogue, clock, seed, check });
  let waiting = 0;

  /** @returns how many declarations it holds, and how many of them were there before */
  async function tell(situation: Situation): Promise<{ declarations: number; known: number }> {
    const filed = filedIn(situation);
    const found = await Promise.all(filed.map((what) => stores.declarations.find(idOf(what))));
    const known = found.filter((one) => one !== null);
    if (!situation.clean) {
      await turns.alone(async () => {
        for (const act of situation.acts) await real.play(act);
      });
    } else if (known.length === 0) {
      for (const act of situation.acts) await clean.play(act);
      waiting += itemsIn(situation);
      if (waiting >= ITEMS_PER_FLUSH) await flush();
    } else {
      await turns.alone(() => complete(known));
    }
    return { declarations: filed.length, known: known.length };
  }

  async function flush(): Promise<void> {
    waiting = 0;
    await turns.alone(async () => {
      const unfinished = await stage.flush();
      await complete(await Promise.all(unfinished.map((id) => stores.declarations.find(id))));
    });
  }

  /** Does what a run that was cut short left undone. */
  async function complete(found: readonly (Declaration | null)[]): Promise<void> {
    for (const declaration of found) {
      if (declaration !== null && declaration.pending.length > 0)
        await registry.declarations.follow(declaration);
    }
  }

  return { tell, flush };
}

function filedIn(situation: Situation): Filed[] {
  return situation.acts.flatMap((act) =>
    act.does === 'file' ? [{ org: act.by.org, reference: act.input.reference }] : [],
  );
}
