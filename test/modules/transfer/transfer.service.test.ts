import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { canonicalJson } from '../../../src/kernel/canonical-json.ts';
import type { Stores } from '../../../src/main/stores.ts';
import type { Comparison, Kind, RecordSource, RecordTarget } from '../../../src/modules/transfer/index.ts';
import {
  compareRecords,
  copyRecords,
  KINDS,
  proveCopy,
  sizeOf,
  storedRecords,
} from '../../../src/modules/transfer/index.ts';
import { declarationWith } from '../../support/declarations.ts';
import { createMemoryStores, noRecords } from '../../support/memory-stores.ts';
import { fillStores, itemRecord, lookupWith } from '../../support/records.ts';

const counts = ({ kinds }: Comparison) => kinds.map(({ first, second }) => [first.count, second.count]);
const wanting = ({ kinds }: Comparison) => kinds.map((kind) => kind.wanting);
const unchanged = () => Promise.resolve(true);

describe('the transfer of records', () => {
  let from: Stores;
  let to: Stores;
  let source: RecordSource;
  let target: RecordTarget;

  beforeEach(async () => {
    from = createMemoryStores(noRecords());
    to = createMemoryStores(noRecords());
    source = storedRecords(from, unchanged);
    target = storedRecords(to);
    await fillStores(from);
  });

  it('copies every record, and finds both equal afterwards', async () => {
    const before = await copyRecords(source, target);
    expect(before.equal).to.equal(false);
    expect(wanting(before)).to.deep.equal([3, 40, 2, 5, 2, 3, 2, 3]);
    const after = await compareRecords(source, target);
    expect(after.equal).to.equal(true);
    expect(counts(after)).to.deep.equal([
      [3, 3],
      [40, 40],
      [2, 2],
      [5, 5],
      [2, 2],
      [3, 3],
      [2, 2],
      [3, 3],
    ]);
    expect(after.kinds.map(({ kind }) => kind)).to.deep.equal([...KINDS]);
    expect(await proveCopy(before, source, target)).to.deep.equal(after);
  });

  it('adds records up by SHA-256 over their canonical JSON, a line each, in order', async () => {
    const hash = createHash('sha256');
    for (const no of [1, 2, 3]) hash.update(`${canonicalJson(declarationWith(no))}\n`);
    const { kinds } = await compareRecords(source, source);
    expect(kinds[0]?.first).to.deep.equal({ count: 3, digest: hash.digest('hex') });
  });

  it('tells how far it is', async () => {
    const told: number[] = [];
    expect(await sizeOf(source)).to.equal(60);
    await copyRecords(source, target, (read) => told.push(read));
    expect(told).to.deep.equal([...told].sort((a, b) => a - b));
    expect(told.at(-1)).to.equal(60);
  });

  it('changes nothing when it is done again', async () => {
    await copyRecords(source, target);
    const adopted: Kind[] = [];
    const watched: RecordTarget = {
      ...target,
      adopt: async (kind) => void adopted.push(kind),
    };
    const again = await copyRecords(source, watched);
    expect([again.equal, adopted]).to.deep.equal([true, []]);
  });

  it('goes on where it was interrupted', async () => {
    let left = 2;
    const dying: RecordTarget = {
      ...target,
      adopt: (kind, records) => {
        left -= 1;
        return left < 0 ? Promise.reject(new Error('killed')) : target.adopt(kind, records);
      },
    };
    expect(await copyRecords(source, dying).catch((error: Error) => error.message)).to.equal('killed');
    const resumed = await copyRecords(source, target);
    expect(wanting(resumed)).to.deep.equal([0, 0, 2, 5, 2, 3, 2, 3]);
    expect((await compareRecords(source, target)).equal).to.equal(true);
  });

  it('brings what changed since an earlier copy, and only that', async () => {
    await copyRecords(source, target);
    await from.lookupLog.add(lookupWith(9));
    await from.register.adopt([itemRecord('NEW-1', 2)]);
    await from.declarations.replace(
      declarationWith(2),
      declarationWith(2, { version: 2, state: 'withdrawn' }),
    );
    const again = await copyRecords(source, target);
    expect(wanting(again)).to.deep.equal([1, 1, 0, 1, 0, 0, 0, 0]);
    expect((await compareRecords(source, target)).equal).to.equal(true);
  });

  it('proves nothing when the source was written to, or the copy is not the same', async () => {
    const before = await copyRecords(source, target);
    expect(await proveCopy(before, storedRecords(from), target)).to.equal(null);
    await to.lookupLog.add(lookupWith(77));
    expect(await proveCopy(before, source, target)).to.equal(null);
  });

  it('names what differs: the first ten of a kind, and how many in all', async () => {
    await copyRecords(source, target);
    await from.declarations.insert(declarationWith(7));
    await to.declarations.insert(declarationWith(8));
    await to.declarations.replace(declarationWith(2), declarationWith(2, { version: 2 }));
    for (let no = 100; no < 112; no += 1) await to.lookupLog.add(lookupWith(no));
    const { equal, kinds } = await compareRecords(source, target);
    const [declarations, items, , lookups] = kinds;
    expect(equal).to.equal(false);
    expect(declarations?.named).to.deep.equal([
      { key: 'dcl_0002', what: 'not the same in both' },
      { key: 'dcl_0007', what: 'only in the first' },
      { key: 'dcl_0008', what: 'only in the second' },
    ]);
    expect([declarations?.different, declarations?.wanting]).to.deep.equal([3, 2]);
    expect(items?.different).to.equal(0);
    expect(lookups?.different).to.equal(12);
    expect(lookups?.named.map(({ what }) => what)).to.deep.equal(
      Array.from({ length: 10 }, () => 'only in the second'),
    );
  });

  it('finds two registers unequal that hold the same records', async () => {
    const other = { ...source, registerId: 'reg_other' };
    const { equal, kinds, registerIds } = await compareRecords(source, other);
    expect(equal).to.equal(false);
    expect(kinds.every(({ different }) => different === 0)).to.equal(true);
    expect(registerIds).to.deep.equal(['reg_test', 'reg_other']);
  });

  it('refuses a source whose records are not in order', async () => {
    const records = [declarationWith(2), declarationWith(1)];
    const muddled: RecordSource = {
      ...source,
      pages: (kind) => (kind === 'declarations' ? pageOf(records) : source.pages(kind)) as never,
    };
    const refused = await compareRecords(muddled, source).catch((error: Error) => error.message);
    expect(refused).to.equal('The declarations are not in order: dcl_0001 comes after dcl_0002.');
  });
});

async function* pageOf<T>(records: readonly T[]): AsyncGenerator<readonly T[]> {
  yield records;
}
