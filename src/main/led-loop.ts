import type { Closers } from './closers.ts';
import type { Random } from '../kernel/random.ts';
import type { Log } from '../platform/log/index.ts';
import type { Stores } from './stores.ts';
import type { Leadership } from './leadership.ts';
import { ALONE, competeForLease } from './leadership.ts';
import type { LoopParts } from './loop.ts';
import { startLoop } from './loop.ts';

export interface LedLoopParts extends Pick<LoopParts, 'run'> {
  /** Of the lease, and in the log. */
  readonly name: string;
  readonly everyMs: number;
}

/** A loop that runs in one process at a time: the one that holds the lease of this name. */
export function startLedLoop(
  {
    stores,
    random,
    log,
  }: { readonly stores: Pick<Stores, 'leases'>; readonly random: Random; readonly log: Log },
  { name, run, everyMs }: LedLoopParts,
  closers: Closers,
): void {
  const warn = (what: string) => (error: unknown) => log.logger.warn({ err: error }, what);
  const onError = warn(`the lease ${name} could not be kept`);
  const leadership: Leadership =
    stores.leases === null
      ? ALONE
      : competeForLease({ leases: stores.leases, name, holder: random.nonce(), onError });
  closers.add(() => leadership.close());
  const loop = startLoop({
    run: (stopped) => run(() => stopped() || !leadership.holds()),
    everyMs,
    isMine: leadership.holds,
    onError: warn(`the loop ${name} could not finish a record`),
  });
  closers.add(() => loop.close());
}
