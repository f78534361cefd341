import { expect } from 'chai';
import { mongo } from 'mongoose';
import { createBatch } from '../../../src/platform/mongo/index.ts';
import { failureCode } from '../../support/failures.ts';

/** Round trips that end when the test says so. */
function createTrips(maxKeys: number) {
  const trips: { readonly keys: readonly number[]; end(error?: Error): void }[] = [];
  const batch = createBatch<number, string>({
    maxKeys,
    run: (keys) =>
      new Promise((resolve, reject) => {
        trips.push({
          keys,
          end: (error) => (error === undefined ? resolve(keys.map((key) => `value ${key}`)) : reject(error)),
        });
      }),
  });
  return { batch, trips, keysOf: () => trips.map(({ keys }) => keys) };
}

/** Long enough for whatever a turn of the event loop leads to. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

describe('calls that share round trips', () => {
  it('go at once when they come alone, also while another one is under way', async () => {
    const { batch, trips, keysOf } = createTrips(10);
    const first = batch(1);
    await turns();
    const second = batch(2);
    await turns();
    expect(keysOf()).to.deep.equal([[1], [2]]);
    trips[1]?.end();
    expect(await second).to.equal('value 2');
    trips[0]?.end();
    expect(await first).to.equal('value 1');
  });

  it('go together when they come in one turn, and each gets its own value', async () => {
    const { batch, trips, keysOf } = createTrips(10);
    const calls = Promise.all([5, 3, 5].map(batch));
    await turns();
    expect(keysOf()).to.deep.equal([[5, 3, 5]]);
    trips[0]?.end();
    expect(await calls).to.deep.equal(['value 5', 'value 3', 'value 5']);
  });

  it('wait while two round trips are under way, and then go together, so many at most', async () => {
    const { batch, trips, keysOf } = createTrips(3);
    const calls = [batch(0)];
    await turns();
    calls.push(batch(1));
    await turns();
    for (const key of range(2, 9)) {
      calls.push(batch(key));
      await turns();
    }
    expect(keysOf()).to.deep.equal([[0], [1]]);
    trips[0]?.end();
    await turns();
    expect(keysOf().slice(2)).to.deep.equal([[2, 3, 4]]);
    trips[1]?.end();
    trips[2]?.end();
    await turns();
    expect(keysOf().slice(3)).to.deep.equal([[5, 6, 7], [8]]);
    for (const trip of trips.slice(3)) trip.end();
    expect(await Promise.all(calls)).to.deep.equal(range(0, 9).map((key) => `value ${key}`));
  });

  it('all fail with the one round trip that fails, in words for callers, and no others do', async () => {
    const { batch, trips, keysOf } = createTrips(2);
    const calls = range(0, 3).map(batch);
    const outcomes = Promise.all(calls.map((call) => call.catch(() => 'failed')));
    const codes = Promise.all(calls.slice(0, 2).map((call) => failureCode(() => call)));
    await turns();
    expect(keysOf()).to.deep.equal([[0, 1], [2]]);
    trips[0]?.end(new mongo.MongoNetworkError('connection 1 closed'));
    trips[1]?.end();
    expect(await outcomes).to.deep.equal(['failed', 'failed', 'value 2']);
    expect(await codes).to.deep.equal(['store-away', 'store-away']);
    const later = batch(9);
    await turns();
    trips[2]?.end();
    expect(await later).to.equal('value 9');
  });

  it('fail as they are when the error is none of the store', async () => {
    const { batch, trips } = createTrips(2);
    const bug = new TypeError('a bug');
    const call = batch(1).catch((error: unknown) => error);
    await turns();
    trips[0]?.end(bug);
    expect(await call).to.equal(bug);
  });

  it('are turned away when ten thousand wait, which are all answered', async () => {
    const { batch, trips } = createTrips(1_000);
    const waiting = range(0, 10_000).map(batch);
    expect(await failureCode(() => batch(10_000))).to.equal('store-busy');
    for (let trip = 0; trip < 10; trip += 1) {
      await turns();
      trips[trip]?.end();
    }
    expect((await Promise.all(waiting)).at(-1)).to.equal('value 9999');
    expect(trips).to.have.length(10);
    const later = batch(1);
    await turns();
    trips[10]?.end();
    expect(await later).to.equal('value 1');
  });
});
