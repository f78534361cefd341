import type { Failure } from '../../../src/kernel/failure.ts';
import type { Actor } from '../../../src/kernel/actor.ts';
import type { Answer } from '../../../src/modules/lookup/index.ts';
import type { Transition } from '../../../src/modules/declarations/transition.ts';
import type { Machine } from './machine.ts';

/** What somebody wants done; sent again, under the same key, until there is an answer. */
export interface Intent {
  readonly what: string;
  readonly actor: Actor;
  /** Without one it is sent once. */
  readonly key: string | undefined;
  readonly about:
    | { readonly kind: 'filing'; readonly reference: string; readonly bodyHash: string }
    | { readonly kind: 'step'; readonly declarationId: string; readonly type: Transition }
    | { readonly kind: 'event'; readonly itemId: string };
  /** Answers with what the API would answer, as JSON. */
  send(machine: Machine): Promise<string>;
}

export interface Sending {
  readonly intent: Intent;
  /** The steps at which the request was sent, and at which its sender learned what became of it. */
  readonly sent: number;
  ended: number;
  outcome: 'answered' | 'refused' | 'unknown';
  answer?: string;
  failure?: Failure;
}

/** A look-up that somebody has the answer to. */
export interface Seen {
  readonly sent: number;
  readonly answer: Answer;
}

/** What people outside of the registry know: what they asked for, and what they were told. */
export interface Ledger {
  readonly sendings: Sending[];
  readonly seen: Seen[];
}

export function createLedger(): Ledger {
  return { sendings: [], seen: [] };
}

/** What was answered with success, one for each intent that was. */
export function acknowledged({ sendings }: Ledger): { intent: Intent; answers: string[]; ended: number }[] {
  const byIntent = new Map<Intent, { intent: Intent; answers: string[]; ended: number }>();
  for (const { intent, outcome, answer, ended } of sendings) {
    if (outcome !== 'answered' || answer === undefined) continue;
    const known = byIntent.get(intent) ?? { intent, answers: [], ended };
    known.answers.push(answer);
    known.ended = Math.min(known.ended, ended);
    byIntent.set(intent, known);
  }
  return [...byIntent.values()];
}
