import { expect } from 'chai';
import { derivedId } from '../../src/kernel/derived-id.ts';
import { createReadInOrder } from '../../src/platform/mongo/index.ts';
import type { TestDatabase } from '../support/mongo-server.ts';
import { createDatabase, MONGO_SOURCE } from '../support/mongo-server.ts';

interface Thing {
  readonly _id: string;
}

(MONGO_SOURCE === null ? describe.skip : describe)('documents of MongoDB in order of id', function () {
  this.timeout(60_000);
  let database: TestDatabase;

  before(async () => {
    database = await createDatabase(false);
  });
  after(() => database.drop());

  /** What is read, so many at a time, after so many of the ids. */
  async function pages(ids: readonly string[], wanted: number): Promise<string[][]> {
    const things = database.connection.collection('things');
    await things.deleteMany({});
    if (ids.length > 0) await things.insertMany(ids.map((_id) => ({ _id }) as never));
    const read = createReadInOrder<Thing>(things, 'thg_');
    const found: string[][] = [];
    for (let after = ''; ;) {
      const page: string[] = [];
      for await (const { _id } of read(after, wanted)) {
        page.push(_id);
        if (page.length === wanted) break;
      }
      if (page.length === 0) return found;
      found.push(page);
      after = page.at(-1) ?? '';
    }
  }

  const hashed = (count: number) => Array.from({ length: count }, (_, no) => derivedId('thg', String(no)));

  it('are read whole, and in pages that are full', async () => {
    const ids = hashed(1_000);
    const found = await pages(ids, 70);
    expect(found.flat()).to.deep.equal([...ids].sort());
    expect(found.slice(0, -1).every((page) => page.length === 70)).to.equal(true);
  });

  it('are read whole where there are none or few', async () => {
    for (const count of [0, 1, 2, 3]) {
      const ids = hashed(count);
      expect((await pages(ids, 2)).flat()).to.deep.equal([...ids].sort());
    }
  });

  it('are read whole where ids lie unevenly, or have another form', async () => {
    const crowded = Array.from({ length: 300 }, (_, no) => `thg_zzzzzz${String(no).padStart(20, '0')}`);
    const ids = ['thg_', 'thg_0', 'thg_000000', 'thg_none', 'thg_zz', 'other', 'zebra', ...crowded];
    expect((await pages(ids, 50)).flat()).to.deep.equal([...ids].sort());
  });
});
