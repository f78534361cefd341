import type { Actor } from '../../kernel/actor.ts';
import { shifted } from '../../kernel/clock.ts';
import { derivedId } from '../../kernel/derived-id.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Catalogue } from '../catalogue/index.ts';
import { amendedLines, refittedLines } from './amendment.ts';
import { decisionEventIds } from './declaration-events.ts';
import type { DeclarationQuery, DeclarationSummary } from './declaration.ports.ts';
import type { AmendmentInput, Declaration, DeclarationInput, Move } from './declaration.ts';
import { RELAY_AFTER_MS } from './declaration.ts';
import {
  consignmentFaults,
  consignmentOf,
  itemFaults,
  refuse,
  regimeOf,
  ruleFaults,
  toLine,
  withPresses,
} from './filing.ts';
import type { Occasion } from './occasion.ts';
import { refuseBeforeFiling } from './occasion.ts';
import { parsedNumber } from './registry-numbers.ts';
import type { RequestIdentity, Step, StepParts } from './step.service.ts';
import { createSteps, isSameMove, mismatch, notFound } from './step.service.ts';

/** How many presses of one serial are looked at to find the one that `partOf` names. */
const MAX_PRESSES = 50;
const MAX_HELD_NAMED = 100;
/** A declaration's moves are part of its record, so there is an end to amending it. */
const MAX_MOVES = 200;

export type DeclarationService = ReturnType<typeof createDeclarationService>;

/** The verbs of declarations: each is decided by one write; what follows is done at once and, failing that, by the relay. */
export function createDeclarationService(parts: StepParts & { readonly catalogue: Catalogue }) {
  const { store, register, catalogue, clock } = parts;
  const { step, follow, followed, visible } = createSteps(parts);
  const findPresses = (serialKey: string) => register.store.bySerialKey(serialKey, MAX_PRESSES);

  /**
   * Files a declaration: all of its items or none.
   * @throws Failure `declaration-invalid`, `idempotency-mismatch`, `reference-taken`
   */
  async function file(actor: Actor, input: DeclarationInput, request: RequestIdentity): Promise<Step> {
    const regime = regimeOf(catalogue, input.regime, actor.country);
    const faults = faultsOf(actor, input);
    if (faults.length > 0) {
      // What the rules of today refuse may have been filed under those of another day.
      const before = request.key === undefined ? null : await store.findByKey(actor.org, request.key);
      if (before !== null) return replayed(before, request);
      refuse(faults);
    }
    const id = idOf(actor, input.reference);
    const numbered = input.items.map((item, index) => toLine(catalogue, id, item, index + 1));
    const lines = await withPresses(catalogue, numbered, findPresses);
    const now = clock.now();
    const move: Move = { no: 1, type: 'filed', state: 'filed', occurredAt: now, recordedAt: now, by: actor };
    const filed: Declaration = {
      id,
      org: actor.org,
      country: actor.country,
      reference: input.reference,
      version: 1,
      state: 'filed',
      filedAt: now,
      ...(request.key === undefined ? {} : { idempotencyKey: request.key }),
      bodyHash: request.bodyHash,
      content: { consignment: consignmentOf(input, regime), lines },
      moves: [move],
      verification: { attempt: 0, findings: [] },
      pending: [1],
      dueAt: shifted(now, RELAY_AFTER_MS),
    };
    const inserted = await store.insert(filed);
    // From here on the filing stands: whatever stops the rest is made good by the relay.
    if (inserted.outcome === 'inserted' || isSameFiling(inserted.holder, filed)) {
      await followed(filed);
      return { declaration: filed, move, replayed: false };
    }
    const holder = inserted.holder;
    if (request.key !== undefined && holder.idempotencyKey === request.key) return replayed(holder, request);
    throw new Failure(
      'conflict',
      'reference-taken',
      'Your organisation has filed another declaration under this reference.',
    );
  }

  /** What the rules have against filing this; nothing is filed. */
  const faultsOf = (actor: Actor, input: DeclarationInput) => ruleFaults(catalogue, input, actor.country);

  /** The declaration that the actor's organisation has filed under this reference. */
  function filed(actor: Actor, reference: string): Promise<Declaration | null> {
    return store.find(idOf(actor, reference));
  }

  /**
   * Gives parts of a declaration anew; it is then checked again, and a number that it had is no longer good.
   * @throws Failure `not-found`, `illegal-transition`, `declaration-invalid`, `idempotency-mismatch`
   */
  async function amend(
    actor: Actor,
    id: string,
    input: AmendmentInput,
    request: RequestIdentity,
  ): Promise<Step> {
    const { reason, items, ...changes } = input;
    return step(actor, id, 'amended', request, async (declaration) => {
      if (declaration.moves.length >= MAX_MOVES) throw tooManyMoves();
      const consignment = { ...declaration.content.consignment, ...changes };
      const amended = items === undefined ? null : amendedLines(catalogue, declaration, items);
      const { lines: linesBefore } = declaration.content;
      const keepMark = amended?.keepMark ?? new Set(linesBefore.filter((line) => line.assignedMark));
      // A mark that was issued under one regime doesn't satisfy another.
      const excepted = consignment.regime === declaration.content.consignment.regime ? keepMark : undefined;
      refuse([
        ...consignmentFaults(catalogue, consignment),
        ...itemFaults(catalogue, items ?? linesBefore, consignment.regime, excepted),
      ]);
      const lines = await withPresses(catalogue, amended?.lines ?? linesBefore, findPresses);
      const asFiled =
        declaration.content.asFiled ??
        linesBefore.map(({ itemId, line, kind, maker, serial }) => ({
          itemId,
          line,
          kind,
          maker,
          serial,
        }));
      const { attempt } = declaration.verification;
      return {
        move: {
          state: 'filed',
          reason,
          ...(amended === null ? {} : { added: amended.added, dropped: amended.dropped }),
          refitted: refittedLines(linesBefore, lines),
        },
        changes: {
          content: { consignment, lines, asFiled },
          verification: { attempt: attempt + 1, findings: [] },
        },
      };
    });
  }

  /** Takes a declaration back before its goods leave. @throws Failure `not-found`, `illegal-transition` */
  function withdraw(actor: Actor, id: string, reason: string, request: RequestIdentity): Promise<Step> {
    return step(actor, id, 'withdrawn', request, () => ({ move: { state: 'withdrawn', reason } }));
  }

  /**
   * Records that the goods left: consumes the number, once.
   * @throws Failure `not-found`, `illegal-transition`, `before-filing`, `number-mismatch`, `number-expired`
   */
  function exit(
    actor: Actor,
    id: string,
    occasion: Occasion & { number?: string },
    request: RequestIdentity,
  ): Promise<Step> {
    const { number, ...rest } = occasion;
    return step(actor, id, 'exited', request, async (declaration) => {
      refuseBeforeFiling(declaration, rest);
      if (number !== undefined && parsedNumber(number) !== declaration.number) throw wrongNumber(number);
      if ((declaration.expiresAt ?? '9999') <= clock.now()) {
        throw new Failure('conflict', 'number-expired', `The number expired on ${declaration.expiresAt}.`);
      }
      await refuseHeld(declaration);
      return { move: { state: 'exited', ...rest } };
    });
  }

  /** Nothing leaves that was lost, stolen, seized or destroyed, or that left since its declaration was decided on. */
  async function refuseHeld(declaration: Declaration): Promise<void> {
    const held = await register.held(decisionEventIds(declaration));
    if (held.length === 0) return;
    const faults = held.slice(0, MAX_HELD_NAMED).map(({ item, head }) => {
      const line = declaration.content.lines.findIndex(({ itemId }) => itemId === item.itemId);
      const message = `${item.serial} is recorded as ${head.status}.`;
      return { field: `items[${line}]`, code: head.status, message };
    });
    const message = `${held.length === 1 ? 'An item' : `${held.length} items`} may not leave; nothing was recorded.`;
    throw new Failure('conflict', 'items-held', message, { faults });
  }

  /** Records what became of goods that left. @throws Failure `not-found`, `illegal-transition`, `before-filing` */
  function arrive(
    actor: Actor,
    id: string,
    outcome: 'arrived' | 'not-shipped',
    occasion: Occasion,
    request: RequestIdentity,
  ): Promise<Step> {
    return step(actor, id, outcome, request, (declaration) => {
      refuseBeforeFiling(declaration, occasion);
      return { move: { state: outcome, ...occasion } };
    });
  }

  /** @throws Failure `not-found`, also when it belongs to another organisation than the asking exporter's */
  async function get(actor: Actor, id: string): Promise<Declaration> {
    const found = await visible(actor, id);
    if (found === null) throw notFound();
    return found;
  }

  /** A page of declarations; an exporter's own only. */
  function list(actor: Actor, query: Omit<DeclarationQuery, 'org'>): Promise<DeclarationSummary[]> {
    return store.list(actor.role === 'exporter' ? { ...query, org: actor.org } : query);
  }

  return { file, faultsOf, filed, amend, withdraw, exit, arrive, step, follow, get, list, store };
}

