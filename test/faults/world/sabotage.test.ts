import { expect } from 'chai';
import type { Entry } from '../../../src/modules/register/index.ts';
import { sealed } from '../../../src/modules/register/item-event.ts';
import { runSeed } from './run-seed.ts';
import type { Sabotage } from './world.ts';

/** So many seeds at most until a broken promise shows. */
const ENOUGH = 60;

/** The entry as it would be if nobody had recorded it before. */
function renamed({ event, head }: Entry, count: number): Entry {
  const { digest: _digest, nonce, seq, ...draft } = event;
  return { event: sealed({ ...draft, eventId: `${draft.eventId}-${count}` }, seq, nonce), head };
}

/** What a registry could do wrong; each world with one of these has to notice, in words like these. */
const SABOTAGES: readonly (Sabotage & { readonly what: string; readonly noticed: RegExp })[] = [
  {
    what: 'a store that replaces a declaration whatever its version',
    noticed: /had other moves|lost|came after/,
    engine: (stores) => {
      const { declarations } = stores;
      const replace: typeof declarations.replace = async (previous, next) => {
        const stored = await declarations.find(next.id);
        return declarations.replace(stored ?? previous, next);
      };
      return { ...stores, declarations: { ...declarations, replace } };
    },
  },
  {
    what: 'a store that lets a reference be taken twice',
    noticed: /lost|another one|answered/,
    engine: (stores) => {
      const { declarations } = stores;
      const insert: typeof declarations.insert = async (filed) => {
        const answer = await declarations.insert(filed);
        if (answer.outcome === 'inserted') return answer;
        await declarations.replace(answer.holder, filed);
        return { outcome: 'inserted' };
      };
      return { ...stores, declarations: { ...declarations, insert } };
    },
  },
  {
    what: 'a store that keeps the content from before an amendment',
    noticed: /is missing|not as it was last written|without a key/,
    engine: (stores) => {
      const { declarations } = stores;
      const replace: typeof declarations.replace = (previous, next) =>
        declarations.replace(previous, { ...next, content: previous.content });
      return { ...stores, declarations: { ...declarations, replace } };
    },
  },
  {
    what: 'a store that puts a declaration off for ever',
    noticed: /was never checked/,
    engine: (stores) => {
      const { declarations } = stores;
      const postpone: typeof declarations.postpone = (declaration) =>
        declarations.postpone(declaration, null);
      return { ...stores, declarations: { ...declarations, postpone } };
    },
  },
  {
    what: 'a register that does not know an event it has',
    noticed: /requests without a key/,
    engine: (stores) => {
      let count = 0;
      const { register } = stores;
      const append: typeof register.append = (entries) =>
        register.append(entries.map((entry) => renamed(entry, (count += 1))));
      return { ...stores, register: { ...register, append } };
    },
  },
  {
    what: 'a register that takes an event for any place',
    noticed: /its head|its events are|not intact/,
    engine: (stores) => {
      const { register } = stores;
      const append: typeof register.append = async (entries) => {
        const heads = await register.heads(entries.map(({ event }) => event.itemId));
        const next = new Map([...heads].map(([itemId, { seq }]) => [itemId, seq]));
        const placed = entries.map(({ event, head }) => {
          const seq = (next.get(event.itemId) ?? 0) + 1;
          next.set(event.itemId, seq);
          return { event: { ...event, seq }, head: { ...head, seq } };
        });
        return register.append(placed);
      };
      return { ...stores, register: { ...register, append } };
    },
  },
  {
    what: 'a register that loses one event in twenty',
    noticed: /is missing|is lost/,
    engine: (stores) => {
      let count = 0;
      const { register } = stores;
      const append: typeof register.append = async (entries) => {
        const isLost = (count += 1) % 20 === 0;
        return isLost ? entries.map(() => 'appended' as const) : register.append(entries);
      };
      return { ...stores, register: { ...register, append } };
    },
  },
  {
    what: 'a look-up log that loses one entry in three',
    noticed: /answered and is not logged/,
    engine: (stores) => {
      let count = 0;
      const { lookupLog } = stores;
      const add: typeof lookupLog.add = async (entry) => {
        if ((count += 1) % 3 > 0) await lookupLog.add(entry);
      };
      return { ...stores, lookupLog: { ...lookupLog, add } };
    },
  },
  {
    what: 'a service that answers before the filing is kept',
    noticed: /acknowledged and is lost/,
    stores: (stores) => {
      const { declarations } = stores;
      const insert: typeof declarations.insert = async (filed) => {
        declarations.insert(filed).catch(() => undefined);
        return { outcome: 'inserted' };
      };
      return { ...stores, declarations: { ...declarations, insert } };
    },
  },
  {
    what: 'a service that answers before the look-up is logged',
    noticed: /answered and is not logged/,
    stores: (stores) => {
      const { lookupLog } = stores;
      const add: typeof lookupLog.add = async (entry) => void lookupLog.add(entry).catch(() => undefined);
      return { ...stores, lookupLog: { ...lookupLog, add } };
    },
  },
  {
    what: 'a worker that brings in its result although another one has begun',
    noticed: /attempt \d+ decided after \d+ began/,
    registry: (registry) => {
      const { step } = registry.declarations;
      const heedless: typeof step = (actor, id, type, request, decide) =>
        step(actor, id, type, request, async (declaration) => {
          const { verification } = declaration;
          for (let attempt = verification.attempt; type === 'checked' && attempt > 0; attempt -= 1) {
            const as = { ...declaration, verification: { ...verification, attempt } };
            const decided = await (async () => decide(as))().catch(() => null);
            if (decided !== null) return decided;
          }
          return decide(declaration);
        });
      // The services share this object.
      Object.assign(registry.declarations, { step: heedless });
      return registry;
    },
  },
  {
    what: 'a relay that never runs',
    noticed: /never checked|never recorded/,
    registry: (registry) => ({ ...registry, relay: { run: async () => ({ handled: 0, errors: [] }) } }),
  },
];

describe('the seeded world', () => {
  for (const { what, noticed, ...sabotage } of SABOTAGES) {
    it(`notices ${what}`, async () => {
      const broken: string[] = [];
      for (let seed = 0; seed < ENOUGH && !broken.some((promise) => noticed.test(promise)); seed += 1)
        broken.push(...(await runSeed(seed, { sabotage })).broken);
      expect(broken.join('\n')).to.match(noticed);
    });
  }
});
