import { expect } from 'chai';
import { systemClock, systemRandom } from '../../src/main/clock.ts';

describe('the system clock', () => {
  function clockShowing(...times: number[]) {
    const clock = systemClock(() => times.shift() ?? 0);
    return () => Date.parse(clock.now());
  }

  it('does not show small steps back', () => {
    const now = clockShowing(100_000, 99_000, 99_500, 100_001);
    expect([now(), now(), now(), now()]).to.deep.equal([100_000, 100_000, 100_000, 100_001]);
  });

  it('follows a large step back, for then it was wrong before', () => {
    const now = clockShowing(10_000_000, 5_000_000, 5_000_001);
    expect([now(), now(), now()]).to.deep.equal([10_000_000, 5_000_000, 5_000_001]);
  });
});

describe('system randomness', () => {
  it('gives 128 bits as hexadecimal digits, never the same twice', () => {
    const random = systemRandom();
    const nonces = Array.from({ length: 1_000 }, () => random.nonce());
    expect(new Set(nonces).size).to.equal(1_000);
    for (const nonce of nonces) expect(nonce).to.match(/^[0-9a-f]{32}$/);
  });
});
