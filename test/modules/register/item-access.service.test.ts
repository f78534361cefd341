import { expect } from 'chai';
import type { ItemAccess } from '../../../src/modules/register/index.ts';
import { createItemAccess, isIntact } from '../../../src/modules/register/index.ts';
import { EXPORTER, filing, OFFICER, part, REGULATOR, RIVAL } from '../../support/declarations.ts';
import { tally } from '../../support/engines.ts';
import { failureCode } from '../../support/failures.ts';
import { at } from '../../support/times.ts';
import type { World } from '../../support/world.ts';
import { openWorld, request } from '../../support/world.ts';

describe('single items', () => {
  let world: World;
  let items: ItemAccess;
  let pressId: string;
  let dieId: string;

  beforeEach(async () => {
    world = openWorld();
    items = createItemAccess(world);
    const { declaration } = await world.declarations.file(EXPORTER, filing(), request('k-1'));
    [pressId, dieId] = declaration.content.lines.map((line) => line.itemId) as [string, string];
  });
  afterEach(() => world.close());

  const stolen = { type: 'stolen', detail: { policeFile: 'P-1' } } as const;
  const observe = (key: string, seen: Parameters<ItemAccess['observe']>[2] = stolen) =>
    items.observe(OFFICER, pressId, seen, { key });

  describe('shown', () => {
    it('are found by those who declared them and by authorities, by nobody else', async () => {
      for (const actor of [EXPORTER, OFFICER, REGULATOR]) {
        expect((await items.get(actor, pressId)).item.itemId).to.equal(pressId);
      }
      expect(await failureCode(() => items.get(RIVAL, pressId))).to.equal('not-found');
      expect(await failureCode(() => items.history(RIVAL, pressId, { afterSeq: 0, limit: 10 }))).to.equal(
        'not-found',
      );
      expect(await failureCode(() => items.related(RIVAL, pressId, null, 10))).to.equal('not-found');
      expect(await failureCode(() => items.get(OFFICER, 'itm_none'))).to.equal('not-found');
    });

    it('have a history in pages, as known at a time; for an exporter its own part', async () => {
      world.clock.pass(1000);
      await observe('o-1');
      const seqs = async (
        actor: typeof OFFICER,
        query: { asOf?: string; afterSeq: number; limit: number },
      ) => {
        const events = await items.history(actor, pressId, query);
        return events.map((event) => event.type);
      };
      expect(await seqs(OFFICER, { afterSeq: 0, limit: 2 })).to.deep.equal(['registered', 'declared']);
      expect(await seqs(OFFICER, { afterSeq: 2, limit: 2 })).to.deep.equal(['stolen']);
      expect(await seqs(OFFICER, { afterSeq: 0, limit: 9, asOf: at(999) })).to.deep.equal([
        'registered',
        'declared',
      ]);
      expect(await seqs(EXPORTER, { afterSeq: 0, limit: 9 })).to.deep.equal(['registered', 'declared']);
      expect(await seqs(EXPORTER, { afterSeq: 0, limit: 1 })).to.deep.equal(['registered']);
    });

    it('lead from a part to its press and its siblings; an exporter to what it declared itself', async () => {
      const theirs = filing({ reference: 'R-1', items: [part('die', 'R-1-77')] });
      await world.declarations.file(RIVAL, theirs, request('k-1'));
      const related = async (actor: typeof OFFICER, itemId: string) => {
        const { parts, press } = await items.related(actor, itemId, null, 10);
        return [press?.item.itemId, parts.map(({ item }) => item.serial).sort()];
      };
      expect(await related(OFFICER, dieId)).to.deep.equal([pressId, ['D33-00417-01', 'R-1-77']]);
      expect(await related(OFFICER, pressId)).to.deep.equal([undefined, ['D33-00417-01', 'R-1-77']]);
      expect(await related(EXPORTER, dieId)).to.deep.equal([pressId, ['D33-00417-01']]);
    });
  });

  describe('observed', () => {
    it('get an event that says who, when and where, and their head follows', async () => {
      const seen = { ...stolen, occurredAt: at(-5000), place: 'TWKHH' };
      const { event, replayed } = await observe('o-1', seen);
      expect(replayed).to.equal(false);
      expect(event).to.include({
        type: 'stolen',
        seq: 3,
        occurredAt: at(-5000),
        recordedAt: at(0),
        place: 'TWKHH',
      });
      expect(event.actor).to.deep.equal(OFFICER);
      expect(isIntact(event)).to.equal(true);
      expect((await items.get(OFFICER, pressId)).head.status).to.equal('stolen');
    });

    it('get one event for one request, however often and however many at once it comes', async () => {
      const seen = await Promise.all(Array.from({ length: 64 }, () => observe('o-1')));
      expect(new Set(seen.map(({ event }) => event.digest)).size).to.equal(1);
      expect((await observe('o-1')).replayed).to.equal(true);
      expect(await world.types(pressId)).to.deep.equal(['registered', 'declared', 'stolen']);
    });

    it('get one event when one key comes with two bodies at once; the other is a mismatch', async () => {
      const outcomes = await Promise.all(
        ['P-1', 'P-2'].map((policeFile) =>
          observe('o-1', { type: 'stolen', detail: { policeFile } }).then(
            () => 'recorded',
            (error: unknown) => (error as { code: string }).code,
          ),
        ),
      );
      expect(tally(outcomes)).to.deep.equal({ recorded: 1, 'idempotency-mismatch': 1 });
      expect(await world.types(pressId)).to.have.length(3);
    });

    it('get an event each time when the request has no key, or comes from another organisation', async () => {
      for (const actor of [OFFICER, OFFICER, REGULATOR]) {
        await items.observe(actor, pressId, { type: 'inspected', detail: {} }, {});
      }
      await items.observe(OFFICER, pressId, stolen, request('same'));
      expect((await items.observe(REGULATOR, pressId, stolen, request('same'))).replayed).to.equal(false);
      expect(await world.types(pressId)).to.have.length(7);
    });

    it('can have an event corrected, of their own alone', async () => {
      const { event } = await observe('o-1');
      const correct = (itemId: string, key: string) =>
        items.observe(
          REGULATOR,
          itemId,
          { type: 'corrected', detail: { corrects: event.eventId } },
          request(key),
        );
      expect(await failureCode(() => correct(dieId, 'c-1'))).to.equal('unknown-event');
      await correct(pressId, 'c-2');
      expect((await items.get(OFFICER, pressId)).head.status).to.equal('declared');
      expect(await world.types(pressId)).to.deep.equal(['registered', 'declared', 'stolen', 'corrected']);
    });

    it('are fitted to a registered press alone', async () => {
      const fit = (press: string) =>
        items.observe(OFFICER, dieId, { type: 'fitted', detail: { pressId: press } }, request(press));
      expect(await failureCode(() => fit('itm_none'))).to.equal('unknown-press');
      expect((await fit(pressId)).event.detail['pressId']).to.equal(pressId);
    });
  });
});
