import type { Failure } from '../../../src/kernel/failure.ts';
import { isFailure } from '../../../src/kernel/failure.ts';
import type { Chance } from './chance.ts';
import type { Intent, Ledger } from './ledger.ts';
import type { Machine } from './machine.ts';
import type { Turns } from './turns.ts';

export type Told<T> =
  | { readonly outcome: 'answered'; readonly value: T }
  | { readonly outcome: 'refused'; readonly failure: Failure }
  | { readonly outcome: 'unknown' };

/** A sender is not that patient while things go wrong; it is once they don't. */
const MAX_SENDINGS = 200;

export interface PeopleParts {
  readonly turns: Turns;
  readonly chance: Chance;
  readonly ledger: Ledger;
  /** The machine that a request reaches. */
  readonly machine: () => Machine;
  readonly isCalm: () => boolean;
  /** Told of errors that no caller is meant to see. */
  readonly bug: (where: string, error: unknown) => void;
}

export type People = ReturnType<typeof createPeople>;

/** Those who use the registry: they outlive its machines. */
export function createPeople({ turns, chance, ledger, machine, isCalm, bug }: PeopleParts) {
  /** Requests under way: each can be given up by its sender, and the registry goes on with it. */
  const impatient = new Set<() => void>();
  let busy = 0;

  /** Waits for some steps, in which others have their turns. */
  function pause(most = 10): Promise<void> {
    const steps = 1 + chance.int(most);
    return new Promise((resolve) => turns.wait(null, 'is back', resolve, { steps }));
  }

  /** One request to some machine. Its answer can be lost on the way. */
  function ask<T>(what: string, work: (machine: Machine) => Promise<T>): Promise<Told<T>> {
    const reached = machine();
    turns.note(`  ${what} -> ${reached.name}`);
    return new Promise((resolve) => {
      const told = (answer: Told<T>): void => {
        impatient.delete(lost);
        reached.callers.delete(lost);
        turns.wait(null, `learns of ${what}: ${answer.outcome}`, () => resolve(answer));
      };
      const lost = (): void => told({ outcome: 'unknown' });
      impatient.add(lost);
      reached.callers.add(lost);
      const answered = (answer: Told<T>): void => {
        // The sender may have given up, or the connection be gone with its machine.
        if (reached.callers.has(lost))
          told(!isCalm() && chance.happens(0.02) ? { outcome: 'unknown' } : answer);
      };
      turns.wait(reached, `takes ${what}`, () => {
        work(reached).then(
          (value) => answered({ outcome: 'answered', value }),
          (error: unknown) => {
            if (!isFailure(error)) bug(what, error);
            const isFinal = isFailure(error) && error.kind !== 'unavailable';
            answered(isFinal ? { outcome: 'refused', failure: error } : { outcome: 'unknown' });
          },
        );
      });
    });
  }

  /** Sends until there is an answer, and answers it; null when it was refused, or its sender gave up. */
  async function persist(intent: Intent): Promise<string | null> {
    for (let sendings = 0; sendings < MAX_SENDINGS; sendings += 1) {
      const sending = { intent, sent: turns.step(), ended: Infinity, outcome: 'unknown' as const };
      ledger.sendings.push(sending);
      const told = await ask(intent.what, (reached) => intent.send(reached));
      Object.assign(sending, { ended: turns.step(), outcome: told.outcome });
      if (told.outcome === 'answered') {
        Object.assign(sending, { answer: told.value });
        return told.value;
      }
      if (told.outcome === 'refused') {
        Object.assign(sending, { failure: told.failure });
        return null;
      }
      if (intent.key === undefined || (!isCalm() && chance.happens(0.03))) return null;
      await pause();
    }
    throw new Error(`${intent.what}: no answer, however often it was sent`);
  }

  /** Somebody starts to do something. */
  function begin(what: string, doing: () => Promise<unknown>): void {
    busy += 1;
    void doing()
      .catch((error: unknown) => bug(what, error))
      .finally(() => (busy -= 1));
  }

  return {
    chance,
    ledger,
    pause,
    step: turns.step,
    ask,
    persist,
    begin,
    /** A sender stops waiting for an answer. */
    giveUp(): void {
      if (impatient.size > 0) chance.pick([...impatient])();
    },
    areBusy: (): boolean => busy > 0,
  };
}
