import type { Declaration, DeclarationState, Move } from '../../../../src/modules/declarations/index.ts';
import { mayMove } from '../../../../src/modules/declarations/transition.ts';
import type { Evidence } from './evidence.ts';
import { doubles } from './evidence.ts';

/** Where each move may lead. */
const LEADS_TO: Record<Move['type'], readonly DeclarationState[]> = {
  filed: ['filed'],
  amended: ['filed'],
  withdrawn: ['withdrawn'],
  checked: ['verified', 'needs-review', 'refused'],
  reviewed: ['verified', 'refused'],
  exited: ['exited'],
  arrived: ['arrived'],
  'not-shipped': ['not-shipped'],
  expired: ['expired'],
};

/** Every declaration went a legal way, nothing of it is left to do, and no number was given or used twice. */
export function declarationsBroken({ declarations, witness }: Evidence): string[] {
  const broken: string[] = [];
  for (const declaration of declarations.values()) {
    const wrong = [
      ...path(declaration),
      ...leftUndone(declaration),
      ...rewritten(
        declaration,
        witness.versions.get(declaration.id)?.map((version) => version.declaration) ?? [],
      ),
    ];
    broken.push(...wrong.map((what) => `${declaration.id}: ${what}`));
  }
  const all = [...declarations.values()];
  const held = doubles(all.flatMap(({ number }) => number ?? []));
  broken.push(...held.map((number) => `the number ${number} is held by two declarations`));
  const used = all.flatMap(({ moves }) =>
    moves.flatMap((move) => (move.type === 'exited' ? String(move.number) : [])),
  );
  broken.push(...doubles(used).map((number) => `the number ${number} was used for two exits`));
  return broken;
}

function path({ moves, state, number, expiresAt }: Declaration): string[] {
  const wrong: string[] = [];
  let before: DeclarationState | null = null;
  moves.forEach((move, index) => {
    const { type } = move;
    const isLegal = before === null ? type === 'filed' : type !== 'filed' && mayMove(before, type);
    if (!isLegal) wrong.push(`move ${move.no} ${type} after ${String(before)}`);
    if (move.no !== index + 1) wrong.push(`move ${move.no} in place ${index + 1}`);
    if (!LEADS_TO[type].includes(move.state)) wrong.push(`move ${move.no} ${type} leads to ${move.state}`);
    before = move.state;
  });
  if (before !== state) wrong.push(`is ${state} after a move to ${String(before)}`);
  const keys = moves.flatMap(({ key, by }) => (key === undefined ? [] : `${by?.org} ${key}`));
  wrong.push(...doubles(keys).map((key) => `two moves for the request ${key}`));
  const isNumbered = ['verified', 'exited', 'arrived', 'not-shipped', 'expired'].includes(state);
  const shouldHave = isNumbered || (number !== undefined && state === 'withdrawn');
  if ((number !== undefined) !== shouldHave) wrong.push(`${state} with the number ${String(number)}`);
  if (state === 'verified' && expiresAt === undefined) wrong.push('is verified for ever');
  return wrong;
}

function leftUndone({ state, pending, dueAt, expiresAt }: Declaration): string[] {
  const wrong: string[] = [];
  if (state === 'filed') wrong.push('was never checked');
  if (pending.length > 0) wrong.push(`moves ${pending.join(', ')} were never recorded`);
  if (dueAt !== (state === 'verified' ? expiresAt : null))
    wrong.push(`is due at ${String(dueAt)} though ${state}`);
  return wrong;
}

/** Nothing that took effect is gone, or other than it was; and only the latest attempt to check decided. */
function rewritten(declaration: Declaration, versions: readonly Declaration[]): string[] {
  const wrong: string[] = [];
  versions.forEach((version, index) => {
    const before = versions[index - 1];
    const moves = JSON.stringify(declaration.moves.slice(0, version.moves.length));
    if (moves !== JSON.stringify(version.moves)) wrong.push(`version ${version.version} had other moves`);
    if (before === undefined) return;
    if (version.version !== before.version + 1)
      wrong.push(`version ${version.version} came after ${before.version}`);
    const isChecked = version.moves.length > before.moves.length && version.moves.at(-1)?.type === 'checked';
    if (isChecked && version.verification.attempt !== before.verification.attempt)
      wrong.push(
        `attempt ${version.verification.attempt} decided after ${before.verification.attempt} began`,
      );
  });
  const last = versions.at(-1);
  if (last === undefined || text(last) !== text(declaration)) wrong.push('is not as it was last written');
  return wrong;
}

/** A record as it is kept, apart from what changes without a new version. */
function text({ dueAt: _dueAt, ...declaration }: Declaration): string {
  return JSON.stringify(declaration);
}
