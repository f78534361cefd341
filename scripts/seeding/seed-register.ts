import type { Instant } from '../../src/kernel/clock.ts';
import { shifted } from '../../src/kernel/clock.ts';
import type { Stores } from '../../src/main/stores.ts';
import type { Catalogue } from '../../src/modules/catalogue/index.ts';
import type { Declaration } from '../../src/modules/declarations/index.ts';
import { generateRegister } from '../generator/register.ts';
import { itemsIn } from '../generator/situation.ts';
import { SITUATIONS } from '../generator/situations.ts';
import { idOf, requestKey } from './player.ts';
import { createTeller } from './teller.ts';
import type { Turns } from './turns.ts';
import { createTurns, sharedTurns } from './turns.ts';

export interface SeedPlan {
  readonly seed: number;
  readonly items: number;
  /** The stories lead up to this day. */
  readonly until: Instant;
}

export interface SeedReport {
  /** Declarations that were told, and how many of them were there before. */
  readonly declarations: number;
  readonly known: number;
}

/** A thread's part in seeding. */
export interface Share {
  readonly stores: Stores;
  readonly catalogue: Catalogue;
  readonly plan: SeedPlan;
  readonly turns: Turns;
  /** What `tellNamed` answered. */
  readonly ruleSet: string;
  /** Told how far the stories have come, in items. */
  readonly onProgress?: (items: number) => void;
}

/** The register holds the stories of another seed. */
export class OtherSeed extends Error {}

/** So many situations are one thread's, then the next are whose turn it is. */
const GROUP = 40;

/**
 * The day that the stories lead up to: the day on which the register was first seeded, else `now`.
 * @throws OtherSeed
 */
export async function untilOf(stores: Stores, seed: number, now: Instant): Promise<Instant> {
  const { first, found } = await flagship(stores, { seed, items: 0, until: now });
  if (found === null) return now;
  if (found.idempotencyKey !== requestKey(seed, found.reference, 'file')) {
    throw new OtherSeed(
      'The register holds the stories of another seed; take that one, or another data folder.',
    );
  }
  return shifted(now, Date.parse(found.filedAt) - Date.parse(first));
}

/** Tells each of `SITUATIONS` once. @returns the rule set by which they were checked */
export async function tellNamed(
  { stores, catalogue }: Pick<Share, 'stores' | 'catalogue'>,
  plan: SeedPlan,
): Promise<{ report: SeedReport; ruleSet: string }> {
  const turns = createTurns(sharedTurns());
  const teller = createTeller({ stores, catalogue, seed: plan.seed, now: plan.until, turns, ruleSet: '' });
  const report = { declarations: 0, known: 0 };
  for (const situation of generateRegister({ ...plan, items: 0 })) {
    add(report, await teller.tell(situation));
  }
  const { found } = await flagship(stores, plan);
  const ruleSet = found?.verification.ruleSet;
  if (ruleSet === undefined) throw new Error('the first declaration was not checked');
  return { report, ruleSet };
}

/** Tells what comes after the named situations, together with other threads that share the turns. */
export async function tellRest(share: Share): Promise<SeedReport> {
  const { stores, catalogue, plan, turns, ruleSet, onProgress } = share;
  const teller = createTeller({ stores, catalogue, seed: plan.seed, now: plan.until, turns, ruleSet });
  const report = { declarations: 0, known: 0 };
  let index = -1;
  let items = 0;
  let mine = false;
  for (const situation of generateRegister(plan)) {
    index += 1;
    items += itemsIn(situation);
    const place = index - SITUATIONS.length;
    if (place < 0) continue;
    if (place % GROUP === 0) mine = turns.claim(place / GROUP);
    if (mine) add(report, await teller.tell(situation));
    onProgress?.(items);
  }
  await teller.flush();
  return report;
}

function add(
  report: { declarations: number; known: number },
  told: { declarations: number; known: number },
): void {
  report.declarations += told.declarations;
  report.known += told.known;
}

/** The very first declaration: when the plan says that it is filed, and what the register holds of it. */
async function flagship(
  stores: Stores,
  plan: SeedPlan,
): Promise<{ first: Instant; found: Declaration | null }> {
  for (const { acts } of generateRegister(plan)) {
    const [act] = acts;
    if (act?.does !== 'file') break;
    const id = idOf({ org: act.by.org, reference: act.input.reference });
    return { first: act.at, found: await stores.declarations.find(id) };
  }
  throw new Error('a register begins with a filing');
}
