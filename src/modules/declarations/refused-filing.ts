import type { Actor } from '../../kernel/actor.ts';
import type { Clock } from '../../kernel/clock.ts';
import { derivedId } from '../../kernel/derived-id.ts';
import type { Failure } from '../../kernel/failure.ts';
import type { Random } from '../../kernel/random.ts';
import type { RefusedFiling } from './declaration.ports.ts';

const MAX_BODY_CHARACTERS = 65_536;
const MAX_REFERENCE_CHARACTERS = 200;

/** The record of a filing that was turned away. */
export function refusedFiling(
  actor: Actor,
  body: unknown,
  failure: Failure,
  { clock, random }: { clock: Clock; random: Random },
): RefusedFiling {
  const reference = typeof body === 'object' && body !== null && 'reference' in body ? body.reference : null;
  const at = clock.now();
  return {
    id: derivedId('rfl', actor.org, at, random.nonce()),
    org: actor.org,
    sub: actor.sub,
    at,
    reference: typeof reference === 'string' ? cut(reference, MAX_REFERENCE_CHARACTERS) : null,
    code: failure.code,
    faults: failure.faults,
    body: cut(JSON.stringify(body) ?? '', MAX_BODY_CHARACTERS),
  };
}

/** At most `most` characters, none of them half of a surrogate pair: not every store keeps such a half. */
function cut(text: string, most: number): string {
  return text.slice(0, most).replace(/[\ud800-\udbff]$/, '');
}
