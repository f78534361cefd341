import type { Actor, Role } from '../../kernel/actor.ts';
import { Failure } from '../../kernel/failure.ts';

/**
 * Who may do what. An action that is not here, and a role that is not named, is denied.
 * Some actions are narrower than the role: an exporter's `declaration.*`, `refused-filing.read`, `import.read`,
 * `item.read` and `export.read` reach its own organisation's records only; the services check that.
 */
export const POLICY = {
  'declaration.file': ['exporter'],
  'declaration.read': ['exporter', 'customs', 'regulator'],
  'declaration.amend': ['exporter'],
  'declaration.withdraw': ['exporter'],
  'declaration.exit': ['customs'],
  'declaration.arrive': ['customs'],
  'declaration.decide': ['regulator'],
  'declaration.certificate': ['exporter', 'customs', 'regulator'],
  'refused-filing.read': ['exporter', 'regulator'],
  'import.file': ['exporter'],
  'import.read': ['exporter', 'regulator'],
  'item.read': ['exporter', 'customs', 'regulator'],
  'item.record-event': ['customs', 'regulator'],
  'export.read': ['exporter', 'regulator'],
  'lookup.one': ['customs', 'regulator'],
  'lookup.many': ['customs', 'regulator'],
  'lookup-log.read': ['regulator'],
  'audit.read': ['regulator'],
  'audit-run.start': ['regulator'],
  'audit-run.read': ['regulator'],
  'review.list': ['regulator'],
  'watchlist.read': ['regulator'],
  'watchlist.add': ['regulator'],
  'alert.read': ['regulator'],
  'catalogue.read': ['exporter', 'customs', 'regulator', 'operator'],
  'metrics.read': ['operator'],
  'queue.operate': ['operator'],
} as const satisfies Record<string, readonly Role[]>;

export type Action = keyof typeof POLICY;

/** What changes no record. Look-ups are logged all the same. An action that is not here counts as one that does. */
const READING: ReadonlySet<string> = new Set<Action>([
  'declaration.read',
  'declaration.certificate',
  'refused-filing.read',
  'import.read',
  'item.read',
  'export.read',
  'lookup.one',
  'lookup.many',
  'lookup-log.read',
  'audit.read',
  'audit-run.read',
  'review.list',
  'watchlist.read',
  'alert.read',
  'catalogue.read',
  'metrics.read',
]);
const TRY_AGAIN_AFTER_SECONDS = 60;

/** True when `text` is an action of the policy table. */
export function isAction(text: string): text is Action {
  return Object.hasOwn(POLICY, text);
}

/** True when the table grants `action` to `role`; false for anything the table does not hold. */
export function isAllowed(role: Role, action: Action): boolean {
  if (!isAction(action)) return false;
  const granted: readonly Role[] = POLICY[action];
  return granted.includes(role);
}

/** @throws Failure `forbidden` when the actor's role is not granted `action`. */
export function permit(actor: Actor, action: Action): void {
  if (isAllowed(actor.role, action)) return;
  throw new Failure('forbidden', 'forbidden', `The role ${actor.role} is not allowed to do this.`);
}

/** For a registry that only answers. @throws Failure `read-only` unless `action` is known to change no record. */
export function permitReading(action: Action): void {
  if (READING.has(action)) return;
  const message = 'The registry only answers at the moment, because it is being moved; nothing was stored.';
  throw new Failure('unavailable', 'read-only', message, { retryAfterSeconds: TRY_AGAIN_AFTER_SECONDS });
}
