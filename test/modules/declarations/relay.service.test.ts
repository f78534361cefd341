import { expect } from 'chai';
import { CHECK_AGAIN_AFTER_MS, RELAY_AFTER_MS } from '../../../src/modules/declarations/declaration.ts';
import { createRelay } from '../../../src/modules/declarations/relay.service.ts';
import { EXPORTER, filing, OFFICER, part, PRESS } from '../../support/declarations.ts';
import { at } from '../../support/times.ts';
import type { World } from '../../support/world.ts';
import { EXPIRES, openWorld, request } from '../../support/world.ts';

describe('the relay', () => {
  let world: World;
  beforeEach(() => {
    world = openWorld();
  });
  afterEach(() => world.close());

  async function file(no = 1): Promise<{ id: string; pressId: string }> {
    const items = [{ ...PRESS, serial: `ZP33-2025-0041${no}` }, part('die', `D-${no}-77`)];
    const { declaration } = await world.declarations.file(
      EXPORTER,
      filing({ reference: `INV-${no}`, items }),
      request(`k-${no}`),
    );
    return { id: declaration.id, pressId: declaration.content.lines[0]!.itemId };
  }

  it('does what a filing that ended after its deciding write left undone', async () => {
    world.troubles.appendsFail = 1;
    const { id, pressId } = await file();
    expect(world.deferred).to.have.length(1);
    expect(await world.types(pressId)).to.deep.equal([]);
    expect(await world.rolled()).to.deep.equal({ handled: 0, errors: [] });
    world.clock.pass(RELAY_AFTER_MS);
    expect(await world.rolled()).to.deep.equal({ handled: 1, errors: [] });
    expect(await world.types(pressId)).to.deep.equal(['registered', 'declared']);
    expect(await world.stored(id)).to.deep.include({ pending: [], state: 'filed' });
    expect(world.asked).to.deep.equal([[id, 0]]);
  });

  it('does what a step left undone, once, however many relays run at once', async () => {
    const { id, pressId } = await file();
    await world.checked(id, 'verified');
    world.troubles.appendsFail = 1;
    await world.declarations.exit(OFFICER, id, {}, request('e-1'));
    world.clock.pass(RELAY_AFTER_MS);
    await Promise.all([world.rolled(), world.rolled(), world.rolled()]);
    expect(await world.types(pressId)).to.deep.equal(['registered', 'declared', 'verified', 'exited']);
    expect((await world.stored(id)).dueAt).to.equal(null);
  });

  it('asks again for a check until it shows, and not before its time', async () => {
    const { id } = await file();
    world.clock.pass(CHECK_AGAIN_AFTER_MS - 1);
    await world.rolled();
    expect(world.asked).to.have.length(1);
    world.clock.pass(1);
    await world.rolled();
    await world.rolled();
    expect(world.asked).to.deep.equal([
      [id, 0],
      [id, 0],
    ]);
    await world.checked(id, 'needs-review');
    world.clock.pass(CHECK_AGAIN_AFTER_MS);
    await world.rolled();
    expect(world.asked).to.have.length(2);
  });

  it('asks for checks that could not be asked for while the queue was away', async () => {
    world.troubles.queueAway = true;
    const { id } = await file();
    expect(world.deferred).to.have.length(1);
    expect((await world.stored(id)).pending).to.deep.equal([]);
    world.clock.pass(CHECK_AGAIN_AFTER_MS);
    const away = await world.rolled();
    expect(away.handled).to.equal(1);
    expect(away.errors).to.have.length(1);
    world.troubles.queueAway = false;
    expect((await world.rolled()).handled).to.equal(0);
    world.clock.pass(5_000);
    expect(await world.rolled()).to.deep.equal({ handled: 1, errors: [] });
    expect(world.asked).to.deep.equal([[id, 0]]);
  });

  it('stops asking for checks when the queue turns out to be away, and still does what is pending', async () => {
    world.troubles.queueAway = true;
    for (let no = 1; no <= 60; no += 1) {
      const items = [part('die', `Q-${no}-77`)];
      await world.declarations.file(EXPORTER, filing({ reference: `Q-${no}`, items }), request(`q-${no}`));
    }
    world.troubles.appendsFail = 1;
    const { pressId } = await file();
    expect(await world.types(pressId)).to.deep.equal([]);
    world.clock.pass(CHECK_AGAIN_AFTER_MS);
    const { handled, errors } = await world.rolled();
    expect(handled).to.equal(61);
    expect(errors.length).to.be.within(1, 8);
    expect(await world.types(pressId)).to.deep.equal(['registered', 'declared']);
    world.troubles.queueAway = false;
    world.clock.pass(5_000);
    expect(await world.rolled()).to.deep.equal({ handled: 60, errors: [] });
    expect(world.asked).to.have.length(60);
  });

  it("doesn't let one that fails keep the others", async () => {
    world.troubles.appendsFail = 3;
    const filed = [await file(1), await file(2), await file(3)];
    world.clock.pass(RELAY_AFTER_MS);
    world.troubles.appendsFail = 1;
    const { handled, errors } = await world.rolled();
    expect([handled, errors.length]).to.deep.equal([3, 1]);
    const left = (await Promise.all(filed.map(({ id }) => world.stored(id)))).filter(
      ({ pending }) => pending.length > 0,
    );
    expect(left).to.have.length(1);
    world.clock.pass(60_000);
    await world.rolled();
    expect((await world.stored(left[0]!.id)).pending).to.deep.equal([]);
  });

  it('works through more than one batch, and stops when told', async () => {
    world.troubles.appendsFail = 60;
    for (let no = 0; no < 60; no += 1) {
      await world.declarations.file(
        EXPORTER,
        filing({ reference: `B-${no}`, items: [part('die', `B-${no}-77`)] }),
        request(`b-${no}`),
      );
    }
    world.clock.pass(RELAY_AFTER_MS);
    expect(await world.relay.run(() => true)).to.deep.equal({ handled: 0, errors: [] });
    expect(await world.rolled()).to.deep.equal({ handled: 60, errors: [] });
    expect(await world.register.store.countItems()).to.equal(60);
  });

  describe('when a number expires', () => {
    it('lets the declaration expire, at that instant and once', async () => {
      const { id, pressId } = await file();
      await world.checked(id, 'verified');
      world.clock.set(at(Date.parse(EXPIRES) - Date.parse(at(0)) - 1));
      await world.rolled();
      expect((await world.stored(id)).state).to.equal('verified');
      world.clock.set(EXPIRES);
      await Promise.all([world.rolled(), world.rolled()]);
      expect(await world.stored(id)).to.include({ state: 'expired', dueAt: null });
      expect(await world.types(pressId)).to.deep.equal(['registered', 'declared', 'verified', 'withdrawn']);
    });

    it('leaves one alone that left before', async () => {
      const { id } = await file();
      await world.checked(id, 'verified');
      await world.declarations.exit(OFFICER, id, {}, request('e-1'));
      world.clock.set(EXPIRES);
      expect(await world.rolled()).to.deep.equal({ handled: 0, errors: [] });
      expect((await world.stored(id)).state).to.equal('exited');
    });

    it('leaves one alone that left, or was verified anew, after it was found due', async () => {
      const left = await file(1);
      const renewed = await file(2);
      await world.checked(left.id, 'verified');
      await world.checked(renewed.id, 'verified');
      world.clock.set(at(Date.parse(EXPIRES) - Date.parse(at(0)) - 1));
      const { store } = world.declarations;
      // What a relay reads just before somebody else is quicker: the record of a moment ago.
      const stale = new Map([
        [left.id, await world.stored(left.id)],
        [renewed.id, await world.stored(renewed.id)],
      ]);
      await world.declarations.exit(OFFICER, left.id, {}, request('e-1'));
      await world.declarations.amend(
        EXPORTER,
        renewed.id,
        { reason: 'later', transport: 'air' },
        request('a-1'),
      );
      await world.declarations.step(null, renewed.id, 'checked', null, () => ({
        move: { state: 'verified' },
        changes: { expiresAt: '2028-01-01T00:00:00.000Z' },
      }));
      world.clock.set(EXPIRES);
      const behind = {
        ...store,
        due: async () => [...stale.keys()],
        find: async (id: string) => stale.get(id) ?? null,
      };
      const { declarations, clock } = world;
      const relay = createRelay({
        store: behind,
        declarations,
        verification: { request: async () => undefined },
        clock,
      });
      expect(await relay.run(() => false)).to.deep.equal({ handled: 2, errors: [] });
      expect((await world.stored(left.id)).state).to.equal('exited');
      expect((await world.stored(renewed.id)).state).to.equal('verified');
    });
  });
});
