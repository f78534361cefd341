import type { Clock } from '../kernel/clock.ts';
import type { LookupLog } from '../modules/lookup/index.ts';
import type { VerificationQueue } from '../modules/verification/verification.queue.ts';
import type { Metrics } from '../platform/metrics/index.ts';
import type { Stores } from './stores.ts';

export interface MeasureParts {
  readonly metrics: Metrics;
  readonly stores: Stores;
  readonly queue: VerificationQueue;
  readonly clock: Clock;
}

/** What operators watch besides the times of requests. */
export function measure({ metrics, stores, queue, clock }: MeasureParts): void {
  metrics.gauge('registry_items', 'Items in the register', () => stores.register.countItems());
  metrics.gauge(
    'registry_declarations_unverified',
    'Declarations that wait to be checked',
    async () => (await stores.declarations.backlog()).filed,
  );
  metrics.gauge(
    'registry_oldest_unverified_seconds',
    'Age of the oldest declaration that waits to be checked',
    async () => {
      const { oldestFiledAt } = await stores.declarations.backlog();
      return oldestFiledAt === null ? 0 : (Date.parse(clock.now()) - Date.parse(oldestFiledAt)) / 1_000;
    },
  );
  metrics.gauge(
    'registry_queue_jobs',
    'Verification jobs in the queue, by state; missing while Redis is away',
    async () =>
      Object.entries({ ...(await queue.jobs.counts()) }).map(([state, value]) => ({
        labels: { state },
        value,
      })),
    ['state'],
  );
}

/** The look-up log, counting look-ups by verdict on the way. */
export function countedLookups(log: LookupLog, metrics: Metrics): LookupLog {
  const counted = metrics.counter('registry_lookups_total', 'Look-ups answered, by verdict', ['verdict']);
  return {
    ...log,
    async add(entry) {
      await log.add(entry);
      counted.inc({ verdict: entry.verdict });
    },
  };
}
