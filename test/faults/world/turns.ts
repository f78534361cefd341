import type { Chance } from './chance.ts';

/** Whose work it is that waits: of one that sleeps nothing goes on, of one that is dead nothing ever does. */
export interface Worker {
  readonly name: string;
  asleep: boolean;
  dead: boolean;
}

interface Waiting {
  readonly whose: Worker | null;
  readonly what: string;
  readonly go: () => void;
  /** What the wait was for, if it may take effect although the one who waits died. */
  readonly effect: (() => void) | undefined;
  /** The step before which it has no turn. */
  readonly from: number;
}

export type Turns = ReturnType<typeof createTurns>;

/**
 * Everything in the world that waits for something, and who goes on next. Between two turns all code runs until it
 * waits again; nothing else decides about the order, so that the same chance gives the same course of events.
 */
export function createTurns(chance: Chance) {
  let waiting: Waiting[] = [];
  let flights: Pick<Waiting, 'what' | 'go'>[] = [];
  const trace: string[] = [];
  let step = 0;

  function note(what: string): void {
    trace.push(`${step} ${what}`);
  }

  /** `go` is called when its turn has come, after so many steps or more; never, if the worker is dead by then. */
  function wait(
    whose: Worker | null,
    what: string,
    go: () => void,
    { effect, steps = 0 }: { effect?: (() => void) | undefined; steps?: number } = {},
  ): void {
    if (whose?.dead !== true) waiting.push({ whose, what, go, effect, from: step + steps });
  }

  /** Lets one that waits go on. False when nobody can. */
  function next(): boolean {
    const able = waiting.filter(({ whose, from }) => whose?.asleep !== true && from <= step);
    if (able.length === 0) return false;
    const one = chance.pick(able);
    waiting = waiting.filter((other) => other !== one);
    note(`${one.whose?.name ?? '-'} ${one.what}`);
    one.go();
    return true;
  }

  /** What was sent and takes effect later, or never. */
  function fly(what: string, go: () => void): void {
    flights.push({ what, go });
  }

  /** One of what is under way takes effect, or is lost. */
  function land(lost: number): void {
    if (flights.length === 0) return;
    const one = chance.pick(flights);
    flights = flights.filter((other) => other !== one);
    const isLost = chance.happens(lost);
    note(`${isLost ? 'lost' : 'lands'}: ${one.what}`);
    if (!isLost) one.go();
  }

  /** The worker dies: of what it waits for nothing comes back, and each thing it sent takes effect later or never. */
  function bury(whose: Worker): void {
    whose.dead = true;
    const left = waiting.filter((one) => one.whose === whose);
    waiting = waiting.filter((one) => one.whose !== whose);
    for (const { what, effect } of left) {
      if (effect !== undefined && chance.happens(0.5)) fly(`${whose.name} ${what}`, effect);
    }
  }

  return {
    wait,
    next,
    fly,
    land,
    bury,
    note,
    trace,
    /** Begins the next step. */
    tick: (): void => void (step += 1),
    step: (): number => step,
    inFlight: (): number => flights.length,
    isIdle: (): boolean => waiting.every(({ whose }) => whose?.asleep === true),
  };
}
