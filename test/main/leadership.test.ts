import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { Lease, LeaseStore } from '../../src/kernel/lease.ts';
import { ALONE, competeForLease } from '../../src/main/leadership.ts';
import type { Leadership } from '../../src/main/leadership.ts';

const BEAT_MS = 1;
const SILENCE_MS = 100;
const HELD_MS = SILENCE_MS - BEAT_MS;

/** Leases in memory, with the promises of the port. */
function createLeases() {
  let present: Lease | null = null;
  const counts = { read: 0, take: 0, renew: 0 };
  let failing: Error | null = null;
  let held: Promise<void> = Promise.resolve();
  const isPresent = (seen: Lease | null): boolean => JSON.stringify(seen) === JSON.stringify(present);
  async function asked(what?: keyof typeof counts): Promise<void> {
    if (what !== undefined) counts[what] += 1;
    await held;
    if (failing !== null) throw failing;
  }
  const store: LeaseStore = {
    async read() {
      await asked('read');
      return present;
    },
    async take(name, holder, seen) {
      await asked('take');
      if (!isPresent(seen)) return null;
      present = { name, holder, token: (seen?.token ?? 0) + 1, beat: (seen?.beat ?? 0) + 1 };
      return present;
    },
    async renew(lease) {
      await asked('renew');
      if (!isPresent(lease)) return null;
      present = { ...lease, beat: lease.beat + 1 };
      return present;
    },
    async release(lease) {
      await asked();
      if (isPresent(lease)) present = { ...lease, holder: '', beat: lease.beat + 1 };
    },
  };
  return {
    store,
    counts,
    present: () => present,
    /** From now on every call fails so; null: none does. */
    fail: (error: Error | null) => void (failing = error),
    /** Answers wait until the function that is given back is called. */
    hold(): () => void {
      let release: () => void = () => undefined;
      held = new Promise((resolve) => (release = resolve));
      return release;
    },
  };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(1);
}

