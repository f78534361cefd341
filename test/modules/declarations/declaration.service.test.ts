import { expect } from 'chai';
import type { Actor } from '../../../src/kernel/actor.ts';
import { isFailure } from '../../../src/kernel/failure.ts';
import type { DeclarationInput } from '../../../src/modules/declarations/index.ts';
import { createDeclarationService } from '../../../src/modules/declarations/index.ts';
import { filedView } from '../../../src/modules/declarations/declaration-view.ts';
import type { Step } from '../../../src/modules/declarations/step.service.ts';
import { EXPORTER, filing, OFFICER, part, PRESS, REGULATOR, RIVAL } from '../../support/declarations.ts';
import { tally } from '../../support/engines.ts';
import { failureCode } from '../../support/failures.ts';
import { at } from '../../support/times.ts';
import type { World } from '../../support/world.ts';
import { catalogue, openWorld, request } from '../../support/world.ts';

/** The answer as it goes over the wire. */
const answer = (step: Step): string => JSON.stringify(filedView(step.declaration));

describe('filing', () => {
  let world: World;
  const file = (facts: Partial<DeclarationInput> = {}, key = 'k-1', actor: Actor = EXPORTER, body = 'body') =>
    world.declarations.file(actor, filing(facts), request(key, body));

  beforeEach(() => {
    world = openWorld();
  });
  afterEach(() => world.close());

  it('keeps the declaration, registers its items, records what happened and asks for a check', async () => {
    const { declaration, replayed } = await file();
    expect(replayed).to.equal(false);
    expect(declaration).to.include({
      org: 'acme',
      country: 'TW',
      reference: 'INV-1',
      state: 'filed',
      filedAt: at(0),
    });
    expect(declaration.content.consignment.regime).to.equal('TW');
    const [press, die] = declaration.content.lines;
    expect(die?.pressId).to.equal(press?.itemId);
    expect(await world.types(press!.itemId)).to.deep.equal(['registered', 'declared']);
    expect(await world.types(die!.itemId)).to.deep.equal(['registered', 'declared', 'fitted']);
    const stored = await world.stored(declaration.id);
    expect(stored).to.deep.include({ version: 2, pending: [], state: 'filed' });
    expect(world.asked).to.deep.equal([[declaration.id, 0]]);
    expect(world.deferred).to.deep.equal([]);
  });

  it('takes 2,000 items in one call', async () => {
    const dies = Array.from({ length: 1_999 }, (_, no) => part('die', `D-${no}-77`));
    const { declaration } = await file({ items: [PRESS, ...dies] });
    expect(declaration.content.lines).to.have.length(2_000);
    expect(await world.register.store.countItems()).to.equal(2_000);
    expect((await world.stored(declaration.id)).pending).to.deep.equal([]);
  });

  it('answers the same bytes to the same request, and does nothing more', async () => {
    const first = await file();
    world.clock.pass(1000);
    const second = await file();
    expect(second.replayed).to.equal(true);
    expect(answer(second)).to.equal(answer(first));
    expect(await world.types(first.declaration.content.lines[0]!.itemId)).to.have.length(2);
    expect(world.asked).to.have.length(1);
  });

  it('answers the same bytes after amendments, decisions and the end of it', async () => {
    const first = await file();
    const { id } = first.declaration;
    const amend = (no: number) =>
      world.declarations.amend(
        EXPORTER,
        id,
        { reason: 'more', items: [part('die', `X-${no}-77`)] },
        request(`a-${no}`),
      );
    await amend(1);
    await amend(2);
    await world.checked(id, 'verified');
    await world.declarations.withdraw(EXPORTER, id, 'sold', request('w-1'));
    expect(answer(await file())).to.equal(answer(first));
  });

  it('answers the same bytes when the catalogue would refuse it by now', async () => {
    const first = await file();
    const { stores, register, clock } = world;
    const later = createDeclarationService({
      store: stores.declarations,
      register,
      catalogue: { ...catalogue, findKind: () => null, isCountry: () => false },
      verification: { request: () => Promise.reject(new Error('nothing is to be checked')) },
      clock,
      deferred: (error) => expect.fail(String(error)),
    });
    const again = (key: string, body = 'body', actor = EXPORTER) =>
      later.file(actor, filing(), request(key, body));
    const second = await again('k-1');
    expect(second.replayed).to.equal(true);
    expect(answer(second)).to.equal(answer(first));
    expect(await failureCode(() => again('k-1', 'other'))).to.equal('idempotency-mismatch');
    expect(await failureCode(() => again('k-2'))).to.equal('declaration-invalid');
    expect(await failureCode(() => again('k-1', 'body', RIVAL))).to.equal('declaration-invalid');
  });

  it('answers one key to another body with idempotency-mismatch, and keeps nothing', async () => {
    await file();
    expect(await failureCode(() => file({ reference: 'INV-2' }, 'k-1', EXPORTER, 'other'))).to.equal(
      'idempotency-mismatch',
    );
    expect(await world.declarations.list(EXPORTER, { limit: 10 })).to.have.length(1);
  });

  it('answers a reference that is taken with reference-taken, with another key or none', async () => {
    await file();
    expect(await failureCode(() => file({}, 'k-2'))).to.equal('reference-taken');
    const keyless = () => world.declarations.file(EXPORTER, filing(), { bodyHash: 'hash of body' });
    expect(await failureCode(keyless)).to.equal('reference-taken');
  });

  it('lets another organisation use the same key and reference', async () => {
    const one = await file();
    const two = await file({ items: [part('die', 'OTHER-1')] }, 'k-1', RIVAL);
    expect(two.replayed).to.equal(false);
    expect(two.declaration.id).not.to.equal(one.declaration.id);
  });

  it('files once when the same request comes 64 times at once', async () => {
    const steps = await Promise.all(Array.from({ length: 64 }, () => file()));
    expect(tally(steps.map((step) => step.replayed))).to.deep.equal({ false: 1, true: 63 });
    expect(new Set(steps.map(answer)).size).to.equal(1);
    expect(await world.types(steps[0]!.declaration.content.lines[0]!.itemId)).to.deep.equal([
      'registered',
      'declared',
    ]);
  });

  it('refuses what breaks a rule, names every field, and keeps nothing', async () => {
    const { serial: _serial, ...unmarked } = PRESS;
    let failure: unknown;
    await file({ destination: 'QQ', items: [unmarked, part('teapot', '--')] }).catch(
      (error: unknown) => (failure = error),
    );
    expect(
      isFailure(failure, 'declaration-invalid') && failure.faults.map((fault) => fault.field),
    ).to.deep.equal(['destination', 'items[0].serial', 'items[1].kind', 'items[1].serial']);
    expect(await world.declarations.list(EXPORTER, { limit: 10 })).to.deep.equal([]);
    expect(await world.register.store.countItems()).to.equal(0);
  });

  it('issues a mark where the regime lets a serial be missing', async () => {
    const { serial: _serial, ...unmarked } = PRESS;
    const { declaration } = await file({ items: [unmarked] }, 'k-1', { ...EXPORTER, country: 'DE' });
    const [line] = declaration.content.lines;
    expect(line).to.include({ assignedMark: true }).and.have.property('serial').that.matches(/^RM/);
    expect(
      (await world.register.store.findItems([line!.itemId])).get(line!.itemId)?.item.assignedMark,
    ).to.equal(true);
  });

  it('finds the press of a part in the register when it was declared before', async () => {
    const { declaration } = await file({ items: [PRESS] });
    const later = await file({ reference: 'INV-2', items: [part('die', 'D-1-77')] }, 'k-2', RIVAL);
    expect(later.declaration.content.lines[0]?.pressId).to.equal(declaration.content.lines[0]?.itemId);
  });
});

