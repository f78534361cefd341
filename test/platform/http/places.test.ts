import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { Admittance } from '../../../src/platform/http/places.ts';
import { createPlaces } from '../../../src/platform/http/places.ts';

const ROOMY = {
  atOnce: 2,
  perClient: 1,
  maxExpectedWaitMs: 1e6,
  maxWaitMs: 1e6,
  maxWaitingOfClient: 10,
  maxWaiting: 15,
};

/** Places whose requests begin and leave as a test says. */
function openPlaces(options: Partial<Parameters<typeof createPlaces>[0]> = {}) {
  let now = 0;
  const places = createPlaces({ ...ROOMY, monotonic: () => now, ...options });
  const begun: string[] = [];
  const givenUp: string[] = [];
  const leaves = new Map<string, () => void>();
  const requests = new Map<string, Parameters<typeof places.ask>[0]>();
  return {
    places,
    begun,
    givenUp,
    pass: (ms: number) => void (now += ms),
    ask(name: string): Admittance {
      const request = {
        client: name.slice(0, 1),
        begin(leave: () => void) {
          begun.push(name);
          leaves.set(name, leave);
        },
        giveUp: (reason: string) => void givenUp.push(`${name} ${reason}`),
      };
      requests.set(name, request);
      return places.ask(request);
    },
    leave: (name: string) => leaves.get(name)?.(),
    withdraw: (name: string) => places.withdraw(requests.get(name)!),
  };
}

describe('places at the edge', () => {
  it('are taken at once while there are some, all of them by one client that is alone', () => {
    const { ask, begun, places } = openPlaces();
    expect(['a1', 'a2', 'a3'].map(ask)).to.deep.equal(['begun', 'begun', 'waiting']);
    expect(begun).to.deep.equal(['a1', 'a2']);
    expect([places.underWay, places.waiting]).to.deep.equal([2, 1]);
  });

  it('are given to clients in turn, whatever each of them has sent', () => {
    const { ask, begun, leave } = openPlaces({ atOnce: 1 });
    for (const name of ['a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'b2']) ask(name);
    for (const name of ['a1', 'a2', 'b1', 'c1', 'a3', 'b2']) leave(name);
    expect(begun).to.deep.equal(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4']);
  });

  it('are kept from a client that has its share while others are there', () => {
    const { ask, begun, leave } = openPlaces({ atOnce: 3 });
    for (const name of ['a1', 'b1', 'a2', 'a3']) ask(name);
    expect(begun).to.deep.equal(['a1', 'b1']);
    leave('a1');
    expect(begun).to.deep.equal(['a1', 'b1', 'a2']);
    expect(ask('c1')).to.equal('begun');
  });

  it('are all for one client again once the others are gone', async () => {
    const { ask, leave, pass, places } = openPlaces({ atOnce: 3, presentMs: 10 });
    for (const name of ['b1', 'a1', 'a2', 'a3']) ask(name);
    leave('b1');
    await delay(30);
    // Its clock says that no time has passed.
    expect([places.underWay, places.waiting]).to.deep.equal([1, 2]);
    pass(11);
    while (places.waiting > 0) await delay(1);
    expect(places.underWay).to.equal(3);
  });

  it('are given back once, however often that is said', () => {
    const { ask, leave, places } = openPlaces({ atOnce: 1 });
    ask('a1');
    ask('a2');
    ask('a3');
    leave('a1');
    leave('a1');
    expect([places.underWay, places.waiting]).to.deep.equal([1, 1]);
  });

  it('have a bounded queue, of each client and of all', () => {
    const { ask } = openPlaces({ atOnce: 1, maxWaitingOfClient: 2, maxWaiting: 3 });
    expect(['a1', 'a2', 'a3', 'a4'].map(ask)).to.deep.equal(['begun', 'waiting', 'waiting', 'client-busy']);
    expect(['b1', 'c1'].map(ask)).to.deep.equal(['waiting', 'overloaded']);
  });

  it('are refused at once to whom would wait too long, as long as the work takes what it took', () => {
    const { ask, leave, pass } = openPlaces({ atOnce: 1, maxExpectedWaitMs: 100 });
    for (let no = 0; no < 200; no += 1) {
      ask(`a${no}`);
      pass(40);
      leave(`a${no}`);
    }
    // Each takes 40 ms: the third would wait for 80 ms, the fifth for 160.
    expect(['b1', 'b2', 'b3', 'b4', 'b5'].map(ask).slice(0, 3)).to.deep.equal([
      'begun',
      'waiting',
      'waiting',
    ]);
    expect(ask('b6')).to.equal('client-busy');
    expect(ask('c1')).to.equal('waiting');
  });

  it('are refused to a client beside others by what it may have, not by what there is', () => {
    const { ask, leave, pass } = openPlaces({ atOnce: 4, maxExpectedWaitMs: 100 });
    for (let no = 0; no < 200; no += 1) {
      ask(`a${no}`);
      pass(40);
      leave(`a${no}`);
    }
    expect(ask('b1')).to.equal('begun');
    // One at a time, and each takes 40 ms: the fifth would wait for 160.
    expect(['c1', 'c2', 'c3', 'c4', 'c5'].map(ask)).to.deep.equal([
      'begun',
      'waiting',
      'waiting',
      'waiting',
      'client-busy',
    ]);
  });

  it('are no longer waited for by one that is withdrawn', () => {
    const { ask, withdraw, leave, begun, places } = openPlaces({ atOnce: 1 });
    for (const name of ['a1', 'a2', 'a3']) ask(name);
    withdraw('a2');
    withdraw('a2');
    expect(places.waiting).to.equal(1);
    leave('a1');
    expect(begun).to.deep.equal(['a1', 'a3']);
  });

  it('are given up by what waited too long all the same', async () => {
    const { ask, pass, givenUp, places, leave, begun } = openPlaces({ atOnce: 1, maxWaitMs: 50 });
    ask('a1');
    ask('a2');
    pass(30);
    ask('b1');
    pass(30);
    while (givenUp.length === 0) await delay(5);
    expect(givenUp).to.deep.equal(['a2 overloaded']);
    expect(places.waiting).to.equal(1);
    leave('a1');
    expect(begun).to.deep.equal(['a1', 'b1']);
  });
});
