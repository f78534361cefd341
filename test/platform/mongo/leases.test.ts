import { expect } from 'chai';
import { isFailure } from '../../../src/kernel/failure.ts';
import type { Lease, LeaseStore } from '../../../src/kernel/lease.ts';
import type { Stores } from '../../../src/main/stores.ts';
import { NOT_PRIMARY } from '../../support/mongo-answers.ts';
import { throughWire } from '../../support/wired.ts';

throughWire('leases', (wired) => {
  let stores: Stores;
  let leases: LeaseStore;
  before(async () => {
    stores = await wired().openStores();
    leases = stores.leases!;
  });
  after(() => stores.close());

  const lease = (holder: string, token: number, beat: number): Lease => ({
    name: 'relay',
    holder,
    token,
    beat,
  });
  const take = async (holder: string, seen: Lease | null = null): Promise<Lease> => {
    const taken = await leases.take('relay', holder, seen);
    if (taken === null) throw new Error(`${holder} did not get it`);
    return taken;
  };

  it("are nobody's at first, and the first taker's then", async () => {
    expect(await leases.read('relay')).to.equal(null);
    expect(await take('one')).to.deep.equal(lease('one', 1, 1));
    expect(await leases.read('relay')).to.deep.equal(lease('one', 1, 1));
    expect(await leases.take('relay', 'two', null)).to.equal(null);
    expect(await leases.read('relay')).to.deep.equal(lease('one', 1, 1));
  });

  it('stand each for themselves', async () => {
    await take('one');
    expect(await leases.take('expiry', 'two', null)).to.deep.equal({ ...lease('two', 1, 1), name: 'expiry' });
    expect(await leases.read('relay')).to.deep.equal(lease('one', 1, 1));
  });

  it('beat once with each renewal, and the beats before are no longer good', async () => {
    const first = await take('one');
    const second = await leases.renew(first);
    expect(second).to.deep.equal(lease('one', 1, 2));
    expect(await leases.renew(first), 'the same beat again').to.deep.equal(second);
    expect(await leases.renew(second!)).to.deep.equal(lease('one', 1, 3));
    expect(await leases.renew(first)).to.equal(null);
    expect(await leases.read('relay')).to.deep.equal(lease('one', 1, 3));
  });

  it('are taken over as they were seen, with the next token, and are then lost to their holder', async () => {
    const first = await take('one');
    const renewed = await leases.renew(first);
    expect(await leases.take('relay', 'two', first)).to.equal(null);
    expect(await leases.take('relay', 'two', renewed)).to.deep.equal(lease('two', 2, 3));
    expect(await leases.renew(renewed!)).to.equal(null);
    await leases.release(renewed!);
    expect(await leases.read('relay')).to.deep.equal(lease('two', 2, 3));
  });

  it('belong to nobody when they are given back, and the token goes on', async () => {
    await leases.release(await take('one'));
    const free = await leases.read('relay');
    expect(free).to.deep.equal(lease('', 1, 2));
    expect(await take('two', free)).to.deep.equal(lease('two', 2, 3));
  });

  it('have one winner of 64 who take at once, the first time and later', async () => {
    const holders = Array.from({ length: 64 }, (_, no) => `holder-${no}`);
    let seen: Lease | null = null;
    for (const token of [1, 2, 3]) {
      const taken = await Promise.all(holders.map((holder) => leases.take('relay', holder, seen)));
      const [won, ...more] = taken.filter((each) => each !== null);
      expect(more).to.deep.equal([]);
      expect(won?.token).to.equal(token);
      expect(taken[holders.indexOf(won?.holder ?? '')]).to.equal(won);
      seen = await leases.read('relay');
      expect(seen).to.deep.equal(won);
    }
  });

  it('are lost to their holder or to the taker, never to both, when one renews while the other takes', async () => {
    let held = await take('one');
    for (let round = 0; round < 20; round += 1) {
      const [renewed, taken]: (Lease | null)[] = await Promise.all([
        leases.renew(held),
        leases.take('relay', `rival-${round}`, held),
      ]);
      expect([renewed === null, taken === null]).to.have.members([true, false]);
      held = (renewed ?? taken)!;
      expect(await leases.read('relay')).to.deep.equal(held);
    }
  });

  describe('when an answer is lost', () => {
    for (const [title, command, change] of [
      ['the first taker', 'insert', () => leases.take('relay', 'one', null)],
      ['who takes it over', 'update', async () => leases.take('relay', 'one', await leases.read('relay'))],
      ['who renews it', 'update', async () => leases.renew((await leases.read('relay'))!)],
    ] as const) {
      it(`belong to ${title}, whom the driver asked for twice`, async () => {
        if (command === 'update') await take('one');
        wired().proxy.play({ command, collection: 'leases' }, { answerLost: 'cut' });
        const changed = await change();
        expect(changed?.holder).to.equal('one');
        expect(await leases.read('relay')).to.deep.equal(changed);
        expect(await leases.renew(changed!)).not.to.equal(null);
      });

      it(`say that the store is away to ${title}`, async () => {
        if (command === 'update') await take('one');
        wired().proxy.play({ command, collection: 'leases', times: 2 }, NOT_PRIMARY);
        const error: unknown = await Promise.resolve(change()).catch((thrown: unknown) => thrown);
        expect(isFailure(error, 'store-away')).to.equal(true);
      });
    }
  });
});
