import { expect } from 'chai';
import { readConfig } from '../../src/config/config.ts';
import { auditScheduleOf } from '../../src/main/audits.ts';
import { REPORTS } from '../../src/modules/audit/index.ts';
import { failureMessage } from '../support/failures.ts';

const scheduleOf = (env: Record<string, string>) => auditScheduleOf(readConfig(env));

describe('the schedule of reports', () => {
  it('is each night and of all reports but summaries, unless the settings say otherwise', () => {
    const names = REPORTS.map(({ name }) => name);
    const details = names.filter((name) => !name.startsWith('summary-'));
    expect(details.length).to.be.below(names.length);
    expect(scheduleOf({})).to.deep.equal({ cron: '0 2 * * *', reports: details });
    const env = { AUDIT_SCHEDULE: '30 4 * * 1', AUDIT_REPORTS: 'several-exporters, several-exporters' };
    expect(scheduleOf(env)).to.deep.equal({ cron: '30 4 * * 1', reports: ['several-exporters'] });
    expect(scheduleOf({ AUDIT_SCHEDULE: 'off' }).cron).to.equal(null);
  });

  for (const [title, env, said] of [
    ['a time that there is not', { AUDIT_SCHEDULE: '61 2 * * *' }, /^AUDIT_SCHEDULE is no cron expression/],
    ['something else', { AUDIT_SCHEDULE: 'nightly' }, /^AUDIT_SCHEDULE is no cron expression/],
    [
      'a report that there is not',
      { AUDIT_REPORTS: 'several-exporters,no' },
      /^AUDIT_REPORTS names a report/,
    ],
  ] as const) {
    it(`is refused with ${title}, without its value`, async () => {
      const message = await failureMessage(() => scheduleOf(env));
      expect(message).to.match(said);
      expect(message).not.to.match(/61|nightly|several/);
    });
  }
});
