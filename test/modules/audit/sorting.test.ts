import { expect } from 'chai';
import type { SortedGroup, Sorting } from '../../../src/modules/audit/sorting.ts';
import { openSorting } from '../../support/auditing.ts';

describe('a sorting', () => {
  let sorting: Sorting;
  beforeEach(() => {
    sorting = openSorting();
  });
  afterEach(() => sorting.close());

  const all = (after: string | null, maxValues = 100): SortedGroup[] =>
    [...sorting.groups(after, maxValues)].flat();

  it('brings together what lies apart, in the order in which it came', () => {
    sorting.add([
      { group: 'b', value: '1' },
      { group: 'a', value: '2' },
    ]);
    sorting.add([{ group: 'b', value: '3' }]);
    expect(all(null)).to.have.deep.members([
      { group: 'b', values: ['1', '3'], count: 2 },
      { group: 'a', values: ['2'], count: 1 },
    ]);
  });

  it('gives every group once, and after any of them the rest, whatever was added in which order', () => {
    const names = Array.from({ length: 5_000 }, (_, no) => `group-${(no * 7_919) % 5_000}`);
    sorting.add(names.map((group) => ({ group, value: 'x' })));
    const order = all(null).map(({ group }) => group);
    expect(new Set(order)).to.deep.equal(new Set(names));
    expect(order).to.have.length(names.length);
    for (const at of [0, 1, 2_499, 4_998, 4_999]) {
      const rest = all(order[at] ?? '').map(({ group }) => group);
      expect(rest).to.deep.equal(order.slice(at + 1));
    }
    const other = openSorting();
    other.add(names.toReversed().map((group) => ({ group, value: 'y' })));
    expect([...other.groups(null, 1)].flat().map(({ group }) => group)).to.deep.equal(order);
    other.close();
  });

  it('keeps so many values of a group, and counts the others', () => {
    sorting.add(Array.from({ length: 10 }, (_, no) => ({ group: 'a', value: String(no) })));
    expect(all(null, 3)).to.deep.equal([{ group: 'a', values: ['0', '1', '2'], count: 10 }]);
  });

  it('goes on after a group that is not there', () => {
    sorting.add([{ group: 'a', value: '1' }]);
    const rest = all('never added').map(({ group }) => group);
    expect(rest.length).to.be.at.most(1);
    expect(all(null)).to.have.length(1);
  });
});
