import { request } from 'node:http';
import type { Prng } from '../generator/prng.ts';
import { residentBytes } from './child.ts';
import { lookupPath } from './lookup-cases.ts';
import { openLoop } from './open-loop.ts';
import type { Serial } from './probe.ts';
import type { Place, Product } from './product.ts';
import type { Row } from './report.ts';
import { count, ms, ranged, say } from './report.ts';
import { percentile, spreadOf } from './statistics.ts';

export interface BulkLookupPlan extends Pick<Place, 'lookupFloor'> {
  readonly prng: Prng;
  /** Serials of one call, and how many calls are measured. */
  readonly serials: number;
  readonly calls: number;
}

const GOAL_PER_SECOND = 5_000;
const GOAL_BYTES = 300_000_000;
const LOOK_EVERY_MS = 100;
const WARM_UP = 2_000;
const BESIDE = { perSecond: 50, seconds: 10 };
const GOAL_P95_MS = 50;
const NEWLINE = 10;

/** Bulk look-ups of random serials exactly as marked: how fast, all of it logged, and what single ones feel of it. */
export async function bulkLookupCases(product: Product, plan: BulkLookupPlan): Promise<Row[]> {
  const serials = await product.probe.sample(plan.prng, plan.serials);
  const before = await product.probe.countLookups();
  let answers = await lookUpAll(product, serials.slice(0, WARM_UP));
  const rates: number[] = [];
  const floors: number[] = [];
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, residentBytes(product.pid))), LOOK_EVERY_MS);
  try {
    for (let call = 1; call <= plan.calls; call += 1) {
      if (plan.lookupFloor !== undefined) floors.push(await plan.lookupFloor(serials));
      const begun = performance.now();
      answers += await lookUpAll(product, serials);
      rates.push(serials.length / ((performance.now() - begun) / 1_000));
      say(`bulk look-up ${call}: ${count(rates.at(-1) ?? 0)}/s, floor ${count(floors.at(-1) ?? NaN)}/s`);
    }
  } finally {
    clearInterval(watch);
  }
  const logged = (await product.probe.countLookups()) - before;
  const rate = spreadOf(rates);
  const floor = floors.length === 0 ? '' : `; the bare driver reads and logs ${ranged(spreadOf(floors))}/s`;
  return [
    {
      what: `bulk look-up of ${count(serials.length)} serials in one call, authorised and logged; ${plan.calls} calls`,
      measured: `${ranged(rate)} look-ups/s${floor}; ${count(most / 2 ** 20)} MiB at most`,
      goal: `≥ ${count(GOAL_PER_SECOND)} look-ups/s; ≤ ${count(GOAL_BYTES / 2 ** 20)} MiB`,
      met: rate.median >= GOAL_PER_SECOND && most <= GOAL_BYTES,
    },
    {
      what: 'rows in the look-up log for these answers',
      measured: `${count(logged)} rows, ${count(answers)} answers`,
      goal: 'equal',
      met: logged === answers,
    },
    await singleOnes(product, plan.prng, serials),
  ];
}

/** Single look-ups of somebody else while bulk look-ups go on. */
async function singleOnes(product: Product, prng: Prng, serials: readonly Serial[]): Promise<Row> {
  const { perSecond, seconds } = BESIDE;
  let goesOn = true;
  const bulk = (async () => {
    while (goesOn) await lookUpAll(product, serials);
  })();
  const { answers, failures, latenciesMs } = await openLoop({
    perSecond,
    seconds,
    next: () => ({ url: product.url + lookupPath(prng.pick(serials as [Serial, ...Serial[]])) }),
    headers: { authorization: product.token('customs', 'bench-officer') },
    random: prng.next,
  });
  goesOn = false;
  await bulk;
  const [p50, p95, p99] = [50, 95, 99].map((percent) => ms(percentile(latenciesMs, percent)));
  return {
    what: `exact look-up at ${perSecond} requests/s for ${seconds} s beside bulk look-ups`,
    measured: `p50 ${p50}, p95 ${p95}, p99 ${p99}; ${count(answers)} answers, ${failures} failures`,
    goal: `p95 ≤ ${GOAL_P95_MS} ms`,
    met: failures === 0 && percentile(latenciesMs, 95) <= GOAL_P95_MS,
  };
}

/** Answers how many lines came back. @throws Error when it isn't one for each serial, or one is no answer */
async function lookUpAll(product: Product, serials: readonly Serial[]): Promise<number> {
  const body = serials.map(({ serial }) => `${JSON.stringify({ serial })}\n`).join('');
  const lines = await new Promise<number>((resolve, reject) => {
    const headers = {
      authorization: product.token('customs', 'bench-customs'),
      'content-type': 'application/x-ndjson',
    };
    request(`${product.url}/v1/lookups`, { method: 'POST', headers }, (response) => {
      let seen = 0;
      response.on('data', (bytes: Buffer) => {
        if (bytes.includes('"problem":')) response.destroy(new Error(`no answer: ${bytes.toString()}`));
        for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) seen += 1;
      });
      response.on('end', () => resolve(seen)).on('error', reject);
    })
      .on('error', reject)
      .end(body);
  });
  if (lines !== serials.length) throw new Error(`${serials.length} serials had ${lines} answers`);
  return lines;
}
