import { hash } from 'node:crypto';
import type { Actor } from '../../kernel/actor.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { Clock, Instant } from '../../kernel/clock.ts';
import { refuseFuture } from '../../kernel/clock.ts';
import { Failure } from '../../kernel/failure.ts';
import type { RegisterService } from '../register/index.ts';
import { consequencesOf } from './declaration-events.ts';
import type { DeclarationStore, VerificationRequests } from './declaration.ports.ts';
import type { Declaration, Move } from './declaration.ts';
import { moved, settled } from './declaration.ts';
import type { Transition } from './transition.ts';
import { mayMove, obstacle } from './transition.ts';

/** Names a request so that sending it again is known: the caller's key, and a hash of what it says. */
export interface RequestIdentity {
  readonly key?: string;
  readonly bodyHash: string;
}

/** The hash by which it is known whether two requests say the same, whatever the order and spelling of their JSON. */
export function requestHash(body: unknown): string {
  return hash('sha256', canonicalJson(body), 'hex');
}

/** What the API answers a step with: the move, of the declaration as the move left it. */
export interface Step {
  readonly declaration: Declaration;
  readonly move: Move;
  /** True when the same request had been answered before. */
  readonly replayed: boolean;
}

const MAX_TRIES = 20;

/** What a step decides: the move it makes and what else it changes in the record. */
export interface Decided {
  readonly move: Omit<Move, 'no' | 'number' | 'type' | 'occurredAt' | 'recordedAt' | 'by'> & {
    readonly occurredAt?: Instant;
  };
  readonly changes?: Parameters<typeof moved>[2];
}

export interface StepParts {
  readonly store: DeclarationStore;
  readonly register: RegisterService;
  readonly verification: VerificationRequests;
  readonly clock: Clock;
  /** Told when something that follows from a decision couldn't be done at once; the relay does it later. */
  readonly deferred: (error: unknown) => void;
  /**
   * Waits for work that was begun, for as long as whoever caused it should wait; what is left then goes on by itself.
   * Without it, to the end.
   */
  readonly attend?: (work: Promise<void>) => Promise<void>;
}

/** How a declaration goes from one state to the next. */
export function createSteps({ store, register, verification, clock, deferred, attend }: StepParts) {
  /** One step of one declaration, decided by one write with the expected version. */
  async function step(
    actor: Actor | null,
    id: string,
    type: Transition,
    request: RequestIdentity | null,
    decide: (declaration: Declaration) => Decided | Promise<Decided>,
  ): Promise<Step> {
    let tried: Move | null = null;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const found = actor === null ? await store.find(id) : await visible(actor, id);
      if (found === null) throw notFound();
      const repeated = repeatedMove(found, type, actor, request);
      if (repeated !== null) return { declaration: found, move: repeated, replayed: true };
      if (tried !== null && isSameMove(found.moves[tried.no - 1], tried)) {
        await follow(found).catch(deferred);
        return { declaration: found, move: tried, replayed: false };
      }
      const declaration = await follow(found);
      // Others may have finished it meanwhile, and then have done this very request.
      const overtaken = declaration === found ? null : repeatedMove(declaration, type, actor, request);
      if (overtaken !== null) return { declaration, move: overtaken, replayed: true };
      if (!mayMove(declaration.state, type)) throw illegal(declaration, type);
      const { move, changes } = await decide(declaration);
      const now = clock.now();
      refuseFuture(move.occurredAt ?? now, now);
      const identity = request?.key === undefined ? {} : { key: request.key, bodyHash: request.bodyHash };
      const next = moved(
        declaration,
        { occurredAt: now, ...move, ...identity, type, recordedAt: now, by: actor },
        changes,
      );
      const last = next.moves.at(-1);
      if (last === undefined) throw new Error('a moved declaration has a move');
      if (await store.replace(declaration, next)) {
        await followed(next);
        return { declaration: next, move: last, replayed: false };
      }
      // Somebody else was first, or an engine repeated the write by itself and lost to its own first try.
      tried = last;
    }
    throw new Failure('unavailable', 'busy', 'Too many others are changing this declaration.', {
      retryAfterSeconds: 1,
    });
  }

  /**
   * Does what still has to follow from the declaration's moves, and says so in the record.
   * Everything in it may be done again and by several at once. Answers the record as it is afterwards.
   */
  async function follow(declaration: Declaration): Promise<Declaration> {
    let current = declaration;
    for (let tries = 0; current.pending.length > 0; tries += 1) {
      if (tries === MAX_TRIES)
        throw new Failure('unavailable', 'busy', 'Too many others are changing this declaration.');
      for (const no of current.pending) {
        const move = current.moves[no - 1];
        if (move === undefined) throw new Error(`declaration ${current.id} has no move ${no}`);
        const { items, drafts } = consequencesOf(current, move);
        await register.record(items, drafts);
      }
      const next = settled(current, clock.now());
      if (await store.replace(current, next)) {
        if (next.state === 'filed') await requested(next);
        return next;
      }
      const stored = await store.find(current.id);
      if (stored === null) throw new Error(`declaration ${current.id} is gone`);
      current = stored;
    }
    return current;
  }

  /**
   * Does what follows from a decision that stands. Its caller waits for it, but not for long: thousands of items can
   * take seconds, and what fails or is cut off is made good by the relay.
   */
  function followed(decided: Declaration): Promise<void> {
    const work = follow(decided).then(() => undefined, deferred);
    return attend === undefined ? work : attend(work);
  }

  /** Asks for a check. When the queue is away the declaration stays due, and the relay asks again. */
  async function requested(declaration: Declaration): Promise<void> {
    try {
      await verification.request(declaration.id, declaration.verification.attempt);
    } catch (error) {
      deferred(error);
    }
  }

  async function visible(actor: Actor, id: string): Promise<Declaration | null> {
    const found = await store.find(id);
    return found !== null && actor.role === 'exporter' && found.org !== actor.org ? null : found;
  }

  return { step, follow, followed, visible };
}

function repeatedMove(
  declaration: Declaration,
  type: Transition,
  actor: Actor | null,
  request: RequestIdentity | null,
): Move | null {
  if (request?.key === undefined || actor === null) return null;
  const same = declaration.moves.find((move) => move.key === request.key && move.by?.org === actor.org);
  if (same === undefined) return null;
  if (same.type !== type || same.bodyHash !== request.bodyHash) throw mismatch();
  return same;
}

/** True for the very move, as it was stored. */
export function isSameMove(stored: Move | undefined, move: Move): boolean {
  return stored !== undefined && canonicalJson(stored) === canonicalJson(move);
}

export function mismatch(): Failure {
  return new Failure(
    'conflict',
    'idempotency-mismatch',
    'This Idempotency-Key was used for another request.',
  );
}

export function notFound(): Failure {
  return new Failure('not-found', 'not-found', 'There is no such declaration.');
}

function illegal(declaration: Declaration, type: Transition): Failure {
  return new Failure('conflict', 'illegal-transition', obstacle(declaration.state, type));
}
