import { expect } from 'chai';
import { isFailure } from '../../../src/kernel/failure.ts';
import { stepView } from '../../../src/modules/declarations/declaration-view.ts';
import type { Declaration } from '../../../src/modules/declarations/index.ts';
import { createDeclarationService } from '../../../src/modules/declarations/index.ts';
import type { Step } from '../../../src/modules/declarations/step.service.ts';
import { EXPORTER, filing, OFFICER, part, PRESS, REGULATOR } from '../../support/declarations.ts';
import { tally } from '../../support/engines.ts';
import { failureCode } from '../../support/failures.ts';
import { at } from '../../support/times.ts';
import type { World } from '../../support/world.ts';
import { catalogue, EXPIRES, openWorld, request } from '../../support/world.ts';

const answer = (step: Step): string => JSON.stringify(stepView(step.declaration, step.move));

describe('a step of a declaration', () => {
  let world: World;
  let id: string;
  let pressId: string;
  let dieId: string;
  const items = [PRESS, part('die', 'D-1-77')];

  beforeEach(async () => {
    world = openWorld();
    const { declaration } = await world.declarations.file(EXPORTER, filing({ items }), request('k-1'));
    id = declaration.id;
    [pressId, dieId] = declaration.content.lines.map((line) => line.itemId) as [string, string];
    world.asked.length = 0;
  });
  afterEach(() => world.close());

  const withdraw = (key = 'w-1', body = 'body') =>
    world.declarations.withdraw(EXPORTER, id, 'sold', request(key, body));
  const exit = (key = 'e-1', number?: string) =>
    world.declarations.exit(OFFICER, id, number === undefined ? {} : { number }, request(key));

  describe('by the exporter', () => {
    it('amends what is declared, has it checked again and records it', async () => {
      await world.checked(id, 'needs-review');
      const given = { reason: 'recount', destination: 'NZ', items: [PRESS, part('die', 'D-2-77')] };
      const step = await world.declarations.amend(EXPORTER, id, given, request('a-1'));
      expect(step.declaration).to.deep.include({
        state: 'filed',
        verification: { attempt: 1, findings: [] },
      });
      expect(step.declaration.content.consignment.destination).to.equal('NZ');
      expect(step.declaration.content.lines.map((line) => line.line)).to.deep.equal([1, 3]);
      expect(world.asked).to.deep.equal([[id, 1]]);
      expect(await world.types(dieId)).to.deep.equal([
        'registered',
        'declared',
        'fitted',
        'flagged',
        'withdrawn',
      ]);
      expect(await world.types(pressId)).to.deep.equal(['registered', 'declared', 'flagged', 'amended']);
    });

    it('amends without touching the lines', async () => {
      const before = (await world.stored(id)).content.lines;
      const step = await world.declarations.amend(
        EXPORTER,
        id,
        { reason: 'moved', transport: 'air' },
        request('a-1'),
      );
      expect(step.declaration.content.lines).to.deep.equal(before);
      expect(await world.types(dieId)).to.deep.equal(['registered', 'declared', 'fitted', 'amended']);
    });

    it('fits a part to the press that an amendment names, and takes it off when it names none', async () => {
      const fittedTo = async () => (await world.register.store.heads([dieId])).get(dieId)?.fittedTo;
      const { partOf: _press, ...loose } = part('die', 'D-1-77');
      await world.declarations.amend(
        EXPORTER,
        id,
        { reason: 'loose', items: [PRESS, loose] },
        request('a-1'),
      );
      expect(await fittedTo()).to.equal(undefined);
      await world.declarations.amend(EXPORTER, id, { reason: 'fitted', items }, request('a-2'));
      expect(await fittedTo()).to.equal(pressId);
      expect((await world.types(dieId)).slice(3)).to.deep.equal(['amended', 'removed', 'amended', 'fitted']);
    });

    it('is refused, with nothing changed, when what it gives breaks a rule', async () => {
      const { serial: _serial, ...unmarked } = PRESS;
      const amend = () =>
        world.declarations.amend(EXPORTER, id, { reason: 'x', items: [unmarked] }, request('a-1'));
      expect(await failureCode(amend)).to.equal('declaration-invalid');
      expect((await world.stored(id)).moves).to.have.length(1);
    });

    it('holds marks of the registry against a regime that asks for serials', async () => {
      const { serial: _serial, ...unmarked } = PRESS;
      const german = { ...EXPORTER, country: 'DE' };
      const filed = await world.declarations.file(
        german,
        filing({ reference: 'INV-2', items: [unmarked] }),
        request('k-2'),
      );
      const amend = (regime: string, key: string) =>
        world.declarations.amend(german, filed.declaration.id, { reason: 'x', regime }, request(key));
      expect(await failureCode(() => amend('TW', 'a-1'))).to.equal('declaration-invalid');
      expect((await amend('AU', 'a-2')).declaration.content.lines[0]).to.include({ assignedMark: true });
      const { serial } = filed.declaration.content.lines[0]!;
      const named = { reason: 'x', regime: 'TW', items: [{ ...unmarked, serial }] };
      const naming = () => world.declarations.amend(german, filed.declaration.id, named, request('a-3'));
      expect(await failureCode(naming)).to.equal('declaration-invalid');
      const kept = { reason: 'x', items: [{ ...unmarked, serial, stations: 31 }] };
      const step = await world.declarations.amend(german, filed.declaration.id, kept, request('a-4'));
      expect(step.declaration.content.lines[0]).to.include({
        line: 1,
        serial,
        assignedMark: true,
        stations: 31,
      });
    });

    it('withdraws it for good', async () => {
      const step = await withdraw();
      expect(step.declaration.state).to.equal('withdrawn');
      expect(await world.types(pressId)).to.deep.equal(['registered', 'declared', 'withdrawn']);
      expect(await failureCode(() => withdraw('w-2'))).to.equal('illegal-transition');
      expect((await world.stored(id)).dueAt).to.equal(null);
    });
  });

  describe('by customs', () => {
    const occasion = { occurredAt: at(1000), place: 'TWKHH', reason: 'container 7' };

    beforeEach(() => world.clock.pass(2000));

    it('lets verified goods leave once, with when and where', async () => {
      await world.checked(id, 'verified');
      const step = await world.declarations.exit(OFFICER, id, occasion, request('e-1'));
      expect(step.move).to.include({ ...occasion, type: 'exited', recordedAt: at(2000) });
      const [last] = (await world.register.store.history(pressId, { limit: 10 })).slice(-1);
      expect(last).to.deep.include({ type: 'exited', occurredAt: at(1000), place: 'TWKHH' });
      expect(await failureCode(() => exit('e-2'))).to.equal('illegal-transition');
      expect((await world.types(pressId)).filter((type) => type === 'exited')).to.have.length(1);
    });

    it('lets goods leave once when 64 officers consume the number at once', async () => {
      await world.checked(id, 'verified');
      const outcomes = await Promise.all(
        Array.from({ length: 64 }, (_, no) =>
          exit(`e-${no}`).then(
            () => 'left',
            (error: unknown) => (error as { code: string }).code,
          ),
        ),
      );
      expect(tally(outcomes)).to.deep.equal({ left: 1, 'illegal-transition': 63 });
      expect((await world.types(pressId)).filter((type) => type === 'exited')).to.have.length(1);
    });

    it('knows the number as printed, and no other', async () => {
      const { number } = await world.checked(id, 'verified');
      expect(await failureCode(() => exit('e-1', 'TW2026AAAAAAAAAAAAA'))).to.equal('number-mismatch');
      expect(await failureCode(() => exit('e-1', ''))).to.equal('number-mismatch');
      expect((await exit('e-1', number?.toLowerCase())).declaration.state).to.equal('exited');
    });

    describe('whose clock is an hour off', () => {
      let otherId: string;

      beforeEach(async () => {
        const again = await world.declarations.file(
          EXPORTER,
          filing({ reference: 'INV-2', items }),
          request('k-2'),
        );
        otherId = again.declaration.id;
        await world.checked(id, 'verified');
      });

      const exitOther = () => world.declarations.exit(OFFICER, otherId, {}, request('e-2'));

      it('lets nothing leave that left after it was decided on, though the clocks say before', async () => {
        await world.checked(otherId, 'verified');
        world.clock.pass(-3_600_000);
        await exit();
        world.clock.pass(3_600_000);
        expect(await failureCode(exitOther)).to.equal('items-held');
      });

      it('lets leave what was decided on after it had left, though the clocks say before', async () => {
        world.clock.pass(3_600_000);
        await exit();
        world.clock.pass(-3_600_000);
        await world.checked(otherId, 'verified');
        expect((await exitOther()).declaration.state).to.equal('exited');
      });
    });

    it('lets nothing leave on a number that has expired', async () => {
      await world.checked(id, 'verified');
      world.clock.set(EXPIRES);
      expect(await failureCode(() => exit())).to.equal('number-expired');
    });

    it('lets nothing leave or arrive before it was declared, to the second', async () => {
      await world.checked(id, 'verified');
      const early = { occurredAt: at(-1) };
      const failure = await world.declarations
        .exit(OFFICER, id, early, request('e-1'))
        .catch((error: unknown) => error);
      expect(isFailure(failure, 'before-filing') && failure.faults.map(({ field }) => field)).to.deep.equal([
        'occurredAt',
      ]);
      await world.declarations.exit(OFFICER, id, { occurredAt: at(0) }, request('e-1'));
      for (const outcome of ['arrived', 'not-shipped'] as const) {
        const arrive = () => world.declarations.arrive(OFFICER, id, outcome, early, request('n-1'));
        expect(await failureCode(arrive)).to.equal('before-filing');
      }
    });

    it('records arrival, or that the goods were not shipped', async () => {
      await world.checked(id, 'verified');
      await exit();
      const step = await world.declarations.arrive(OFFICER, id, 'not-shipped', occasion, request('n-1'));
      expect(step.declaration.state).to.equal('not-shipped');
      expect((await world.types(pressId)).at(-1)).to.equal('not-shipped');
      const arrive = () => world.declarations.arrive(OFFICER, id, 'arrived', occasion, request('n-2'));
      expect(await failureCode(arrive)).to.equal('illegal-transition');
    });
  });

  describe('asked for twice', () => {
    it('is answered with the same bytes and done once, whatever happened since', async () => {
      await world.checked(id, 'verified');
      const first = await exit();
      await world.declarations.arrive(OFFICER, id, 'arrived', {}, request('n-1'));
      world.clock.pass(1000);
      const second = await exit();
      expect(second.replayed).to.equal(true);
      expect(answer(second)).to.equal(answer(first));
      expect((await world.stored(id)).moves).to.have.length(4);
    });

    it('is answered with the number of its time, also when an amendment took that back since', async () => {
      await world.checked(id, 'needs-review');
      const review = () =>
        world.declarations.step(REGULATOR, id, 'reviewed', request('r-1'), () => ({
          move: { state: 'verified' },
          changes: { number: 'TW2026ABCDEFGHJKMN7', expiresAt: EXPIRES },
        }));
      const first = await review();
      expect(answer(first)).to.include('TW2026ABCDEFGHJKMN7');
      const given = { reason: 'x', transport: 'air' };
      const amended = await world.declarations.amend(EXPORTER, id, given, request('a-1'));
      expect(amended.declaration).not.to.have.any.keys('number', 'expiresAt');
      expect(answer(await review())).to.equal(answer(first));
      expect(
        await world.declarations.list(OFFICER, { number: 'TW2026ABCDEFGHJKMN7', limit: 1 }),
      ).to.deep.equal([]);
    });

    it('is done once when the same request comes 64 times at once', async () => {
      const steps = await Promise.all(Array.from({ length: 64 }, () => withdraw()));
      expect(tally(steps.map((step) => step.replayed))).to.deep.equal({ false: 1, true: 63 });
      expect(new Set(steps.map(answer)).size).to.equal(1);
      expect(await world.types(pressId)).to.deep.equal(['registered', 'declared', 'withdrawn']);
    });

    it('is done once also when the other one overtakes it while it finishes what was left undone', async () => {
      const amend = () =>
        world.declarations.amend(EXPORTER, id, { reason: 'x', transport: 'air' }, request('a-1'));
      for (const again of [amend, withdraw]) {
        world.troubles.appendsFail = 1;
        await world.declarations.amend(EXPORTER, id, { reason: 'y', transport: 'sea' }, request(again.name));
        let first: Step | undefined;
        world.troubles.beforeAppend = async () => {
          first = await again();
        };
        const second = await again();
        expect([first?.replayed, second.replayed]).to.deep.equal([false, true]);
        expect(answer(second)).to.equal(answer(first!));
      }
      const { moves } = await world.stored(id);
      expect(moves.map(({ type }) => type)).to.deep.equal([
        'filed',
        'amended',
        'amended',
        'amended',
        'withdrawn',
      ]);
    });

    it('is a mismatch when the key was used for another body or another step', async () => {
      await world.declarations.amend(EXPORTER, id, { reason: 'x', transport: 'air' }, request('w-1'));
      expect(await failureCode(() => withdraw())).to.equal('idempotency-mismatch');
      await withdraw('w-2');
      expect(await failureCode(() => withdraw('w-2', 'other'))).to.equal('idempotency-mismatch');
    });

    it("is not taken for another organisation's request of the same key", async () => {
      await world.declarations.amend(EXPORTER, id, { reason: 'x', transport: 'air' }, request('same'));
      await world.checked(id, 'needs-review');
      const review = () =>
        world.declarations.step(REGULATOR, id, 'reviewed', request('same'), () => ({
          move: { state: 'refused' },
        }));
      expect((await review()).replayed).to.equal(false);
    });

    it('without a key is a second step', async () => {
      await world.checked(id, 'verified');
      const keyless = () => world.declarations.exit(OFFICER, id, {}, { bodyHash: 'hash' });
      await keyless();
      expect(await failureCode(keyless)).to.equal('illegal-transition');
    });
  });

  it('is done once by an engine that makes each write twice and answers what became of the second', async () => {
    const { stores, clock, register, asked } = world;
    const store = {
      ...stores.declarations,
      insert: async (filed: Declaration) => {
        await stores.declarations.insert(filed);
        return stores.declarations.insert(filed);
      },
      replace: async (previous: Declaration, next: Declaration) => {
        await stores.declarations.replace(previous, next);
        return stores.declarations.replace(previous, next);
      },
    };
    const declarations = createDeclarationService({
      store,
      register,
      catalogue,
      clock,
      verification: { request: async (...request) => void asked.push(request) },
      deferred: (error) => expect.fail(String(error)),
    });
    const keyless = { bodyHash: 'hash' };
    const filed = await declarations.file(EXPORTER, filing({ reference: 'INV-2' }), keyless);
    const other = filed.declaration.id;
    const amended = await declarations.amend(EXPORTER, other, { reason: 'x', transport: 'air' }, keyless);
    const withdrawn = await declarations.withdraw(EXPORTER, other, 'sold', keyless);
    expect([amended.move.no, withdrawn.move.no]).to.deep.equal([2, 3]);
    const { moves, pending } = await world.stored(other);
    expect(moves.map((move) => move.type)).to.deep.equal(['filed', 'amended', 'withdrawn']);
    expect(pending).to.deep.equal([]);
    expect(await failureCode(() => declarations.withdraw(EXPORTER, other, 'sold', keyless))).to.equal(
      'illegal-transition',
    );
  });

  it('finishes first what an earlier one left undone', async () => {
    world.troubles.appendsFail = 1;
    await world.checked(id, 'verified');
    expect((await world.stored(id)).pending).to.deep.equal([2]);
    await exit();
    expect(await world.types(pressId)).to.deep.equal(['registered', 'declared', 'verified', 'exited']);
    expect(world.deferred).to.have.length(1);
  });

  it('is not found for a declaration that is not there', async () => {
    expect(await failureCode(() => world.declarations.exit(OFFICER, 'dcl_none', {}, request('e')))).to.equal(
      'not-found',
    );
    const expire = () =>
      world.declarations.step(null, 'dcl_none', 'expired', null, () => ({ move: { state: 'expired' } }));
    expect(await failureCode(expire)).to.equal('not-found');
  });
});
