import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { consignment } from './consignment.ts';
import type { LookupPlan } from './lookup-cases.ts';
import { lookupPath } from './lookup-cases.ts';
import { openLoop } from './open-loop.ts';
import type { Serial } from './probe.ts';
import type { Product } from './product.ts';
import type { Row } from './report.ts';
import { count, ms, say } from './report.ts';
import { percentile } from './statistics.ts';

const LOOKUPS_PER_SECOND = 100;
const FILINGS_PER_SECOND = 200;
const SAMPLE = 20_000;
const GOAL_P95_MS = 300;

/** Look-ups at a fixed rate while another process reads the whole register and an exporter files. SQLite only. */
export async function besideReader(
  product: Product,
  plan: Omit<LookupPlan, 'rounds' | 'roundSeconds'>,
): Promise<Row> {
  const { prng, openLoopSeconds: seconds } = plan;
  say(`look-up and filing at fixed rates for ${seconds} s while the whole register is read`);
  const items = await product.probe.countItems();
  const serials = (await product.probe.sample(prng, SAMPLE)) as [Serial, ...Serial[]];
  const random = prng.next;
  const run = Date.now().toString(36).toUpperCase();
  const org = 'bench-mixed';
  let filed = 0;
  const reader = keepReading(plan);
  const loads = Promise.all([
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
      next: () => ({
        url: `${product.url}/v1/declarations`,
        body: JSON.stringify(consignment(prng, org, `${run}-M${(filed += 1)}`, 1)),
      }),
      headers: { authorization: product.token('exporter', org) },
    }),
  ]);
  // Also when the reader fails, which ends the wait for both.
  const [lookups, filings] = await Promise.race([loads, reader.failed]).finally(reader.stop);
  const [p50, p95, p99] = [50, 95, 99].map((percent) => percentile(lookups.latenciesMs, percent)) as [
    number,
    number,
    number,
  ];
  const failures = lookups.failures + filings.failures;
  return {
    what: `exact look-up at ${LOOKUPS_PER_SECOND} requests/s for ${seconds} s while another process reads all ${count(items)} items and ${FILINGS_PER_SECOND} declarations/s are filed`,
    measured: `p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)}; filing p95 ${ms(percentile(filings.latenciesMs, 95))}; ${count(lookups.answers)} answers, ${count(filings.answers)} filed, ${failures} failures; read ${reader.completed()} times from end to end`,
    goal: `p95 ≤ ${GOAL_P95_MS} ms`,
    met: failures === 0 && p95 <= GOAL_P95_MS,
  };
}

interface Reader {
  /** Archives that were completed up to now. */
  completed(): number;
  /** Rejects when one could not be. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/** Writes archives of the register, one after the other, until it is stopped. */
function keepReading({ root, dataDir }: Pick<LookupPlan, 'root' | 'dataDir'>): Reader {
  const archive = join(dataDir, 'bench', 'archive');
  const script = join(root, 'dist', 'scripts', 'backup-store.js');
  let child: ChildProcess;
  let isStopped = false;
  let completed = 0;
  const reading = (async () => {
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
  })();
  return {
    completed: () => completed,
    failed: new Promise((_resolve, reject) => void reading.catch(reject)),
    async stop() {
      isStopped = true;
      child.kill('SIGKILL');
      await reading.catch(() => undefined);
      rmSync(archive, { recursive: true, force: true });
    },
  };
}
