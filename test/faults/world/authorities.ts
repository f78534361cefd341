import type { Actor } from '../../../src/kernel/actor.ts';
import type { DeclarationSummary } from '../../../src/modules/declarations/index.ts';
import type { ItemEvent } from '../../../src/modules/register/index.ts';
import type { Observation } from '../../../src/modules/register/item-access.service.ts';
import { OFFICER, REGULATOR } from '../../support/declarations.ts';
import { identity, SERIALS, stepIntent } from './exporters.ts';
import type { Intent } from './ledger.ts';
import type { People } from './people.ts';

/** Decides on what needs review. */
export async function regulator(people: People, name: string, rounds: number): Promise<void> {
  const { chance } = people;
  for (let round = 1; round <= rounds; round += 1) {
    await people.pause(100);
    const found = await oneOf(people, REGULATOR, 'needs-review');
    if (found === null) continue;
    const key = chance.happens(0.9) ? `${name}-${round}` : undefined;
    const decision = chance.happens(0.8) ? 'verified' : 'refused';
    const intent = stepIntent(
      { actor: REGULATOR, key, declarationId: found.id, type: 'reviewed' },
      ({ registry }) =>
        registry.verification.decide(REGULATOR, found.id, decision, 'seen by eye', identity(key, decision)),
    );
    if (key !== undefined && chance.happens(0.2)) people.begin(intent.what, () => people.persist(intent));
    await people.persist(intent);
  }
}

/** Lets verified goods leave by their number, and says what became of goods that left. */
export async function customs(people: People, name: string, rounds: number): Promise<void> {
  const { chance } = people;
  let last = 'TW20260000000000000';
  for (let round = 1; round <= rounds; round += 1) {
    await people.pause(100);
    const found = await oneOf(people, OFFICER, chance.happens(0.7) ? 'verified' : 'exited');
    if (found === null) continue;
    const key = chance.happens(0.9) ? `${name}-${round}` : undefined;
    const { id, number = last } = found;
    const given = chance.happens(0.9) ? { number } : chance.happens(0.5) ? { number: last } : {};
    last = number;
    const exit = stepIntent({ actor: OFFICER, key, declarationId: id, type: 'exited' }, ({ registry }) =>
      registry.declarations.exit(OFFICER, id, given, identity(key, given)),
    );
    const outcome = chance.happens(0.5) ? 'arrived' : 'not-shipped';
    const place = chance.pick([{}, { place: 'AUSYD' }]);
    const arrival = stepIntent({ actor: OFFICER, key, declarationId: id, type: outcome }, ({ registry }) =>
      registry.declarations.arrive(OFFICER, id, outcome, place, identity(key, { outcome, place })),
    );
    const intent = found.state === 'verified' ? exit : arrival;
    if (key !== undefined && chance.happens(0.2)) people.begin(intent.what, () => people.persist(intent));
    await people.persist(intent);
  }
}

async function oneOf(
  people: People,
  actor: Actor,
  state: DeclarationSummary['state'],
): Promise<DeclarationSummary | null> {
  const told = await people.ask(`list of ${state}`, ({ registry }) =>
    registry.declarations.list(actor, { state, limit: 10 }),
  );
  return told.outcome === 'answered' && told.value.length > 0 ? people.chance.pick(told.value) : null;
}

/** Looks serials up, and records what is seen of the items found. */
export async function officer(people: People, name: string, rounds: number): Promise<void> {
  const { chance, ledger } = people;
  for (let round = 1; round <= rounds; round += 1) {
    await people.pause(80);
    const sent = people.step();
    const serial = chance.pick([...SERIALS, 'ZP33-2025-00417', 'T-417']);
    const told = await people.ask(`look-up of ${serial}`, ({ registry }) =>
      registry.lookup.lookUp(OFFICER, { serial, case: name }),
    );
    if (told.outcome !== 'answered') continue;
    ledger.seen.push({ sent, answer: told.value });
    const [match] = told.value.matches;
    if (match === undefined || chance.happens(0.5)) continue;
    const key = chance.happens(0.9) ? `${name}-${round}` : undefined;
    const intent = eventIntent(key, match.item.itemId, someObservation(people, match.history));
    if (key !== undefined && chance.happens(0.3)) people.begin(intent.what, () => people.persist(intent));
    if (key !== undefined && chance.happens(0.05)) {
      const other = eventIntent(key, match.item.itemId, { type: 'inspected', detail: { note: 'another' } });
      people.begin(other.what, () => people.persist(other));
    }
    await people.persist(intent);
  }
}

function eventIntent(key: string | undefined, itemId: string, seen: Observation): Intent {
  return {
    what: `${seen.type} ${key ?? 'without key'}`,
    actor: OFFICER,
    key,
    about: { kind: 'event', itemId },
    async send({ registry }) {
      const request = key === undefined ? {} : { key };
      return JSON.stringify((await registry.items.observe(OFFICER, itemId, seen, request)).event);
    },
  };
}

function someObservation({ chance }: People, history: readonly ItemEvent[]): Observation {
  const type = chance.pick([
    'inspected',
    'inspected',
    'seized',
    'stolen',
    'corrected',
    'transferred',
  ] as const);
  switch (type) {
    case 'corrected': {
      // Mostly what somebody saw is taken back; now and then paperwork.
      const seen = history.filter((event) => event.declarationId === undefined || chance.happens(0.1));
      if (seen.length === 0) return { type: 'inspected', place: 'TWKHH', detail: {} };
      return { type, detail: { corrects: chance.pick(seen).eventId, reason: 'mistaken' } };
    }
    case 'transferred':
      return { type, detail: { toOrg: chance.pick(['acme', 'rival']) } };
    case 'inspected':
      return { type, place: chance.pick(['TWKHH', 'AUSYD']), detail: {} };
    case 'seized':
    case 'stolen':
      return chance.happens(0.5) ? { type, detail: {} } : { type: 'inspected', detail: { note: type } };
  }
}
