import { expect } from 'chai';
import { createScreening } from '../../../src/modules/catalogue/index.ts';
import { createVerificationService } from '../../../src/modules/verification/index.ts';
import type { DeclarationStore } from '../../../src/modules/declarations/index.ts';
import { EXPORTER, filing, PRESS, REGULATOR } from '../../support/declarations.ts';
import { failureCode } from '../../support/failures.ts';
import type { World } from '../../support/world.ts';
import { catalogue, openWorld, request } from '../../support/world.ts';

describe('verification', () => {
  let world: World;
  let duringCheck: (() => Promise<void>) | null;
  let id: string;

  beforeEach(async () => {
    world = openWorld();
    duringCheck = null;
    const filed = await world.declarations.file(EXPORTER, filing({ items: [PRESS] }), request('k-1'));
    id = filed.declaration.id;
  });

  afterEach(() => world.close());

  /** A service as one worker has it. What `duringCheck` holds happens once, between its reading and its result. */
  function worker() {
    const { stores, declarations, clock } = world;
    const store: DeclarationStore = {
      ...stores.declarations,
      async volumes(query) {
        const happening = duringCheck;
        duringCheck = null;
        await happening?.();
        return stores.declarations.volumes(query);
      },
    };
    const screening = createScreening(catalogue.watchedParties);
    const sources = { register: stores.register, declarations: store, catalogue, screening, clock };
    return createVerificationService({ sources, declarations, clock, expiryDays: 180 });
  }

  it('gives a clean declaration a number, an expiry and the rule set it was judged by', async () => {
    expect(await worker().check(id)).to.equal('verified');
    const { state, number, expiresAt, verification } = await world.stored(id);
    expect(state).to.equal('verified');
    expect(number).to.match(/^TW\d{4}[0-9A-Z]{13}$/);
    expect(Date.parse(expiresAt ?? '') - Date.parse(verification.checkedAt ?? '')).to.equal(180 * 86_400_000);
    expect(verification.ruleSet).to.contain(catalogue.version);
  });

  it('gives another number after an amendment: the old certificate is no longer good', async () => {
    await worker().check(id);
    const before = (await world.stored(id)).number;
    const given = { reason: 'another port', portOfExit: 'TWKEL' };
    await world.declarations.amend(EXPORTER, id, given, request('k-2'));
    expect(await world.stored(id)).not.to.have.any.keys('number', 'expiresAt');
    expect(await worker().check(id)).to.equal('verified');
    const after = (await world.stored(id)).number;
    expect(after).to.match(/^TW\d{4}[0-9A-Z]{13}$/);
    expect(after).not.to.equal(before);
  });

  it('has one effect when a job runs twice, one after the other or at once', async () => {
    const outcomes = await Promise.all([worker().check(id), worker().check(id)]);
    expect(outcomes.toSorted()).to.deep.equal(['stale', 'verified']);
    expect(await worker().check(id)).to.equal('stale');
    const { content, moves } = await world.stored(id);
    expect(moves.map((move) => move.type)).to.deep.equal(['filed', 'checked']);
    expect(await world.types(content.lines[0]?.itemId ?? '')).to.deep.equal([
      'registered',
      'declared',
      'verified',
    ]);
  });

  it('drops the result of a worker that was overtaken', async () => {
    const newer = worker();
    let overtaking = '';
    duringCheck = async () => {
      overtaking = await newer.check(id);
    };
    expect(await worker().check(id)).to.equal('stale');
    expect(overtaking).to.equal('verified');
    expect((await world.stored(id)).verification.attempt).to.equal(2);
  });

  it('drops a result about what was amended meanwhile, and asks for another check', async () => {
    duringCheck = async () => {
      await world.declarations.amend(
        EXPORTER,
        id,
        { reason: 'another port', portOfExit: 'TWKEL' },
        request('k-2'),
      );
    };
    expect(await worker().check(id)).to.equal('stale');
    expect((await world.stored(id)).state).to.equal('filed');
    const [askedId, attempt] = world.asked.at(-1) ?? [];
    expect(askedId).to.equal(id);
    expect(attempt).to.equal((await world.stored(id)).verification.attempt);
    expect(await worker().check(id)).to.equal('verified');
  });

  it('drops a result about what was withdrawn meanwhile', async () => {
    duringCheck = async () => {
      await world.declarations.withdraw(EXPORTER, id, 'sold at home', request('k-2'));
    };
    expect(await worker().check(id)).to.equal('stale');
    expect((await world.stored(id)).state).to.equal('withdrawn');
  });

  it('is asked for again when a worker died with it', async () => {
    duringCheck = () => Promise.reject(new Error('killed'));
    await worker()
      .check(id)
      .catch(() => undefined);
    const before = world.asked.length;
    world.clock.pass(14_000);
    await world.rolled();
    expect(world.asked.length).to.equal(before);
    world.clock.pass(2_000);
    await world.rolled();
    expect(world.asked.length).to.equal(before + 1);
    expect(await worker().check(id)).to.equal('verified');
  });

  it('is left to a regulator where it can not be done', async () => {
    const service = worker();
    expect(await service.setAside(id, 'The checks could not be completed.')).to.equal('needs-review');
    expect((await world.stored(id)).verification.findings.map(({ code }) => code)).to.deep.equal([
      'check-failed',
    ]);
    const decided = await service.decide(REGULATOR, id, 'verified', 'seen by eye', request('k-3'));
    expect(decided.declaration.state).to.equal('verified');
    expect(decided.declaration.number).to.be.a('string');
    expect(
      await failureCode(() => service.decide(REGULATOR, id, 'refused', 'too late', request('k-4'))),
    ).to.equal('illegal-transition');
  });
});
