import { expect } from 'chai';
import type { LookupLog, LookupLogEntry } from '../../src/modules/lookup/index.ts';
import type { LookupLogQuery } from '../../src/modules/lookup/lookup.ports.ts';
import { onEveryEngine } from '../support/engines.ts';
import { at } from '../support/times.ts';

function entry(no: number, facts: Partial<LookupLogEntry> = {}): LookupLogEntry {
  return {
    lookupId: `lkp_${String(no).padStart(3, '0')}`,
    at: at(no),
    sub: 'officer-1',
    org: 'au-border',
    role: 'customs',
    country: 'AU',
    serial: `zp33 ${no}`,
    verdict: 'unknown',
    itemIds: [],
    ...facts,
  };
}

onEveryEngine('LookupLog', (opened) => {
  let log: LookupLog;
  beforeEach(() => {
    log = opened().stores.lookupLog;
  });
  const list = async (query: Omit<LookupLogQuery, 'limit'>, limit = 10): Promise<string[]> =>
    (await log.list({ ...query, limit })).map((each) => each.lookupId);

  it('keeps every look-up to the letter, durably', async () => {
    const full = entry(1, {
      serial: '{"$ne":""} \u0417\u041F33',
      maker: 'PTK',
      kind: 'die',
      case: 'CASE-1',
      verdict: 'stop',
      itemIds: ['itm_b', 'itm_a'],
    });
    await log.add(full);
    await log.add(entry(2));
    expect(await log.list({ limit: 10 })).to.deep.equal([full, entry(2)]);
    expect(await (await opened().again()).lookupLog.list({ limit: 10 })).to.deep.equal([full, entry(2)]);
  });

  it('keeps an entry once that is given again, also among others', async () => {
    await log.add(entry(1));
    await log.add(entry(1));
    await Promise.all([entry(2), entry(1), entry(2), entry(3, { at: at(2) })].map((each) => log.add(each)));
    expect(await list({})).to.deep.equal(['lkp_001', 'lkp_002', 'lkp_003']);
    expect(await log.count()).to.equal(3);
  });

  it('lists in order of time, then id, up to the limit', async () => {
    for (const each of [entry(3), entry(2, { at: at(1) }), entry(1), entry(4)]) await log.add(each);
    expect(await list({})).to.deep.equal(['lkp_001', 'lkp_002', 'lkp_003', 'lkp_004']);
    expect(await list({}, 3)).to.deep.equal(['lkp_001', 'lkp_002', 'lkp_003']);
  });

  it('is narrowed by organisation, case and time, that very instant included', async () => {
    await log.add(entry(1, { case: 'A' }));
    await log.add(entry(2, { case: 'A', org: 'tw-customs' }));
    await log.add(entry(3));
    expect(await list({ org: 'au-border' })).to.deep.equal(['lkp_001', 'lkp_003']);
    expect(await list({ case: 'A' })).to.deep.equal(['lkp_001', 'lkp_002']);
    expect(await list({ case: 'A', org: 'tw-customs' })).to.deep.equal(['lkp_002']);
    expect(await list({ since: at(2) })).to.deep.equal(['lkp_002', 'lkp_003']);
    expect(await list({ until: at(2) })).to.deep.equal(['lkp_001', 'lkp_002']);
    expect(await list({ since: at(2), until: at(2) })).to.deep.equal(['lkp_002']);
    const after = { at: at(1), lookupId: 'lkp_001' };
    expect(await list({ after, until: at(2) })).to.deep.equal(['lkp_002']);
    expect(await list({ org: 'nobody' })).to.deep.equal([]);
  });

  it('goes on after the last one of a page, also among those of one instant', async () => {
    await Promise.all([1, 2, 3, 4].map((no) => log.add(entry(no, { at: at(0) }))));
    expect(await list({ after: { at: at(0), lookupId: 'lkp_001' } }, 2)).to.deep.equal([
      'lkp_002',
      'lkp_003',
    ]);
    expect(await list({ after: { at: at(0), lookupId: 'lkp_004' } })).to.deep.equal([]);
  });

  it('keeps each of 64 look-ups at once, and counts them', async () => {
    expect(await log.count()).to.equal(0);
    const entries = Array.from({ length: 64 }, (_, no) => entry(no));
    await Promise.all(entries.map((each) => log.add(each)));
    expect(await log.count()).to.equal(64);
    expect(await log.list({ limit: 100 })).to.deep.equal(entries);
  });
});
