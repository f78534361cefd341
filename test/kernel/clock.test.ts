import { expect } from 'chai';
import { isDay, normalisedInstant, refuseFuture, shifted } from '../../src/kernel/clock.ts';
import { failureCode } from '../support/failures.ts';

describe('instants', () => {
  it('are stored in one form, whatever precision they came in', () => {
    expect(normalisedInstant('2026-11-02T09:00:00Z', 'at')).to.equal('2026-11-02T09:00:00.000Z');
    expect(normalisedInstant('2026-11-02T09:00:00.5Z', 'at')).to.equal('2026-11-02T09:00:00.500Z');
  });

  it('are refused on a day that no calendar has', async () => {
    expect(await failureCode(async () => normalisedInstant('2026-02-30T09:00:00Z', 'at'))).to.equal(
      'invalid',
    );
    expect(await failureCode(async () => normalisedInstant('not a day', 'at'))).to.equal('invalid');
  });

  it('may lie ahead by what clocks differ, and no more', async () => {
    const now = '2026-11-02T09:00:00.000Z';
    expect(() => refuseFuture(shifted(now, 60_000), now)).not.to.throw();
    expect(await failureCode(async () => refuseFuture(shifted(now, 3_600_000), now))).to.equal(
      'in-the-future',
    );
  });
});

describe('days', () => {
  it('are those of the calendar', () => {
    expect(isDay('2028-02-29')).to.equal(true);
    expect(isDay('2026-02-29')).to.equal(false);
    expect(isDay('2026-13-01')).to.equal(false);
  });
});
