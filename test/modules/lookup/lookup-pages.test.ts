import { expect } from 'chai';
import { DAY_MS, shifted } from '../../../src/kernel/clock.ts';
import type { LookupLogEntry } from '../../../src/modules/lookup/index.ts';
import { lookupPages } from '../../../src/modules/lookup/lookup-pages.ts';
import { createMemoryStores, noRecords } from '../../support/memory-stores.ts';
import { lookupWith } from '../../support/records.ts';
import { START } from '../../support/times.ts';

describe('the pages of a look-up log', () => {
  async function paged(entries: readonly LookupLogEntry[]): Promise<LookupLogEntry[][]> {
    const { lookupLog } = createMemoryStores(noRecords());
    for (const entry of entries) await lookupLog.add(entry);
    const pages: LookupLogEntry[][] = [];
    for await (const page of lookupPages(lookupLog)) pages.push([...page]);
    return pages;
  }
  const after = (no: number, ms: number) => lookupWith(no, { at: shifted(START, ms) });

  it('hold what was added from one instant to another, both included', async () => {
    const { lookupLog } = createMemoryStores(noRecords());
    const days = [0, 1, 2, 3, 400, 900];
    for (const day of days) await lookupLog.add(after(day, day * DAY_MS));
    const within = async (since: number, until: number): Promise<string[]> => {
      const range = { since: shifted(START, since * DAY_MS), until: shifted(START, until * DAY_MS) };
      const found: string[] = [];
      for await (const page of lookupPages(lookupLog, range))
        found.push(...page.map(({ lookupId }) => lookupId));
      return found;
    };
    const ids = (some: readonly number[]) => some.map((day) => after(day, 0).lookupId);
    expect(await within(1, 3)).to.deep.equal(ids([1, 2, 3]));
    expect(await within(2, 400)).to.deep.equal(ids([2, 3, 400]));
    expect(await within(4, 399)).to.deep.equal([]);
    expect(await within(0, 5_000)).to.deep.equal(ids(days));
  });

  it('are none where nobody looked anything up', async () => {
    expect(await paged([])).to.deep.equal([]);
  });

  it('hold every entry once, in order, over gaps of years', async () => {
    const entries = [0, 1, DAY_MS, DAY_MS + 1, 400 * DAY_MS, 8_000 * DAY_MS].map((ms, no) => after(no, ms));
    expect((await paged(entries)).flat()).to.deep.equal(entries);
  });

  it('hold every entry once where thousands were made in a moment, and are bounded', async () => {
    const entries = Array.from({ length: 2_500 }, (_, no) => after(no, no < 100 ? no * 1_000 : DAY_MS * 3));
    const pages = await paged(entries);
    expect(pages.flat()).to.deep.equal(entries);
    expect(Math.max(...pages.map((page) => page.length))).to.be.at.most(1_000);
  });
});
