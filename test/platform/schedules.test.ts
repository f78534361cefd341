import { expect } from 'chai';
import { lastInstant } from '../../src/platform/queue/index.ts';

describe('the last instant of a schedule', () => {
  for (const [cron, now, last] of [
    ['0 2 * * *', '2026-11-02T09:00:00.000Z', '2026-11-02T02:00:00.000Z'],
    ['0 2 * * *', '2026-11-02T01:59:59.999Z', '2026-11-01T02:00:00.000Z'],
    ['0 2 * * *', '2026-11-02T02:00:00.000Z', '2026-11-02T02:00:00.000Z'],
    ['0 2 * * *', '2026-11-02T02:00:00.001Z', '2026-11-02T02:00:00.000Z'],
    ['*/15 * * * *', '2026-11-02T09:16:00.000Z', '2026-11-02T09:15:00.000Z'],
    ['30 4 * * 1', '2026-11-04T00:00:00.000Z', '2026-11-02T04:30:00.000Z'],
    ['0 0 1 * *', '2026-03-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
  ] as const) {
    it(`of ${cron} at ${now} is ${last}, in UTC`, () => {
      expect(lastInstant(cron, now)).to.equal(last);
    });
  }

  for (const cron of ['', 'daily', '@daily', '61 2 * * *', '0 2 * *', '* * * * * *', '0 2 30 2 *']) {
    it(`is none of "${cron}"`, () => {
      expect(() => lastInstant(cron, '2026-11-02T09:00:00.000Z')).to.throw();
    });
  }
});
