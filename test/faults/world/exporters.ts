import { hash } from 'node:crypto';
import type { Actor } from '../../../src/kernel/actor.ts';
import { canonicalJson } from '../../../src/kernel/canonical-json.ts';
import { isFailure } from '../../../src/kernel/failure.ts';
import { filedView, stepView } from '../../../src/modules/declarations/declaration-view.ts';
import type {
  AmendmentInput,
  DeclarationInput,
  LineInput,
} from '../../../src/modules/declarations/declaration.ts';
import type { RequestIdentity, Step } from '../../../src/modules/declarations/index.ts';
import { refusedFiling } from '../../../src/modules/declarations/index.ts';
import type { Transition } from '../../../src/modules/declarations/transition.ts';
import { filing } from '../../support/declarations.ts';
import type { Intent } from './ledger.ts';
import type { Machine } from './machine.ts';
import type { People } from './people.ts';

/** Few serials for many filings, so that they meet. Two are easily misread as one another. */
export const SERIALS = ['NT-A0B8-D', 'NT-AOB8-D', 'NT-3377-D', 'NT-4488-D'] as const;
const PRESS: LineInput = { kind: 'press', maker: 'PTK', serial: 'ZP33-2025-00417' };

export function identity(key: string | undefined, body: unknown): RequestIdentity {
  const bodyHash = hash('sha256', canonicalJson(body), 'hex');
  return { bodyHash, ...(key === undefined ? {} : { key }) };
}

/** What the API answers a step with. */
function stepAnswer({ declaration, move }: Step): string {
  return JSON.stringify(stepView(declaration, move));
}

export function stepIntent(
  about: { actor: Actor; key: string | undefined; declarationId: string; type: Transition },
  work: (machine: Machine) => Promise<Step>,
): Intent {
  const { actor, key, declarationId, type } = about;
  return {
    what: `${type} ${key ?? 'without key'} by ${actor.org}`,
    actor,
    key,
    about: { kind: 'step', declarationId, type },
    send: async (machine) => stepAnswer(await work(machine)),
  };
}

/** A clerk of an exporter: files, and then amends or withdraws what was filed, or leaves it at that. */
export async function exporter(people: People, actor: Actor, clerk: string, filings: number): Promise<void> {
  const { chance, pause } = people;
  for (let no = 1; no <= filings; no += 1) {
    await pause();
    const key = chance.happens(0.95) ? `${clerk}-${no}` : undefined;
    const input = filing({ reference: `INV-${chance.int(5)}`, items: someItems(people) });
    const intent = filingIntent(actor, key, input);
    // Somebody clicks twice: the same request is under way two times.
    if (key !== undefined && chance.happens(0.25)) people.begin(intent.what, () => people.persist(intent));
    // Somebody uses a key for something else.
    if (key !== undefined && chance.happens(0.05)) {
      const other = filingIntent(actor, key, { ...input, transport: 'air' });
      people.begin(other.what, () => people.persist(other));
    }
    const answer = await people.persist(intent);
    if (answer === null) continue;
    const { id } = JSON.parse(answer) as { id: string };
    if (chance.happens(0.6))
      people.begin('amendments', () => amendments(people, actor, id, `${clerk}-${no}`));
    if (chance.happens(0.2))
      people.begin('withdrawal', () => withdrawal(people, actor, id, `${clerk}-${no}`));
  }
}

async function amendments(people: People, actor: Actor, id: string, name: string): Promise<void> {
  const { chance } = people;
  for (let no = 1 + chance.int(2); no > 0; no -= 1) {
    await people.pause(chance.pick([2, 10, 40]));
    const change: Partial<AmendmentInput> = chance.happens(0.5)
      ? { items: someItems(people) }
      : { portOfExit: chance.pick(['TWKEL', 'TWKHH', 'TWTXG']) };
    const input: AmendmentInput = { reason: `correction ${no}`, ...change };
    const key = chance.happens(0.9) ? `a-${name}-${no}` : undefined;
    const intent = stepIntent({ actor, key, declarationId: id, type: 'amended' }, ({ registry }) =>
      registry.declarations.amend(actor, id, input, identity(key, input)),
    );
    if (key !== undefined && chance.happens(0.3)) people.begin(intent.what, () => people.persist(intent));
    await people.persist(intent);
  }
}

async function withdrawal(people: People, actor: Actor, id: string, name: string): Promise<void> {
  await people.pause(people.chance.pick([2, 10, 60]));
  const key = `w-${name}`;
  const intent = stepIntent({ actor, key, declarationId: id, type: 'withdrawn' }, ({ registry }) =>
    registry.declarations.withdraw(actor, id, 'sold at home', identity(key, 'sold at home')),
  );
  if (people.chance.happens(0.3)) people.begin(intent.what, () => people.persist(intent));
  await people.persist(intent);
}

function filingIntent(actor: Actor, key: string | undefined, input: DeclarationInput): Intent {
  const request = identity(key, input);
  return {
    what: `filing ${key ?? 'without key'} of ${input.reference} by ${actor.org}`,
    actor,
    key,
    about: { kind: 'filing', reference: input.reference, bodyHash: request.bodyHash },
    async send({ registry, stores, clock }) {
      try {
        return JSON.stringify(
          filedView((await registry.declarations.file(actor, input, request)).declaration),
        );
      } catch (error) {
        // As the API does; the answer stays the refusal, also when keeping it fails.
        if (isFailure(error) && error.kind === 'invalid')
          await stores.refusedFilings
            .add(refusedFiling(actor, input, error, { clock, random: { nonce: () => String(key) } }))
            .catch(() => undefined);
        throw error;
      }
    },
  };
}

/** One to three items; now and then a press with a part for it, something without a serial, or nonsense. */
function someItems({ chance }: People): LineInput[] {
  const items: LineInput[] = Array.from({ length: 1 + chance.int(2) }, () => ({
    kind: 'die',
    maker: 'Natoli',
    serial: chance.pick(SERIALS),
  }));
  if (chance.happens(0.2)) items.push(PRESS);
  if (chance.happens(0.2))
    items.push({ kind: 'turret', maker: 'PTK', serial: 'T-417', partOf: 'ZP33-2025-00417' });
  if (chance.happens(0.15)) items.push({ kind: 'mixer', maker: 'PTK' });
  if (chance.happens(0.03)) items.push({ kind: 'die', maker: 'Natoli' });
  return items;
}
