import { systemClock } from '../../../src/main/clock.ts';
import { createRegistry } from '../../../src/main/registry.ts';
import type { Registry } from '../../../src/main/registry.ts';
import type { Stores } from '../../../src/main/stores.ts';
import type { Clock } from '../../../src/kernel/clock.ts';
import type { VerificationRequests } from '../../../src/modules/declarations/index.ts';
import { catalogue } from '../../support/world.ts';
import type { Job } from './job-queue.ts';
import type { Trouble } from './troubled-ports.ts';
import { troubledPorts } from './troubled-ports.ts';
import type { Worker } from './turns.ts';
import type { Sabotage } from './world.ts';

/** So that numbers expire while people are at it. */
const EXPIRY_DAYS = 1 / 24;
/** Nobody in the world is on the watch list, and reading it would take most of the time. */
const unwatched = { ...catalogue, watchedParties: [] };

/** One process of the registry, from its start to its death: API, worker and relay. */
export interface Machine extends Worker {
  readonly registry: Registry;
  readonly stores: Stores;
  readonly clock: Clock;
  /** How far its clock is off. */
  skewMs: number;
  relaying: boolean;
  /** Calls that end without an answer when it dies. */
  readonly callers: Set<() => void>;
  /** Jobs that it holds. */
  readonly jobs: Set<{ readonly job: Job; readonly lock: number }>;
}

export interface MachineParts {
  readonly name: string;
  readonly ports: { readonly stores: Stores; readonly requests: VerificationRequests };
  readonly trouble: Trouble;
  readonly skewMs: number;
  readonly wallMs: () => number;
  readonly deferred: (error: unknown) => void;
  readonly sabotage: Sabotage;
}

export function startMachine(parts: MachineParts): Machine {
  const { trouble, wallMs, sabotage } = parts;
  const worker = { name: parts.name, asleep: false, dead: false };
  const reached = troubledPorts(worker, parts.ports, trouble);
  const stores = sabotage.stores?.(reached.stores) ?? reached.stores;
  const { requests } = reached;
  const clock = systemClock(() => wallMs() + machine.skewMs);
  const registry = createRegistry({
    stores,
    catalogue: unwatched,
    requests,
    clock,
    random: trouble.chance,
    expiryDays: EXPIRY_DAYS,
    deferred: parts.deferred,
  });
  const machine: Machine = Object.assign(worker, {
    registry: sabotage.registry?.(registry) ?? registry,
    stores,
    clock,
    skewMs: parts.skewMs,
    relaying: false,
    callers: new Set<() => void>(),
    jobs: new Set<{ job: Job; lock: number }>(),
  });
  return machine;
}