const idOf = ({ org }: Actor, reference: string): string => derivedId('dcl', org, reference);

/** True when an engine repeated a write by itself and found its own first try. By its key a filing is known anyway. */
function isSameFiling(holder: Declaration, { id, bodyHash, idempotencyKey, moves }: Declaration): boolean {
  const isKeyless = idempotencyKey === undefined && holder.idempotencyKey === undefined;
  const isAlike = holder.id === id && holder.bodyHash === bodyHash;
  return isKeyless && isAlike && moves.every((move) => isSameMove(holder.moves[move.no - 1], move));
}

/** The answer to a filing that was taken before. @throws Failure `idempotency-mismatch` when it was another one */
function replayed(holder: Declaration, request: RequestIdentity): Step {
  if (holder.bodyHash !== request.bodyHash) throw mismatch();
  return { declaration: holder, move: firstMove(holder), replayed: true };
}

function firstMove(declaration: Declaration): Move {
  const move = declaration.moves[0];
  if (move === undefined) throw new Error(`declaration ${declaration.id} has no moves`);
  return move;
}

function wrongNumber(number: string): Failure {
  const message =
    parsedNumber(number) === null
      ? 'is no number: its form or check character is wrong'
      : "is not this declaration's number";
  return new Failure('invalid', 'number-mismatch', 'The number does not fit this declaration.', {
    faults: [{ field: 'number', code: 'number-mismatch', message }],
  });
}

function tooManyMoves(): Failure {
  const message = 'It was amended too often; withdraw it and file another one.';
  return new Failure('conflict', 'too-many-amendments', message);
}
