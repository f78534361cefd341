import type { Actor } from '../../kernel/actor.ts';
import type { Instant } from '../../kernel/clock.ts';
import { shifted } from '../../kernel/clock.ts';
import type { Finding } from './finding.ts';

export const DECLARATION_STATES = [
  'filed',
  'verified',
  'needs-review',
  'refused',
  'exited',
  'arrived',
  'not-shipped',
  'withdrawn',
  'expired',
] as const;
export type DeclarationState = (typeof DECLARATION_STATES)[number];

/** A party to the trade. `country` is ISO 3166-1 alpha-2. */
export interface Party {
  readonly name: string;
  readonly country: string;
  readonly address?: string;
  readonly id?: string;
  readonly phone?: string;
  readonly email?: string;
}

export interface Licence {
  readonly number: string;
  /** ISO 8601 date. */
  readonly validUntil?: string;
  readonly issuedBy?: string;
}

/** One declared machine or part, as the exporter sent it. */
export interface LineInput {
  readonly kind: string;
  readonly maker: string;
  readonly model?: string;
  readonly serial?: string;
  /** Serial of the press it belongs to. */
  readonly partOf?: string;
  readonly condition?: string;
  readonly hs?: string;
  readonly stations?: number;
  readonly capacityPerHour?: number;
  readonly automation?: string;
  readonly marking?: { readonly method: string; readonly position: string };
  readonly year?: number;
  readonly value?: { readonly amount: number; readonly currency: string };
  readonly description?: string;
}

/** A line with what the registry worked out when it was filed. */
export interface Line extends LineInput {
  /** 1-based, fixed for good: an amendment that drops a line leaves a gap. */
  readonly line: number;
  readonly itemId: string;
  readonly makerKey: string;
  /** As marked, or the mark the registry issued. */
  readonly serial: string;
  /** True when the serial is a mark of the registry, issued for this line or given as one issued before. */
  readonly assignedMark: boolean;
  /** The press that `partOf` was found to name. */
  readonly pressId?: string;
}

/** What is declared, apart from the lines. */
export interface Consignment {
  readonly regime?: string;
  readonly destination: string;
  readonly consignee: Party;
  readonly endUser: Party;
  readonly endUse: string;
  readonly portOfExit: string;
  readonly portOfEntry?: string;
  readonly transport: string;
  readonly plannedExit: string;
  readonly licence?: Licence | string;
  readonly broker?: Party;
}

export interface DeclarationInput extends Consignment {
  readonly reference: string;
  readonly items: readonly LineInput[];
}

/** Any of a declaration's content but its reference, given anew. */
export type AmendmentInput = Partial<Omit<DeclarationInput, 'reference'>> & { readonly reason: string };

/** What is remembered of a line that is gone. */
export type LineName = Pick<Line, 'line' | 'itemId'>;

/** A line as the answer to its filing shows it. */
export type FiledLine = Pick<Line, 'itemId' | 'line' | 'kind' | 'maker' | 'serial'>;

export interface Content {
  readonly consignment: Consignment;
  readonly lines: readonly Line[];
  /** The lines of the answer to the filing, kept from the first amendment on so that it can be given again. */
  readonly asFiled?: readonly FiledLine[];
}

export type MoveType =
  | 'filed'
  | 'amended'
  | 'withdrawn'
  | 'checked'
  | 'reviewed'
  | 'exited'
  | 'arrived'
  | 'not-shipped'
  | 'expired';

/** One step in the life of a declaration. What follows from it is worked out from it alone. */
export interface Move {
  /** 1-based position among the declaration's moves. */
  readonly no: number;
  readonly type: MoveType;
  readonly state: DeclarationState;
  /** When it happened and when the registry learned it. */
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
  /** Null when the registry itself decided. */
  readonly by: Actor | null;
  readonly reason?: string;
  /** UN/LOCODE. */
  readonly place?: string;
  /** The number that the declaration has from this move on; of an amendment, the one that it took back. */
  readonly number?: string;
  /** Lines that an amendment dropped and added; it touched all others. */
  readonly dropped?: readonly LineName[];
  readonly added?: readonly number[];
  /** Lines, there before, that an amendment fitted to another press or to none. */
  readonly refitted?: readonly number[];
  /** The request's Idempotency-Key and the hash of its body, so that sending it again is known. */
  readonly key?: string;
  readonly bodyHash?: string;
}

export interface Verification {
  /** Counts the times checking was begun; only the latest may bring in its result. */
  readonly attempt: number;
  readonly findings: readonly Finding[];
  readonly ruleSet?: string;
  readonly checkedAt?: Instant;
}

/** The deciding record. Every change to it is one atomic write with the expected version. */
export interface Declaration {
  readonly id: string;
  readonly org: string;
  readonly country: string;
  readonly reference: string;
  readonly version: number;
  readonly state: DeclarationState;
  readonly filedAt: Instant;
  readonly idempotencyKey?: string;
  readonly bodyHash: string;
  readonly content: Content;
  readonly moves: readonly Move[];
  /** Given when verified, taken back when amended; valid only in the states `verified`, `exited`, `arrived`. */
  readonly number?: string;
  readonly expiresAt?: Instant;
  readonly verification: Verification;
  /** Numbers of the moves whose item events have not all been recorded yet. */
  readonly pending: readonly number[];
  /** When the relay should look at it again; null when nothing is outstanding. */
  readonly dueAt: Instant | null;
}

/** The most items of one declaration. */
export const MAX_ITEMS = 2_000;

/** A request is given this long to do what follows from its write before the relay steps in. */
export const RELAY_AFTER_MS = 10_000;
/** How long the relay waits for a requested check to show its effect before it asks again. */
export const CHECK_AGAIN_AFTER_MS = 15_000;

/**
 * A declaration one move further: version up, the move's events pending. An amendment takes the number back: what is on
 * the certificate is no longer what is declared.
 * What an earlier move left pending must have been done before, because events are worked out from the record as it is.
 */
export function moved(
  declaration: Declaration,
  move: Omit<Move, 'no' | 'number'>,
  changes: Partial<Pick<Declaration, 'content' | 'number' | 'expiresAt' | 'verification'>> = {},
): Declaration {
  if (declaration.pending.length > 0) throw new Error(`declaration ${declaration.id} has unrecorded moves`);
  const no = declaration.moves.length + 1;
  const { number, expiresAt, ...rest } = { ...declaration, ...changes };
  const made: Move = { ...move, no, ...(number === undefined ? {} : { number }) };
  const keepsNumber = move.type !== 'amended';
  return {
    ...rest,
    ...(keepsNumber && number !== undefined ? { number } : {}),
    ...(keepsNumber && expiresAt !== undefined ? { expiresAt } : {}),
    dueAt: shifted(move.recordedAt, RELAY_AFTER_MS),
    version: declaration.version + 1,
    state: move.state,
    moves: [...declaration.moves, made],
    pending: [no],
  };
}

/** The declaration once everything that follows from its moves is done. */
export function settled(declaration: Declaration, now: Instant): Declaration {
  const { state, expiresAt } = declaration;
  const dueAt =
    state === 'filed'
      ? shifted(now, CHECK_AGAIN_AFTER_MS)
      : state === 'verified'
        ? (expiresAt ?? null)
        : null;
  return { ...declaration, version: declaration.version + 1, pending: [], dueAt };
}

/** How many items of each kind the lines hold. */
export function countByKind(lines: readonly LineInput[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of lines) counts[line.kind] = (counts[line.kind] ?? 0) + 1;
  return counts;
}
