import type { DeclarationState, MoveType } from './declaration.ts';

/** A move of a declaration that has been filed. */
export type Transition = Exclude<MoveType, 'filed'>;

const LEGAL: Record<Transition, readonly DeclarationState[]> = {
  amended: ['filed', 'needs-review', 'verified'],
  withdrawn: ['filed', 'needs-review', 'verified'],
  checked: ['filed'],
  reviewed: ['needs-review'],
  exited: ['verified'],
  arrived: ['exited'],
  'not-shipped': ['exited'],
  expired: ['verified'],
};

/** True when a declaration in `state` may take that step. */
export function mayMove(state: DeclarationState, move: Transition): boolean {
  return LEGAL[move].includes(state);
}

/** What stands in the way of a move, by the state that a declaration is in. */
const OBSTACLES: Record<DeclarationState, string> = {
  filed: 'It has not been verified yet.',
  'needs-review': 'It waits for the decision of a regulator.',
  verified: 'It has been verified already.',
  refused: 'It was refused.',
  exited: 'Its goods have left already.',
  arrived: 'Its goods have left and arrived already.',
  'not-shipped': 'Its goods were recorded as not shipped.',
  withdrawn: 'It was withdrawn.',
  expired: 'Its number expired before it was used.',
};

const NOT_LEFT = 'Its goods have not left yet.';
const BEFORE_EXIT = { filed: NOT_LEFT, 'needs-review': NOT_LEFT, verified: NOT_LEFT };
/** Where a move needs other words than the state alone. */
const OBSTACLES_TO: Partial<Record<Transition, Partial<Record<DeclarationState, string>>>> = {
  arrived: BEFORE_EXIT,
  'not-shipped': BEFORE_EXIT,
  reviewed: { filed: 'It is still being checked.' },
};

/** Why a declaration in `state` may not take that step: one sentence for people. */
export function obstacle(state: DeclarationState, move: Transition): string {
  return OBSTACLES_TO[move]?.[state] ?? OBSTACLES[state];
}
