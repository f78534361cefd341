import { join } from 'node:path';
import autocannon from 'autocannon';
import type { Prng } from '../generator/prng.ts';
import { residentBytes, startChild } from './child.ts';
import { openLoop } from './open-loop.ts';
import type { Product } from './product.ts';
import type { Serial } from './probe.ts';
import type { Row } from './report.ts';
import { count, ms, ranged, say } from './report.ts';
import { percentile, spreadOf } from './statistics.ts';

export interface LookupPlan {
  readonly root: string;
  readonly dataDir: string;
  readonly prng: Prng;
  /** So many times floor and product take turns, for so many seconds each. */
  readonly rounds: number;
  readonly roundSeconds: number;
  readonly openLoopSeconds: number;
}

const CONNECTIONS = 50;
const SAMPLE = 20_000;
const WARM_UP_SECONDS = 3;
const PER_SECOND = 500;
const GOAL_RATIO = 0.6;
const GOAL_P95_MS = 50;
const GOAL_P99_MS = 150;
const GOAL_MEMORY_MIB = 300;

/** Look-ups of random serials exactly as marked: against the floor, at a fixed rate, and the memory they leave. */
export async function lookupCases(product: Product, plan: LookupPlan): Promise<Row[]> {
  const serials = await product.probe.sample(plan.prng, SAMPLE);
  const throughput = await againstFloor(product, plan, serials);
  const steady = await atFixedRate(product, plan, serials);
  const mib = residentBytes(product.pid) / 2 ** 20;
  const items = await product.probe.countItems();
  return [
    throughput,
    ...steady,
    {
      what: `memory of the API process after the look-ups, ${count(items)} items`,
      measured: `${count(mib)} MiB`,
      goal: `≤ ${GOAL_MEMORY_MIB} MiB`,
      met: mib <= GOAL_MEMORY_MIB,
    },
  ];
}

/** Closed loop: as many requests as each can answer, in turns, so that a busy machine slows both. */
async function againstFloor(product: Product, plan: LookupPlan, serials: readonly Serial[]): Promise<Row> {
  const floor = await startChild({
    program: join(plan.root, 'dist', 'scripts', 'bench', product.probe.floor.program),
    args: product.probe.floor.args,
    env: { NODE_ENV: 'production' },
    directory: plan.dataDir,
    logFile: join(plan.dataDir, 'bench', 'floor.log'),
  });
  const headers = { authorization: product.token('customs', 'bench-customs') };
  const measureFloor = (seconds: number) =>
    rate(
      floor.url,
      serials.map(({ key }) => `/lookup?key=${encodeURIComponent(key)}`),
      {},
      seconds,
    );
  const measureProduct = (seconds: number) => rate(product.url, serials.map(lookupPath), headers, seconds);
  const floors: number[] = [];
  const products: number[] = [];
  try {
    await measureFloor(WARM_UP_SECONDS);
    await measureProduct(WARM_UP_SECONDS);
    for (let round = 1; round <= plan.rounds; round += 1) {
      // The other way round every second time, so that neither always comes first.
      if (round % 2 === 1) floors.push(await measureFloor(plan.roundSeconds));
      products.push(await measureProduct(plan.roundSeconds));
      if (round % 2 === 0) floors.push(await measureFloor(plan.roundSeconds));
      say(
        `look-up, round ${round}: floor ${count(floors.at(-1) ?? 0)}/s, product ${count(products.at(-1) ?? 0)}/s`,
      );
    }
  } finally {
    await floor.stop();
  }
  const ratios = spreadOf(products.map((value, round) => value / (floors[round] ?? NaN)));
  const percent = ranged(ratios, (value) => `${Math.round(value * 100)} %`);
  return {
    what: `exact look-up, authorised and logged, against the floor; ${CONNECTIONS} connections, ${plan.rounds} rounds`,
    measured: `${percent} of the floor: ${ranged(spreadOf(products))} of ${ranged(spreadOf(floors))} requests/s`,
    goal: `≥ ${GOAL_RATIO * 100} %`,
    met: ratios.median >= GOAL_RATIO,
  };
}

/** Answers a second. @throws Error when any answer is not 200 */
async function rate(
  url: string,
  paths: readonly string[],
  headers: Record<string, string>,
  seconds: number,
): Promise<number> {
  let next = 0;
  const share = Math.ceil(paths.length / CONNECTIONS);
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    setupClient(client) {
      const own = paths.slice(next, next + share);
      next += share;
      client.setRequests(own.map((path) => ({ method: 'GET', path, headers })));
    },
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} refusals and ${result.errors} errors`);
  return result['2xx'] / result.duration;
}

/** Open loop: requests come at their own pace, as from many officers. */
async function atFixedRate(product: Product, plan: LookupPlan, serials: readonly Serial[]): Promise<Row[]> {
  const seconds = plan.openLoopSeconds;
  say(`look-up at ${PER_SECOND} requests/s for ${seconds} s`);
  const before = await product.probe.countLookups();
  const { answers, failures, latenciesMs } = await openLoop({
    perSecond: PER_SECOND,
    seconds,
    next: () => ({ url: product.url + lookupPath(plan.prng.pick(serials as [Serial, ...Serial[]])) }),
    headers: { authorization: product.token('customs', 'bench-customs') },
    random: plan.prng.next,
  });
  const logged = (await product.probe.countLookups()) - before;
  const [p50, p95, p99] = [50, 95, 99].map((percent) => percentile(latenciesMs, percent)) as [
    number,
    number,
    number,
  ];
  return [
    {
      what: `exact look-up at ${PER_SECOND} requests/s for ${seconds} s, Poisson arrivals`,
      measured: `p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)}; ${count(answers)} answers, ${failures} failures`,
      goal: `p95 ≤ ${GOAL_P95_MS} ms, p99 ≤ ${GOAL_P99_MS} ms`,
      met: failures === 0 && p95 <= GOAL_P95_MS && p99 <= GOAL_P99_MS,
    },
    {
      what: 'rows in the look-up log for these answers',
      measured: `${count(logged)} rows, ${count(answers)} answers`,
      goal: 'equal',
      met: logged === answers && failures === 0,
    },
  ];
}

export function lookupPath({ serial }: Serial): string {
  return `/v1/lookup?serial=${encodeURIComponent(serial)}`;
}