describe('seeing declarations', () => {
  let world: World;
  let id: string;
  beforeEach(async () => {
    world = openWorld();
    id = (await world.declarations.file(EXPORTER, filing(), request('k-1'))).declaration.id;
    await world.declarations.file(RIVAL, filing(), request('k-1'));
  });
  afterEach(() => world.close());

  it("is for an exporter its own organisation's alone; another's is not found", async () => {
    expect((await world.declarations.get(EXPORTER, id)).id).to.equal(id);
    expect(await failureCode(() => world.declarations.get(RIVAL, id))).to.equal('not-found');
    expect(await failureCode(() => world.declarations.get(EXPORTER, 'dcl_none'))).to.equal('not-found');
    const listed = await world.declarations.list(EXPORTER, { limit: 10 });
    expect(listed.map((summary) => summary.org)).to.deep.equal(['acme']);
  });

  it("is for customs and regulators everybody's", async () => {
    for (const actor of [OFFICER, REGULATOR]) {
      expect((await world.declarations.get(actor, id)).id).to.equal(id);
      expect(await world.declarations.list(actor, { limit: 10 })).to.have.length(2);
    }
  });

  it("lets no exporter step on another's declaration", async () => {
    const steps = [
      () => world.declarations.withdraw(RIVAL, id, 'mine now', request('r-1')),
      () => world.declarations.amend(RIVAL, id, { reason: 'mine now', destination: 'NZ' }, request('r-2')),
    ];
    for (const step of steps) expect(await failureCode(step)).to.equal('not-found');
    expect((await world.stored(id)).moves).to.have.length(1);
  });
});

describe('goods that left under another declaration', () => {
  const HOUR_MS = 3_600_000;
  let world: World;
  let one: string;
  let two: string;

  beforeEach(async () => {
    world = openWorld();
    const file = async (reference: string) =>
      (await world.declarations.file(EXPORTER, filing({ reference, items: [PRESS] }), request(reference)))
        .declaration.id;
    one = await file('INV-1');
    two = await file('INV-2');
    await world.checked(one, 'verified');
  });
  afterEach(() => world.close());

  const exit = (id: string) => world.declarations.exit(OFFICER, id, {}, request(`exit ${id}`));

  it('may not leave again on what was decided before, also where the clock was ahead at the decision', async () => {
    world.clock.pass(HOUR_MS);
    await world.checked(two, 'verified');
    world.clock.pass(-HOUR_MS);
    await exit(one);
    expect(await failureCode(() => exit(two))).to.equal('items-held');
    await world.declarations.arrive(OFFICER, one, 'not-shipped', {}, request('back'));
    expect((await exit(two)).declaration.state).to.equal('exited');
  });

  it('may leave on what was decided since, also where the clock was ahead when they left', async () => {
    world.clock.pass(HOUR_MS);
    await exit(one);
    world.clock.pass(-HOUR_MS);
    await world.checked(two, 'verified');
    expect((await exit(two)).declaration.state).to.equal('exited');
  });
});
