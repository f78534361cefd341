import { setTimeout as delay } from 'node:timers/promises';
import type { Prng } from '../generator/prng.ts';
import { consignment } from './consignment.ts';
import type { Product } from './product.ts';
import type { Row } from './report.ts';
import { count, ranged, say } from './report.ts';
import { spreadOf } from './statistics.ts';

export interface FilingPlan {
  readonly prng: Prng;
  /** Of the backlog that is filed while checks are held back, and then checked. */
  readonly declarations: number;
  /** Filed while checks run. */
  readonly more: number;
  /** How fast the bare driver inserts so many items now, where that is the measure. */
  readonly floor?: (items: number) => Promise<number>;
}

const ITEMS_EACH = 1_000;
const CLIENTS = 4;
const GOAL_FILED = 5_000;
const GOAL_CHECKED = 2_000;
const GOAL_OF_FLOOR = 0.5;
const LOOK_EVERY_MS = 100;

/** Filing with the checks held back, the checks of that backlog, and filing while checks run. */
export async function filingCases(product: Product, plan: FilingPlan): Promise<Row[]> {
  const since = new Date().toISOString();
  const before = await product.probe.countItems();
  await product.hold();
  say(`filing ${plan.declarations} declarations of ${count(ITEMS_EACH)} items, checks held back`);
  const items = plan.declarations * ITEMS_EACH;
  const floors = [await plan.floor?.(items)];
  const alone = await fileAll(product, plan.prng, plan.declarations);
  const stored = (await product.probe.countItems()) - before;
  if (stored !== items) throw new Error(`${items} items were filed and ${stored} stored`);

  say(`checking the backlog of ${count(items)} items`);
  const begun = performance.now();
  await product.resume();
  await settled(product, since);
  const checked = (items / (performance.now() - begun)) * 1_000;
  const clear = await product.probe.countInState(since, 'verified');
  const review = await product.probe.countInState(since, 'needs-review');

  say(`filing ${plan.more} declarations of ${count(ITEMS_EACH)} items while checks run`);
  const busy = await fileAll(product, plan.prng, plan.more);
  await settled(product, since);
  floors.push(await plan.floor?.(items));
  const measure = measureOf(floors);
  return [
    filingRow('checks held back', alone, measure(alone.perSecond, GOAL_FILED)),
    filingRow('checks running', busy, measure(busy.perSecond, GOAL_FILED)),
    {
      what: `verification, drained from a backlog of ${count(items)} items`,
      measured: `${count(checked)} items/s${measure(checked, GOAL_CHECKED).beside}; ${clear} declarations verified, ${review} for review`,
      goal: measure(checked, GOAL_CHECKED).goal,
      met: measure(checked, GOAL_CHECKED).met && clear + review === plan.declarations,
    },
  ];
}

interface Measure {
  /** To be put after the figure. */
  readonly beside: string;
  readonly goal: string;
  readonly met: boolean;
}

/** Figures are held against the floor where there is one, measured before and after them, else against a rate. */
function measureOf(floors: readonly (number | undefined)[]): (perSecond: number, goal: number) => Measure {
  const known = floors.filter((floor) => floor !== undefined);
  if (known.length === 0) {
    return (perSecond, goal) => ({ beside: '', goal: `≥ ${count(goal)} items/s`, met: perSecond >= goal });
  }
  const { median, min, max } = spreadOf(known);
  const floor = known.length === 2 ? (min + max) / 2 : median;
  return (perSecond) => ({
    beside: `, ${Math.round((perSecond / floor) * 100)} % of the bare driver's bulk insert (${count(min)}-${count(max)}/s)`,
    goal: `≥ ${GOAL_OF_FLOOR * 100} % of the bulk insert`,
    met: perSecond >= floor * GOAL_OF_FLOOR,
  });
}

interface Filed {
  readonly perSecond: number;
  readonly secondsEach: readonly number[];
}

function filingRow(how: string, { perSecond, secondsEach }: Filed, { beside, goal, met }: Measure): Row {
  const each = ranged(spreadOf(secondsEach), (value) => `${value.toFixed(2)} s`);
  return {
    what: `filing ${count(ITEMS_EACH)}-item declarations, ${CLIENTS} clients, ${how}`,
    measured: `${count(perSecond)} items/s durable${beside}; ${each} each`,
    goal,
    met,
  };
}

/** Each client is an exporter that files one declaration after the other; all bodies are made beforehand. */
async function fileAll(product: Product, prng: Prng, declarations: number): Promise<Filed> {
  const clients = Array.from({ length: CLIENTS }, (_, client) => {
    const org = `bench-${client + 1}`;
    return { authorization: product.token('exporter', org), org };
  });
  const waiting = Array.from({ length: declarations }, (_, no) => {
    const mark = `${Date.now().toString(36)}-${no}`.toUpperCase();
    return { mark, body: JSON.stringify(consignment(prng, `bench-${(no % CLIENTS) + 1}`, mark, ITEMS_EACH)) };
  });
  const secondsEach: number[] = [];
  const begun = performance.now();
  await Promise.all(
    clients.map(async ({ authorization }) => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        const started = performance.now();
        await file(product.url, authorization, next.mark, next.body);
        secondsEach.push((performance.now() - started) / 1_000);
      }
    }),
  );
  const seconds = (performance.now() - begun) / 1_000;
  return { perSecond: (declarations * ITEMS_EACH) / seconds, secondsEach };
}

async function file(url: string, authorization: string, key: string, body: string): Promise<void> {
  const headers = { authorization, 'content-type': 'application/json', 'idempotency-key': key };
  const response = await fetch(`${url}/v1/declarations`, { method: 'POST', headers, body });
  const said = await response.text();
  if (response.status !== 201)
    throw new Error(`a filing was answered ${response.status}: ${said.slice(0, 500)}`);
}

/** Until every check has decided and what follows from it is recorded. */
async function settled(product: Product, since: string): Promise<void> {
  while ((await product.probe.countUnfinished(since)) > 0) await delay(LOOK_EVERY_MS);
}
