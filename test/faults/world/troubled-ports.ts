import { Failure } from '../../../src/kernel/failure.ts';
import type { Stores } from '../../../src/main/stores.ts';
import type { VerificationRequests } from '../../../src/modules/declarations/index.ts';
import type { Entry, Item } from '../../../src/modules/register/index.ts';
import type { Chance } from './chance.ts';
import type { Turns, Worker } from './turns.ts';
import type { Fault, Weather } from './weather.ts';

/** What machines reach, each of which can be away by itself. */
export const PARTS = ['register', 'declarations', 'refusals', 'log', 'queue'] as const;

/** Their effect can come late or twice; of all others only the answer matters. */
const WRITES = new Set(['insert', 'replace', 'postpone', 'addItems', 'append', 'add', 'request']);

export interface Trouble {
  readonly turns: Turns;
  readonly chance: Chance;
  readonly weather: Weather;
  /** True once nothing goes wrong any more. */
  isCalm(): boolean;
  /** True while nobody reaches this part. */
  isAway(part: string): boolean;
  met(fault: Fault): void;
}

type Method = (...args: never[]) => Promise<unknown>;

/** The stores and the queue as one machine reaches them: each call waits for its turn, and may go wrong then. */
export function troubledPorts(
  machine: Worker,
  { stores, requests }: { stores: Stores; requests: VerificationRequests },
  trouble: Trouble,
): { stores: Stores; requests: VerificationRequests } {
  const troubled = <T extends object>(name: (typeof PARTS)[number], port: T): T => {
    const methods = Object.entries(port).map(([method, work]: [string, Method]) => [
      method,
      (...args: never[]) => call(machine, { name, method, args, work }, trouble),
    ]);
    return Object.fromEntries(methods) as T;
  };
  return {
    stores: {
      ...stores,
      register: troubled('register', stores.register),
      declarations: troubled('declarations', stores.declarations),
      refusedFilings: troubled('refusals', stores.refusedFilings),
      lookupLog: troubled('log', stores.lookupLog),
    },
    requests: troubled('queue', requests),
  };
}

interface Call {
  readonly name: string;
  readonly method: string;
  readonly args: readonly never[];
  readonly work: Method;
}

function call(machine: Worker, made: Call, trouble: Trouble): Promise<unknown> {
  const { turns } = trouble;
  const what = `${made.name}.${made.method}`;
  const isWrite = WRITES.has(made.method);
  const effect = (args = made.args): Promise<unknown> => {
    const done = made.work(...args);
    done.catch(() => undefined);
    return done;
  };
  const unheeded = (): void => void effect();
  return new Promise((resolve, reject) => {
    const go = (): void => {
      const fault = faultOf(trouble, made.name, isWrite);
      if (fault !== null) {
        trouble.met(fault);
        turns.note(`  ${fault}`);
      }
      switch (fault) {
        case null:
          return resolve(effect());
        case 'fails':
          return reject(away(what));
        case 'unknown':
          unheeded();
          return reject(away(what));
        case 'late':
          turns.fly(what, unheeded);
          return reject(away(what));
        case 'slow': {
          const answer = effect();
          const steps = trouble.chance.int(60);
          return turns.wait(machine, `${what} answers`, () => resolve(answer), { steps });
        }
        case 'twice':
          unheeded();
          return resolve(effect());
        case 'echo':
          turns.fly(what, unheeded);
          return resolve(effect());
        case 'cut':
          void effect(cut(made, trouble.chance));
          return reject(away(what));
      }
    };
    turns.wait(machine, what, go, isWrite ? { effect: unheeded } : {});
  });
}

function faultOf(trouble: Trouble, part: string, isWrite: boolean): Fault | null {
  const { chance, weather } = trouble;
  if (trouble.isCalm()) return null;
  if (trouble.isAway(part)) return 'fails';
  if (!chance.happens(weather.call)) return null;
  const fault = chance.pick(weather.faults);
  return isWrite || fault === 'slow' ? fault : 'fails';
}

/** What an engine says that is out of reach. */
function away(what: string): Failure {
  return new Failure('unavailable', 'store-away', `${what}: out of reach.`, { retryAfterSeconds: 1 });
}

/** The call with some of its records only, as a crash of the engine leaves it: of each item the first events. */
function cut({ method, args }: Call, chance: Chance): readonly never[] {
  const [records] = args as unknown as [readonly (Item | Entry)[]];
  if (method !== 'append' && method !== 'addItems') return args;
  const gone = new Set<string>();
  const kept = records.filter((record) => {
    const itemId = 'event' in record ? record.event.itemId : record.itemId;
    if (chance.happens(0.4)) gone.add(itemId);
    return !gone.has(itemId);
  });
  return [kept] as unknown as readonly never[];
}
