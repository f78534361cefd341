import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Prng } from '../generator/prng.ts';
import { consignment } from './consignment.ts';
import { lookupPath } from './lookup-cases.ts';
import { openLoop } from './open-loop.ts';
import type { Serial } from './probe.ts';
import type { Product } from './product.ts';
import type { Row } from './report.ts';
import { count, say } from './report.ts';
import { percentile } from './statistics.ts';

export interface BesideReaderPlan {
  readonly root: string;
  readonly dataDir: string;
  readonly prng: Prng;
  readonly openLoopSeconds: number;
}

const LOOKUPS_PER_SECOND = 100;
const FILINGS_PER_SECOND = 200;
const SAMPLE = 20_000;
const GOAL_P95_MS = 300;

/** Look-ups at a fixed rate while another process reads the whole register and an exporter files. SQLite only. */
export async function besideReader(product: Product, plan: BesideReaderPlan): Promise<Row> {
  const { prng, openLoopSeconds: seconds } = plan;
  say(`look-up and filing at fixed rates for ${seconds} s while the whole register is read`);
  const items = await product.probe.countItems();
  const serials = (await product.probe.sample(prng, SAMPLE)) as [Serial, ...Serial[]];
  const [run, random] = [Date.now().toString(36), prng.next];
  const org = 'bench-mixed';
  let filed = 0;
  const reader = keepReading(plan);
  const [lookups, filings] = await Promise.all([
    openLoop({
      perSecond: LOOKUPS_PER_SECOND,
      seconds,
      random,
      next: () => ({ url: product.url + lookupPath(prng.pick(serials)) }),
      headers: { authorization: product.token('customs', 'bench-customs') },
    }),
    openLoop({
      perSecond: FILINGS_PER_SECOND,
      seconds,
      random,
      next: () => {
        const mark = `${run}-M${(filed += 1)}`.toUpperCase();
        return {
          url: `${product.url}/v1/declarations`,
          body: JSON.stringify(consignment(prng, org, mark, 1)),
        };
      },
      headers: { authorization: product.token('exporter', org) },
    }),
  ]);
  const readings = await reader.stop();
  const p = (latencies: readonly number[], percent: number) =>
    `${percentile(latencies, percent).toFixed(1)} ms`;
  const p95 = percentile(lookups.latenciesMs, 95);
  const failures = lookups.failures + filings.failures;
  return {
    what: `exact look-up at ${LOOKUPS_PER_SECOND} requests/s for ${seconds} s while another process reads all ${count(items)} items and ${FILINGS_PER_SECOND} declarations/s are filed`,
    measured: `p50 ${p(lookups.latenciesMs, 50)}, p95 ${p(lookups.latenciesMs, 95)}, p99 ${p(lookups.latenciesMs, 99)}; filing p95 ${p(filings.latenciesMs, 95)}; ${count(lookups.answers)} answers, ${count(filings.answers)} filed, ${failures} failures; read ${readings} times from end to end`,
    goal: `p95 ≤ ${GOAL_P95_MS} ms`,
    met: failures === 0 && p95 <= GOAL_P95_MS,
  };
}

/** Writes archives of the register, one after the other, until it is stopped; then says how many were completed. */
function keepReading({ root, dataDir }: BesideReaderPlan): { stop(): Promise<number> } {
  const archive = join(dataDir, 'bench', 'archive');
  const script = join(root, 'dist', 'scripts', 'backup-store.js');
  let child: ChildProcess;
  let isStopped = false;
  const reading = (async () => {
    let completed = 0;
    while (!isStopped) {
      rmSync(archive, { recursive: true, force: true });
      child = spawn(process.execPath, [script, '--from', dataDir, '--to', archive], {
        cwd: dataDir,
        env: {},
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      const [code] = (await once(child, 'exit')) as [number | null];
      if (code === 0) completed += 1;
      else if (!isStopped) throw new Error(`reading the register ended with exit code ${code ?? 'none'}`);
    }
    rmSync(archive, { recursive: true, force: true });
    return completed;
  })();
  return {
    stop() {
      isStopped = true;
      child.kill('SIGKILL');
      return reading;
    },
  };
}