describe('who leads among processes', () => {
  let leases: ReturnType<typeof createLeases>;
  /** The clock of all processes; it goes when a test says so. */
  let now: number;
  const opened: Leadership[] = [];
  const errors: unknown[] = [];

  beforeEach(() => {
    leases = createLeases();
    now = 1_000;
    errors.length = 0;
  });
  afterEach(async () => {
    leases.fail(null);
    await Promise.all(opened.splice(0).map((each) => each.close()));
  });

  function compete(holder: string, store = leases.store): Leadership {
    const leadership = competeForLease({
      leases: store,
      name: 'relay',
      holder,
      onError: (error) => errors.push(error),
      beatMs: BEAT_MS,
      silenceMs: SILENCE_MS,
      monotonic: () => now,
    });
    opened.push(leadership);
    return leadership;
  }

  /** Long enough for a few beats of everybody. */
  async function beats(count = 5): Promise<void> {
    const { read, renew } = leases.counts;
    await until(() => leases.counts.read + leases.counts.renew >= read + renew + count * opened.length);
  }

  /** A process that doesn't reach the store any more, and gets no answer. */
  function cutOff(store: LeaseStore): { store: LeaseStore; cut: () => void } {
    let isCut = false;
    const silent = new Promise<never>(() => undefined);
    const through =
      <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
      (...args: A) =>
        isCut ? silent : call(...args);
    return {
      store: {
        read: through(store.read),
        take: through(store.take),
        renew: through(store.renew),
        release: through(store.release),
      },
      cut: () => void (isCut = true),
    };
  }

  it('is whoever is alone', () => {
    expect(ALONE.holds()).to.equal(true);
  });

  it('is the one who asks first, and nobody before the answer', async () => {
    const release = leases.hold();
    const one = compete('one');
    await until(() => leases.counts.read === 1);
    expect(one.holds()).to.equal(false);
    release();
    await until(() => one.holds());
    expect(leases.present()).to.include({ holder: 'one', token: 1 });
  });

  it('stays the same for as long as it beats', async () => {
    const one = compete('one');
    await until(() => one.holds());
    const two = compete('two');
    for (let round = 0; round < 20; round += 1) {
      now += SILENCE_MS / 4;
      await beats();
      expect([one.holds(), two.holds()]).to.deep.equal([true, false]);
    }
    expect(leases.present()).to.include({ holder: 'one', token: 1 });
  });

  it('is nobody, and then a rival, when the leader falls silent; never both', async () => {
    const { store, cut } = cutOff(leases.store);
    const one = competeForLease({
      leases: store,
      name: 'relay',
      holder: 'one',
      onError: () => undefined,
      beatMs: BEAT_MS,
      silenceMs: SILENCE_MS,
      monotonic: () => now,
    });
    await until(() => one.holds());
    cut();
    const seen = leases.present();
    const two = compete('two');
    await beats();
    // The rival's time begins when it sees the last beat, the leader's began before it sent it.
    now += HELD_MS - 1;
    await beats();
    expect([one.holds(), two.holds()]).to.deep.equal([true, false]);
    now += 1;
    await beats();
    expect([one.holds(), two.holds()]).to.deep.equal([false, false]);
    now += BEAT_MS;
    await until(() => two.holds());
    expect(one.holds()).to.equal(false);
    expect(leases.present()).to.include({ holder: 'two', token: (seen?.token ?? 0) + 1 });
  });

  it('is not the one whose beat was answered after its time was over', async () => {
    const one = compete('one');
    await until(() => one.holds());
    const { renew } = leases.counts;
    const late = leases.hold();
    await until(() => leases.counts.renew > renew);
    now += SILENCE_MS;
    const next = leases.hold();
    late();
    await until(() => leases.counts.renew > renew + 1);
    expect(one.holds()).to.equal(false);
    next();
    await until(() => one.holds());
    now += HELD_MS - 1;
    expect(one.holds()).to.equal(true);
  });

  it('is nobody from the moment on at which a beat fails, and again the same after a silence', async () => {
    const one = compete('one');
    await until(() => one.holds());
    leases.fail(new Error('the store is away'));
    await until(() => !one.holds());
    expect(errors[0]).to.have.property('message', 'the store is away');
    leases.fail(null);
    await beats();
    expect(one.holds(), 'its own last beat may be unknown to it').to.equal(false);
    now += SILENCE_MS;
    await until(() => one.holds());
    expect(leases.present()).to.include({ holder: 'one', token: 2 });
  });

  it('is the next one at once when the leader closes, which leads no more', async () => {
    const one = compete('one');
    await until(() => one.holds());
    const two = compete('two');
    await beats();
    await one.close();
    expect(one.holds()).to.equal(false);
    await until(() => two.holds());
    expect(leases.present()).to.include({ holder: 'two', token: 2 });
    await two.close();
    expect(leases.present()).to.include({ holder: '', token: 2 });
  });

  it('is not the one that is closing, from before the lease is given back', async () => {
    const one = compete('one');
    await until(() => one.holds());
    const release = leases.hold();
    const closing = one.close();
    await until(() => !one.holds());
    expect(leases.present()).to.include({ holder: 'one' });
    release();
    await closing;
    expect(leases.present()).to.include({ holder: '' });
  });

  it('changes nothing of a rival that leads when another one closes', async () => {
    const one = compete('one');
    await until(() => one.holds());
    const two = compete('two');
    await beats();
    await two.close();
    expect(one.holds()).to.equal(true);
    expect(leases.present()).to.include({ holder: 'one' });
  });

  it('is one of 16 at a time, whoever closes', async () => {
    const all = Array.from({ length: 16 }, (_, no) => compete(`p-${no}`));
    const leaders = () => all.filter((each) => each.holds());
    for (let round = 0; round < 8; round += 1) {
      await until(() => leaders().length > 0);
      expect(leaders()).to.have.length(1);
      const [leader] = leaders();
      await leader!.close();
      all.splice(all.indexOf(leader!), 1);
    }
    expect(leases.present()?.token).to.be.at.least(8);
  });
});
