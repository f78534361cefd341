import { expect } from 'chai';
import type { Stores } from '../../../src/main/stores.ts';
import type { ItemRecord } from '../../../src/modules/register/index.ts';
import { EXPORTER } from '../../support/declarations.ts';
import { dying } from '../../support/dying.ts';
import { failureCode } from '../../support/failures.ts';
import { removeFolders } from '../../support/folders.ts';
import { CSV, openImporting } from '../../support/importing.ts';
import { createMemoryStores, noRecords } from '../../support/memory-stores.ts';
import { at, createTestClock } from '../../support/times.ts';

const HEAD =
  'reference,kind,maker,serial,destination,consignee,consignee country,end user,end user country,end use,port of exit,transport,planned exit';
const row = (reference: string, serial: string, kind = 'die'): string =>
  `${reference},${kind},PTK,${serial},AU,H,AU,H,AU,Use,TWKHH,sea,2036-12-15`;
/** Five declarations, of which one is refused, with rows in no order. */
const FILE = [
  HEAD,
  row('A', 'A-1'),
  row('B', 'B-01..03'),
  row('A', 'A-2'),
  row('C', 'C-1', 'spoon'),
  row('D', 'D-1'),
  row('C', 'C-2'),
  row('E', 'E-1'),
].join('\n');
/** What dies with a process. */
const PORTS = ['register', 'declarations', 'imports', 'importParts'] as const;
const ITEMS = ['A-1', 'A-2', 'B-01', 'B-02', 'B-03', 'D-1', 'E-1'];

/** In order of their serials. */
async function allItems({ register }: Stores): Promise<ItemRecord[]> {
  const all: ItemRecord[] = [];
  for (let page = await register.page(null, 100); page.length > 0;) {
    all.push(...page);
    page = await register.page(page.at(-1)!.item.itemId, 100);
  }
  return all.sort((a, b) => (a.item.serial < b.item.serial ? -1 : 1));
}

describe('working through an import', () => {
  after(removeFolders);

  for (const when of ['before', 'after'] as const) {
    it(`comes to the same end wherever a process was killed, right ${when} a call took effect`, async () => {
      let deaths = 0;
      for (let dieAt = 1; ; dieAt += 1) {
        const stores = createMemoryStores(noRecords());
        const mortal = dying(stores, PORTS, dieAt, when);
        const clock = createTestClock();
        const first = openImporting(mortal.stores, clock, 'first');
        const sent = await first.send(FILE).catch(() => null);
        if (sent !== null) await first.finish().catch(() => undefined);
        if (!mortal.isDead()) break;
        deaths += 1;

        clock.pass(3_600_000);
        const second = openImporting(stores, clock, 'second');
        // What was not acknowledged may be sent again; what was is imported without anybody's doing.
        const { id } = (sent ?? (await second.send(FILE))).import;
        await second.finish();
        const done = await second.imports.get(EXPORTER, id);
        expect(done, `killed at call ${dieAt}`).to.deep.include({
          status: 'completed',
          rowsRead: 7,
          rowsAccepted: 5,
          rowsRefused: 2,
          declarationsFiled: 4,
          declarationsUnchanged: 0,
        });
        expect((await second.rows(id, 'accepted')).map((each) => each.row)).to.deep.equal([1, 3, 2, 5, 7]);
        expect((await second.rows(id, 'refused')).map((each) => each.row)).to.deep.equal([4, 6]);
        expect(await stores.declarations.count()).to.equal(4);
        // What follows from declarations that were decided the relay rolls forward.
        await second.registry.relay.run(() => false);
        const items = await allItems(stores);
        expect(
          items.map(({ item, events }) => [item.serial, ...events.map(({ type }) => type)]),
        ).to.deep.equal(ITEMS.map((serial) => [serial, 'registered', 'declared']));
        // Nothing of the file is left, and of none that came in half.
        clock.pass(3_600_000);
        await second.finish();
        const parts = await stores.importParts.page(null, 100);
        expect(parts.filter(({ kind }) => kind === 'file')).to.deep.equal([]);
        expect(await stores.imports.count()).to.equal(1);
      }
      expect(deaths).to.be.above(25);
    }).timeout(120_000);
  }

  it('goes on in the next process where one was told to stop', async () => {
    const stores = createMemoryStores(noRecords());
    const many = Array.from({ length: 3_000 }, (_, no) => row(`M-${no}`, `M-${no}`)).join('\n');
    const { import: kept } = await openImporting(stores, createTestClock(), 'first').send(`${HEAD}\n${many}`);
    let left = 10;
    let processes = 0;
    for (;;) {
      processes += 1;
      const process = openImporting(stores, createTestClock(), `p${processes}`);
      await process.finish(() => (left -= 1) < 0);
      left = 10;
      const { status, rowsAccepted } = await process.imports.get(EXPORTER, kept.id);
      if (status === 'completed') {
        expect(rowsAccepted).to.equal(3_000);
        break;
      }
    }
    expect(processes).to.be.above(2);
    expect(await stores.declarations.count()).to.equal(3_000);
  }).timeout(120_000);

  it('keeps nothing of a file that breaks off', async () => {
    const stores = createMemoryStores(noRecords());
    const { imports } = openImporting(stores);
    async function* breaking(): AsyncGenerator<Buffer, void, void> {
      yield Buffer.alloc(3 * 1024 * 1024, 'a');
      throw new Error('cut');
    }
    const upload = { chunks: breaking(), inTurn: <T>(work: () => Promise<T>) => work() };
    const error = await imports.receive(EXPORTER, CSV, upload).catch((thrown: unknown) => thrown);
    expect((error as Error).message).to.equal('cut');
    expect(await stores.imports.count()).to.equal(0);
    expect(await stores.importParts.count()).to.equal(0);
  });

  it('takes away what a process left half received, once that is long ago', async () => {
    const stores = createMemoryStores(noRecords());
    const clock = createTestClock();
    const mortal = dying(stores, PORTS, 3, 'before');
    await openImporting(mortal.stores, clock, 'first')
      .send(FILE)
      .catch(() => undefined);
    expect(await stores.imports.count()).to.equal(1);
    const second = openImporting(stores, clock, 'second');
    const [{ id = '' } = {}] = await stores.imports.page(null, 1);
    expect(await failureCode(() => second.imports.get(EXPORTER, id))).to.equal('not-found');
    await second.finish();
    expect(await stores.imports.count()).to.equal(1);
    clock.set(at(3_600_000));
    await second.finish();
    expect([await stores.imports.count(), await stores.importParts.count()]).to.deep.equal([0, 0]);
  });

  it('gives an import up that fails over and over for a reason nobody expected, and goes on with others', async () => {
    const stores = createMemoryStores(noRecords());
    const clock = createTestClock();
    const broken: Stores = {
      ...stores,
      declarations: { ...stores.declarations, insert: () => Promise.reject(new Error('a bug')) },
    };
    const process = openImporting(broken, clock);
    const { import: kept } = await process.send(FILE);
    for (let tries = 1; tries <= 5; tries += 1) {
      await process.finish().catch(() => undefined);
      clock.pass(60_000);
    }
    const done = await process.imports.get(EXPORTER, kept.id);
    expect(done).to.deep.include({ status: 'failed', tries: 4, dueAt: null });
    expect(done.problem?.code).to.equal('internal');
  });
});
