import { expect } from 'chai';
import { isDay, normalisedInstant, refuseFuture, shifted } from '../../src/kernel/clock.ts';
import { failureCode } from '../support/failures.ts';

describe('instants', () => {
  it('are stored in one form, whatever precision they came in', () => {
    expect(normalisedInstant('2026-11-02T09:00:00Z', 'at')).to.equal('2026-11-02T09:00:00.000Z');
    expect(normalisedInstant('2026-11-02T09:00:00.5Z', 'at')).to.equal('2026-11-02T09:00:00.500Z');
  });

  it('are stored in UTC, whatever offset they came with', () => {
    expect(normalisedInstant('2026-11-02T09:00:00+08:00', 'at')).to.equal('2026-11-02T01:00:00.000Z');
    expect(normalisedInstant('2026-11-02T05:00:00.123456+08:00', 'at')).to.equal('2026-11-01T21:00:00.123Z');
    expect(normalisedInstant('2026-12-31T23:30:00-01:00', 'at')).to.equal('2027-01-01T00:30:00.000Z');
    expect(normalisedInstant('2026-11-02T09:00:00+00:00', 'at')).to.equal('2026-11-02T09:00:00.000Z');
  });

  it('of a date alone are its start or end, where that is said', async () => {
    expect(normalisedInstant('2026-11-02', 'since', 'start')).to.equal('2026-11-02T00:00:00.000Z');
    expect(normalisedInstant('2026-11-02', 'asOf', 'end')).to.equal('2026-11-02T23:59:59.999Z');
    expect(normalisedInstant('2026-11-02T09:00:00Z', 'asOf', 'end')).to.equal('2026-11-02T09:00:00.000Z');
    expect(await failureCode(async () => normalisedInstant('2026-11-02', 'at'))).to.equal('invalid');
    expect(await failureCode(async () => normalisedInstant('2026-02-30', 'asOf', 'end'))).to.equal('invalid');
  });

  it('are refused where an offset leads out of the years of four digits', async () => {
    for (const text of ['0000-01-01T00:00:00+01:00', '9999-12-31T23:30:00-01:00']) {
      expect(await failureCode(async () => normalisedInstant(text, 'at')), text).to.equal('invalid');
    }
  });

  it('are refused on a day that no calendar has', async () => {
    expect(await failureCode(async () => normalisedInstant('2026-02-30T09:00:00Z', 'at'))).to.equal(
      'invalid',
    );
    expect(await failureCode(async () => normalisedInstant('2026-02-30T09:00:00+08:00', 'at'))).to.equal(
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
