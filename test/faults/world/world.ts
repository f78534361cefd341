import { isFailure } from '../../../src/kernel/failure.ts';
import type { Registry } from '../../../src/main/registry.ts';
import type { Stores } from '../../../src/main/stores.ts';
import { handleJob } from '../../../src/modules/verification/verification.queue.ts';
import { createMemoryStores, noRecords } from '../../support/memory-stores.ts';
import { START } from '../../support/times.ts';
import { createChance } from './chance.ts';
import { createJobQueue } from './job-queue.ts';
import { createLedger } from './ledger.ts';
import type { Machine } from './machine.ts';
import { startMachine } from './machine.ts';
import { createPeople } from './people.ts';
import type { Trouble } from './troubled-ports.ts';
import { PARTS } from './troubled-ports.ts';
import { createTurns } from './turns.ts';
import type { Clocks, Weather } from './weather.ts';
import { weatherOf } from './weather.ts';
import { createWitness, witnessed } from './witness.ts';

const HOUR_MS = 3_600_000;
/** Longer than a clock can be ahead, and than the relay leaves anything alone. */
const LONG_MS = 2 * HOUR_MS;
const MINUTE_MS = 61_000;
/** So many rounds of the relay are enough for whatever was left undone. */
const MAX_ROUNDS = 12;
const MAX_STEPS = 20_000;

/** A part of the registry that doesn't keep its promise: to see that the world notices. */
export interface Sabotage {
  /** The engine itself, below all trouble. */
  readonly engine?: (stores: Stores) => Stores;
  /** What the code of a machine takes for the stores. */
  readonly stores?: (stores: Stores) => Stores;
  readonly registry?: (registry: Registry) => Registry;
}

export type World = ReturnType<typeof createWorld>;

