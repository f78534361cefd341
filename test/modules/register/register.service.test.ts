import { expect } from 'chai';
import type { EventDraft, EventType } from '../../../src/modules/register/index.ts';
import { headOf, isIntact } from '../../../src/modules/register/index.ts';
import { draftWith, itemWith } from '../../support/items.ts';
import { at } from '../../support/times.ts';
import type { World } from '../../support/world.ts';
import { openWorld } from '../../support/world.ts';

describe('the register', () => {
  let world: World;
  const press = itemWith();
  const of = (type: EventType, facts: Partial<EventDraft> = {}): EventDraft =>
    draftWith(press.itemId, type, facts);
  const headNow = async () => (await world.register.store.heads([press.itemId])).get(press.itemId);
  const history = () => world.register.store.history(press.itemId, { limit: 5_000 });

  beforeEach(() => {
    world = openWorld();
  });
  afterEach(() => world.close());

  it('registers an item and records what happened to it, in order', async () => {
    await world.register.record(
      [press],
      [of('registered'), of('declared'), of('fitted', { detail: { pressId: 'p' } })],
    );
    const events = await history();
    expect(events.map(({ seq, type }) => [seq, type])).to.deep.equal([
      [1, 'registered'],
      [2, 'declared'],
      [3, 'fitted'],
    ]);
    expect(events.every(isIntact)).to.equal(true);
    expect(new Set(events.map((event) => event.nonce)).size).to.equal(3);
    expect(await headNow()).to.deep.equal(headOf(events));
  });

  it('changes nothing when the same is recorded again, in whole, in part or in a longer list', async () => {
    const drafts = [of('registered'), of('declared'), of('verified')];
    await world.register.record([press], drafts.slice(0, 2));
    const before = await history();
    await world.register.record([press], drafts.slice(0, 2));
    expect(await history()).to.deep.equal(before);
    await world.register.record([press], drafts);
    await world.register.record([press], drafts.slice(1));
    expect(await world.types(press.itemId)).to.deep.equal(['registered', 'declared', 'verified']);
  });

  it('takes a list of any length', async () => {
    const items = Array.from({ length: 600 }, (_, index) => itemWith({ kind: 'die', serial: `D-${index}` }));
    const drafts = items.flatMap(({ itemId }) => [
      draftWith(itemId, 'registered'),
      draftWith(itemId, 'declared'),
    ]);
    await world.register.record(items, drafts);
    const heads = await world.register.store.heads(items.map((item) => item.itemId));
    expect([...heads.values()].map((head) => head.seq)).to.deep.equal(items.map(() => 2));
  });

  it('gives every one of 64 facts recorded at once a place, without gaps', async () => {
    await world.register.record([press], []);
    const drafts = Array.from({ length: 64 }, (_, index) => of('inspected', { recordedAt: at(index) }));
    await Promise.all(drafts.map((draft) => world.register.record([], [draft])));
    const events = await history();
    expect(events.map((event) => event.seq)).to.deep.equal(
      Array.from({ length: 64 }, (_, index) => index + 1),
    );
    expect(new Set(events.map((event) => event.eventId)).size).to.equal(64);
    expect(await headNow()).to.deep.equal(headOf(events));
  });

  it('records one fact once, however many record it at once', async () => {
    const draft = of('registered');
    await Promise.all(Array.from({ length: 64 }, () => world.register.record([press], [draft])));
    expect(await world.types(press.itemId)).to.deep.equal(['registered']);
  });

  it('keeps what another recorded meanwhile in the head, and the given order', async () => {
    await world.register.record([press], [of('registered')]);
    world.troubles.beforeAppend = () => world.register.record([], [of('stolen')]);
    await world.register.record([], [of('declared'), of('verified')]);
    const events = await history();
    expect(events.map((event) => event.type)).to.deep.equal(['registered', 'stolen', 'declared', 'verified']);
    expect(await headNow())
      .to.deep.equal(headOf(events))
      .and.to.include({ status: 'stolen' });
  });

  it('works a correction into the head, also of an event of the same call, and goes on from there', async () => {
    const stolen = of('stolen');
    const back = of('corrected', { detail: { corrects: stolen.eventId } });
    await world.register.record([press], [of('verified'), stolen, back]);
    expect(await headNow()).to.include({ status: 'verified', seq: 3 });
    await world.register.record([], [of('exited')]);
    expect(await headNow()).to.include({ status: 'exported', seq: 4 });
    expect(await headNow()).to.deep.equal(headOf(await history()));
  });

  it('works a correction into the head of a history longer than one reading', async () => {
    const stolen = of('stolen');
    const many = Array.from({ length: 1_001 }, () => of('inspected', { place: 'TW' }));
    await world.register.record([press], [of('verified'), stolen, ...many]);
    await world.register.record([], [of('corrected', { detail: { corrects: stolen.eventId } })]);
    expect(await headNow()).to.include({ status: 'verified', seq: 1_004, country: 'TW' });
  });

  it('fails when its store does, and can be tried again', async () => {
    const drafts = [of('registered'), of('declared')];
    world.troubles.appendsFail = 1;
    let failed: unknown;
    await world.register.record([press], drafts).catch((error: unknown) => (failed = error));
    expect(failed).to.be.an('error');
    await world.register.record([press], drafts);
    expect(await world.types(press.itemId)).to.deep.equal(['registered', 'declared']);
  });
});
