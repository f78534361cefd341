/**
 * A failure that callers are meant to see, in words of the domain.
 * Anything else that is thrown is a bug. One table in platform/http turns kinds into status codes.
 */
export type FailureKind =
  | 'invalid' // the request is malformed or breaks a rule; `faults` name the fields
  | 'malformed' // the body cannot be read at all: broken JSON, broken UTF-8
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'conflict'
  | 'too-large'
  | 'too-slow' // the client takes too long to send what it announced
  | 'unsupported-media'
  | 'not-acceptable'
  | 'too-many'
  | 'unavailable'
  | 'storage-full';

/** One thing wrong with one field. `field` is a path such as `items[3].serial`. */
export interface Fault {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

export interface FailureDetails {
  readonly faults?: readonly Fault[];
  readonly cause?: unknown;
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds?: number;
}

/** The same in each copy. */
const MARK: unique symbol = Symbol.for('pill-press-registry.failure');

export class Failure extends Error {
  /**
   * A failure is one by its mark, not by its class: what is loaded late can bring a second copy of this module along,
   * as it does where both `require` and `import` load modules.
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && MARK in value;
  }

  readonly [MARK] = true;
  readonly kind: FailureKind;
  /** Stable, kebab-case; part of the public contract. */
  readonly code: string;
  readonly faults: readonly Fault[];
  readonly retryAfterSeconds: number | undefined;

  /** @param message one sentence for people; never holds a secret or another organisation's facts. */
  constructor(kind: FailureKind, code: string, message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'Failure';
    this.kind = kind;
    this.code = code;
    this.faults = details.faults ?? [];
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** True when `error` is a Failure, and of that code where one is given. */
export function isFailure(error: unknown, code?: string): error is Failure {
  return error instanceof Failure && (code === undefined || error.code === code);
}
