import type { Config } from '../config/config.ts';
import { createVerificationWorker } from '../modules/verification/verification.queue.ts';
import type { Closers } from './closers.ts';
import type { Foundation } from './foundation.ts';
import { startAudits } from './audits.ts';
import { startLedLoop } from './led-loop.ts';

const IMPORTS_EVERY_MS = 500;

/** Runs checks, imports and audits until it is closed; those under way then get `drainMs` to finish. */
export function startWorker(foundation: Foundation, config: Config, drainMs: number, closers: Closers): void {
  const { registry, connectWorker, log } = foundation;
  const worker = createVerificationWorker({
    connection: connectWorker(),
    verification: registry.verification,
    concurrency: config.verifyConcurrency,
    onTrouble: (error) => log.logger.warn({ err: error }, 'trouble with verification jobs'),
  });
  closers.add(() => worker.close(drainMs));
  const { work } = registry.importRun(foundation.scratch);
  startLedLoop(foundation, { name: 'imports', everyMs: IMPORTS_EVERY_MS, run: work }, closers);
  startAudits(foundation, config, drainMs, closers);
}