/** A registry of several machines over one store and one queue, with everything that can happen to them. */
export function createWorld(
  seed: number,
  { clocks, sabotage = {} }: { clocks?: Clocks; sabotage?: Sabotage } = {},
) {
  const chance = createChance(seed);
  const weather = weatherOf(chance, clocks);
  const turns = createTurns(chance);
  const witness = createWitness();
  const ledger = createLedger();
  const records = noRecords();
  const bugs: string[] = [];
  const met: Record<string, number> = {};
  let calm = false;
  let wallMs = Date.parse(START);
  let machines: Machine[] = [];
  let started = 0;

  const happened = (what: string): void => void (met[what] = (met[what] ?? 0) + 1);
  function bug(where: string, error: unknown): void {
    if (isFailure(error) && error.kind === 'unavailable') return;
    bugs.push(`${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }

  const queue = createJobQueue(chance, () => !calm && chance.happens(weather.loseJob));
  const kept = createMemoryStores(records);
  const stores = witnessed(sabotage.engine?.(kept) ?? kept, witness, turns.step);
  const isCalm = (): boolean => calm;
  let away: { part: string; until: number } = { part: '', until: 0 };
  const isAway = (part: string): boolean => away.part === part && turns.step() < away.until;
  const trouble: Trouble = { turns, chance, weather, isCalm, isAway, met: happened };

  function start(): Machine {
    started += 1;
    const machine = startMachine({
      name: `m${started}`,
      ports: { stores, requests: queue.requests },
      trouble,
      skewMs: calm ? 0 : skewOf(weather, chance.int(3)),
      wallMs: () => wallMs,
      deferred: (error) => bug('left to the relay', error),
      sabotage,
    });
    machines.push(machine);
    return machine;
  }

  function crash(machine: Machine): void {
    happened('crash');
    turns.note(`${machine.name} dies`);
    machines = machines.filter((other) => other !== machine);
    turns.bury(machine);
    for (const lost of [...machine.callers]) lost();
    for (const { job, lock } of machine.jobs) queue.stall(job, lock);
    start();
  }

  /** Stops in its tracks, for longer than its locks are good for; when it goes on it knows nothing of that. */
  function sleep(machine: Machine): void {
    happened('sleep');
    turns.note(`${machine.name} hangs`);
    machine.asleep = true;
    for (const { job, lock } of machine.jobs) if (chance.happens(0.7)) queue.stall(job, lock);
  }

  function relay(machine: Machine): void {
    if (machine.relaying) return;
    machine.relaying = true;
    turns.note(`${machine.name} relays`);
    void machine.registry.relay
      .run(() => false)
      .then(({ errors }) => errors.forEach((error) => bug('relay', error)))
      .catch((error: unknown) => bug('relay', error))
      .finally(() => (machine.relaying = false));
  }

  function work(machine: Machine): void {
    const taken = queue.take();
    if (taken === null) return;
    const { job, lock, attempt } = taken;
    const held = { job, lock };
    machine.jobs.add(held);
    turns.note(`${machine.name} takes ${job.id}, try ${attempt}`);
    const over = (failed: boolean): void => {
      machine.jobs.delete(held);
      queue.finish(job, lock, failed);
    };
    handleJob(machine.registry.verification, { declarationId: job.declarationId }, attempt).then(
      () => over(false),
      (error: unknown) => {
        bug('check', error);
        over(true);
      },
    );
  }

  const awake = (): Machine[] => machines.filter((machine) => !machine.asleep);

  /** What happens around the machines in one step. */
  function storm(): void {
    const { clocks: wrong, crash: crashes, sleep: sleeps, wake, flush, leap, giveUp } = weather;
    if (chance.happens(crashes)) crash(chance.pick(machines));
    if (chance.happens(sleeps) && awake().length > 1) sleep(chance.pick(awake()));
    for (const machine of machines) if (machine.asleep && chance.happens(wake)) machine.asleep = false;
    if (chance.happens(flush)) {
      happened('flush');
      queue.flush();
    }
    if (chance.happens(weather.outage)) {
      happened('outage');
      away = { part: chance.pick(PARTS), until: turns.step() + chance.int(80) };
      turns.note(`${away.part} is away`);
    }
    if (chance.happens(leap)) wallMs += chance.int(HOUR_MS);
    if (chance.happens(giveUp)) people.giveUp();
    if (wrong === 'jumping' && chance.happens(0.02)) {
      happened('clock');
      chance.pick(machines).skewMs = skewOf(weather, chance.int(3));
    }
    if (chance.happens(0.03)) turns.land(0.3);
    if (chance.happens(0.03)) relay(chance.pick(awake()));
    if (chance.happens(0.15)) work(chance.pick(awake()));
  }

  /** One step of the world. False when everybody waits for the time to pass. */
  async function step(): Promise<boolean> {
    turns.tick();
    wallMs += chance.int(300);
    if (!calm) storm();
    else {
      if (chance.happens(0.1)) relay(chance.pick(machines));
      if (chance.happens(0.3)) work(chance.pick(machines));
    }
    const went = turns.next();
    await settled();
    return went;
  }

  /** Nothing goes wrong from now on; what was sent before arrives or doesn't, who slept goes on. */
  function calmDown(): void {
    calm = true;
    turns.note('it is calm');
    while (turns.inFlight() > 0) turns.land(0.5);
    for (const machine of machines) Object.assign(machine, { asleep: false, skewMs: 0 });
  }

  async function untilIdle(): Promise<void> {
    const end = turns.step() + MAX_STEPS;
    while (!turns.isIdle() || queue.hasWaiting()) {
      if (turns.step() === end) throw new Error(`no rest within ${MAX_STEPS} steps`);
      await step();
    }
  }

  /** Lets everybody go on who has something to go on with; nothing begins by itself. */
  async function untilQuiet(): Promise<void> {
    for (let steps = 0; steps < MAX_STEPS; steps += 1) {
      turns.tick();
      if (!turns.next() && turns.isIdle()) return;
      await settled();
    }
    throw new Error(`not quiet within ${MAX_STEPS} steps`);
  }

  /** The relay runs over and over, until nothing is left to do or that can't be the reason. */
  async function rest(): Promise<void> {
    await untilIdle();
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      wallMs += round === 0 ? LONG_MS : MINUTE_MS;
      relay(machines[0] ?? start());
      await settled();
      await untilIdle();
    }
  }

  const people = createPeople({
    turns,
    chance,
    ledger,
    isCalm,
    bug,
    machine: () => chance.pick(machines),
  });
  for (let no = 0; no < weather.machines; no += 1) start();
  return { people, turns, witness, ledger, records, bugs, met, step, calmDown, untilQuiet, rest };
}

/** Which of the three ways a clock is wrong that its weather allows; `throwOf` is 0, 1 or 2. */
function skewOf({ clocks }: Weather, throwOf: number): number {
  switch (clocks) {
    case 'right':
      return 0;
    case 'ahead':
      return throwOf === 0 ? 0 : HOUR_MS;
    case 'behind':
      return throwOf === 0 ? 0 : -HOUR_MS;
    case 'jumping':
      return (throwOf - 1) * HOUR_MS;
  }
}

/** Resolves when all code has come to where it waits for its turn. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
