import { expect } from 'chai';
import { createReadiness } from '../../src/main/readiness.ts';
import { openSqliteStores } from '../../src/main/stores.ts';
import { createTestClock } from '../support/times.ts';

describe('readiness', () => {
  const clock = createTestClock();
  let writable: boolean;
  let queueReady: boolean;
  let probes: number;
  const readiness = () =>
    createReadiness({
      clock,
      isQueueReady: () => queueReady,
      probe: () => {
        probes += 1;
        return writable ? Promise.resolve() : Promise.reject(new Error('the disk is full'));
      },
    });

  beforeEach(() => {
    writable = true;
    queueReady = true;
    probes = 0;
  });

  it('is there when the store can be written, and degraded without the queue', async () => {
    const ask = readiness();
    expect(await ask()).to.deep.equal({
      ready: true,
      degraded: false,
      checks: { store: 'ready', queue: 'ready' },
    });
    queueReady = false;
    expect(await ask()).to.deep.include({ ready: true, degraded: true });
  });

  it('is degraded, and says why, where the registry only answers', async () => {
    const ask = createReadiness({
      clock,
      isQueueReady: () => true,
      probe: async () => undefined,
      readOnly: true,
    });
    expect(await ask()).to.deep.equal({
      ready: true,
      degraded: true,
      checks: { store: 'ready', queue: 'ready', filing: 'refused: the registry only answers' },
    });
  });

  it('is missing while nothing can be written, and comes back by itself', async () => {
    const ask = readiness();
    writable = false;
    const answer = await ask();
    expect(answer.ready).to.equal(false);
    expect(answer.checks).to.include({ store: 'cannot be written' });
    writable = true;
    clock.pass(1_000);
    expect((await ask()).ready).to.equal(true);
  });

  it('costs a write a second at most, however many ask', async () => {
    const ask = readiness();
    await Promise.all([ask(), ask(), ask()]);
    clock.pass(999);
    await ask();
    expect(probes).to.equal(1);
    clock.pass(1);
    await ask();
    expect(probes).to.equal(2);
  });

  it('is looked for anew when the clock was set back', async () => {
    const ask = readiness();
    expect((await ask()).ready).to.equal(true);
    writable = false;
    clock.pass(-3_600_000);
    expect((await ask()).ready).to.equal(false);
  });

  it('is told by a write to the store itself', async () => {
    const stores = openSqliteStores(':memory:', 'reg_test');
    await stores.probe();
    await stores.close();
    expect(
      await stores.probe().then(
        () => 'written',
        () => 'not written',
      ),
    ).to.equal('not written');
  });
});
