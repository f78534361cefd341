import { expect } from 'chai';
import type { Declaration } from '../../src/modules/declarations/index.ts';
import type { EventType, Item, ItemRecord, RegisterStore } from '../../src/modules/register/index.ts';
import { serialFold } from '../../src/kernel/serial.ts';
import { headOf } from '../../src/modules/register/index.ts';
import { EMPTY_HEAD } from '../../src/modules/register/item-head.ts';
import { declarationWith, lineWith } from '../support/declarations.ts';
import { onEveryEngine } from '../support/engines.ts';
import { chain, draftWith, itemWith } from '../support/items.ts';
import { at } from '../support/times.ts';

// What a copy of a register needs of each store: its records in pages, and to keep those of another one.

/** Page after page, until one is empty. */
async function everyPage<T>(page: (last: T | undefined) => Promise<T[]>): Promise<T[][]> {
  const paged: T[][] = [];
  for (let found = await page(undefined); found.length > 0; found = await page(found.at(-1)))
    paged.push(found);
  return paged;
}

onEveryEngine('RegisterStore, copied,', (opened) => {
  let store: RegisterStore;
  const press = itemWith();
  const ids = (found: readonly { item: Item }[]): string[] => found.map(({ item }) => item.itemId);
  beforeEach(() => {
    store = opened().stores.register;
  });

  const machines = Array.from({ length: 5 }, (_, index) => itemWith({ serial: `COPY-${index}-31` }));
  const records = machines
    .map((item, index) => recordOf(item, ['registered', 'declared', 'verified'].slice(0, index) as []))
    .sort((a, b) => (a.item.itemId < b.item.itemId ? -1 : 1));
  const [one, two] = records as [ItemRecord, ItemRecord];
  const all = async () =>
    (await everyPage<ItemRecord>((last) => store.page(last?.item.itemId ?? null, 100))).flat();

  it('are paged in order of item id, with all their events', async () => {
    await store.addItems(machines);
    for (const { events } of records) {
      await store.append(events.map((event, index) => ({ event, head: headOf(events.slice(0, index + 1)) })));
    }
    expect(await all()).to.deep.equal(records);
    expect(await store.page(null, 2)).to.deep.equal(records.slice(0, 2));
    expect(await store.page(two.item.itemId, 2)).to.deep.equal(records.slice(2, 4));
    expect(await store.page(records[4]!.item.itemId, 2)).to.deep.equal([]);
  });

  it('come in pages of bounded size, one of any size alone', async () => {
    const long = recordOf(
      press,
      Array.from({ length: 6_000 }, () => 'inspected' as const),
    );
    await store.adopt([...records, long]);
    const paged = await everyPage<ItemRecord>((last) => store.page(last?.item.itemId ?? null, 100));
    expect(paged.length).to.be.above(1);
    const byId = (a: ItemRecord, b: ItemRecord) => (a.item.itemId < b.item.itemId ? -1 : 1);
    expect(paged.flat()).to.deep.equal([...records, long].sort(byId));
  });

  it('are adopted as they are, durably, and found by all that they are found by', async () => {
    const die = itemWith({ kind: 'die', model: 'D', year: 2024, serial: '\u5E8F-1', assignedMark: true });
    const story = chain([
      draftWith(die.itemId, 'registered', {
        org: 'acme',
        line: 3,
        place: 'TW',
        detail: { $a: '1', 'b.c': 2 },
      }),
      draftWith(die.itemId, 'fitted', { detail: { pressId: press.itemId } }),
      draftWith(die.itemId, 'restamped', { detail: { newSerial: 'NEW-77' } }),
    ]);
    const record = { item: die, head: story[2]!.head, events: story.map(({ event }) => event) };
    await store.adopt([...records, record]);
    const again = (await opened().again()).register;
    expect((await again.findItems([die.itemId])).get(die.itemId)).to.deep.equal({
      item: die,
      head: record.head,
    });
    expect(await again.history(die.itemId, { limit: 10 })).to.deep.equal(record.events);
    expect(ids(await again.bySerialKey('NEW77', 10))).to.deep.equal([die.itemId]);
    expect(ids(await again.bySerialFold(die.serialFold, 10))).to.deep.equal([die.itemId]);
    expect(ids(await again.fittedTo(press.itemId, null, 10))).to.deep.equal([die.itemId]);
    expect(await again.countItems()).to.equal(6);
  });

  it('are found by a mark that was stamped and taken back, as they were', async () => {
    const stamped = draftWith(press.itemId, 'restamped', { detail: { newSerial: 'NEW-78' } });
    const taken = draftWith(press.itemId, 'corrected', { detail: { corrects: stamped.eventId } });
    const events = chain([draftWith(press.itemId, 'registered'), stamped, taken]).map(({ event }) => event);
    await store.adopt([{ item: press, head: headOf(events), events }]);
    expect(headOf(events).marks).to.equal(undefined);
    expect(ids(await store.bySerialKey('NEW78', 10))).to.deep.equal([press.itemId]);
    expect(ids(await store.bySerialFold(serialFold('NEW-78'), 10))).to.deep.equal([press.itemId]);
  });

  it('keep long histories whole, and go on with them', async () => {
    for (const count of [99, 100, 199, 200, 201, 299, 300, 301]) {
      const item = itemWith({ serial: `LONG-${count}` });
      const entries = chain(Array.from({ length: count + 250 }, () => draftWith(item.itemId, 'inspected')));
      const events = entries.map(({ event }) => event);
      const upTo = (seq: number) => ({ item, head: entries[seq - 1]!.head, events: events.slice(0, seq) });
      await store.adopt([upTo(count)]);
      expect(await store.append([entries[count]!]), String(count)).to.deep.equal(['appended']);
      expect(await store.history(item.itemId, { limit: 1_000 }), String(count)).to.deep.equal(
        events.slice(0, count + 1),
      );
      await store.adopt([upTo(count + 249)]);
      expect(await store.append([entries.at(-1)!]), String(count)).to.deep.equal(['appended']);
      const kept = (await all()).find((record) => record.item.itemId === item.itemId);
      expect(kept, String(count)).to.deep.equal(upTo(count + 250));
      for (const event of [events[0]!, events.at(-1)!]) {
        expect(await store.findEvent(item.itemId, event.eventId)).to.deep.equal(event);
      }
    }
  });

  it('change nothing when they are adopted again', async () => {
    await store.adopt(records);
    await store.adopt([...records].reverse());
    expect(await all()).to.deep.equal(records);
  });

  it('bring what a shorter history lacks, and leave a longer one alone', async () => {
    const long = recordOf(press, ['registered', 'declared', 'fitted', 'exited']);
    const short = { item: press, head: headOf(long.events.slice(0, 2)), events: long.events.slice(0, 2) };
    await store.adopt([short]);
    expect(await all()).to.deep.equal([short]);
    await store.adopt([long]);
    expect(await all()).to.deep.equal([long]);
    await store.adopt([short]);
    expect(await all()).to.deep.equal([long]);
  });

  it('go on from an item that has no event yet', async () => {
    await store.addItems([press]);
    const long = recordOf(press, ['registered', 'declared']);
    await store.adopt([long]);
    expect(await all()).to.deep.equal([long]);
    await store.append(chain([draftWith(press.itemId, 'verified')], long.head));
    expect((await store.history(press.itemId, { limit: 10 })).map(({ seq }) => seq)).to.deep.equal([1, 2, 3]);
  });

  it('never mix with another history of the same item', async () => {
    const here = recordOf(press, ['registered', 'declared']);
    const other = recordOf(press, ['registered', 'declared', 'stolen']);
    await store.adopt([here]);
    await store.adopt([other, one]);
    const kept = await all();
    expect(kept).to.have.deep.members([here, one]);
  });
});

/** An item with a history of these types. */
function recordOf(item: Item, types: readonly EventType[]): ItemRecord {
  const entries = chain(types.map((type) => draftWith(item.itemId, type)));
  return { item, head: entries.at(-1)?.head ?? EMPTY_HEAD, events: entries.map(({ event }) => event) };
}

onEveryEngine('DeclarationStore, copied,', (opened) => {
  const paged = () =>
    everyPage<Declaration>((last) => opened().stores.declarations.page(last?.id ?? null, 100));
  const all = async () => (await paged()).flat();
  const adopt = (...declarations: Declaration[]) => opened().stores.declarations.adopt(declarations);
  const full = declarationWith(3, {
    idempotencyKey: 'k-3',
    version: 5,
    state: 'verified',
    number: 'TW2026ABCDEFGHJKMN7',
    expiresAt: at(1_000),
    dueAt: at(1_000),
    pending: [],
    content: { ...declarationWith(3).content, lines: [lineWith(1), lineWith(4, { assignedMark: true })] },
    verification: { attempt: 2, findings: [{ code: 'a', level: 'info', because: 'So.' }], ruleSet: 'r' },
  });

  it('gives whole records in order of id, and counts them', async () => {
    const records = [4, 1, 2].map((no) => declarationWith(no));
    const store = opened().stores.declarations;
    for (const record of records) await store.insert(record);
    const sorted = [1, 2, 4].map((no) => declarationWith(no));
    expect(await all()).to.deep.equal(sorted);
    expect(await store.page(null, 2)).to.deep.equal(sorted.slice(0, 2));
    expect(await store.page('dcl_0002', 2)).to.deep.equal(sorted.slice(2));
    expect(await store.page('dcl_0004', 2)).to.deep.equal([]);
    expect(await store.count()).to.equal(3);
  });

  it('gives pages of bounded size, a record of any size alone', async () => {
    const { consignment } = declarationWith(1).content;
    const lines = Array.from({ length: 3_000 }, (_, index) => lineWith(index + 1));
    const long = [1, 2, 3].map((no) => declarationWith(no, { content: { consignment, lines } }));
    await adopt(...long);
    const found = await paged();
    expect(found.length).to.be.above(1);
    expect(found.flat()).to.deep.equal(long);
  });

  it('adopts records as they are, durably, and finds them by all that they are found by', async () => {
    await adopt(declarationWith(1), full);
    const { declarations } = await opened().again();
    expect(await declarations.page(null, 10)).to.deep.equal([declarationWith(1), full]);
    expect(await declarations.findByKey('acme', 'k-3')).to.deep.equal(full);
    expect((await declarations.list({ number: full.number!, limit: 2 })).map(({ id }) => id)).to.deep.equal([
      full.id,
    ]);
    expect(await declarations.due(at(1_000), 10)).to.deep.equal([full.id]);
  });

  it('changes nothing when records are adopted again', async () => {
    await adopt(declarationWith(1), full);
    await adopt(full, declarationWith(1));
    expect(await all()).to.deep.equal([declarationWith(1), full]);
  });

  it('lets the later version win, whichever comes first', async () => {
    const early = declarationWith(3, { idempotencyKey: 'k-3' });
    await adopt(early);
    await adopt(full);
    expect(await all()).to.deep.equal([full]);
    expect((await opened().stores.declarations.list({ limit: 1 }))[0]?.itemCount).to.equal(
      full.content.lines.length,
    );
    await adopt(early);
    expect(await all()).to.deep.equal([full]);
  });

  it('takes from the same version when the relay looks again', async () => {
    await adopt(full);
    await adopt({ ...full, dueAt: at(9_000) });
    expect(await all()).to.deep.equal([{ ...full, dueAt: at(9_000) }]);
    await adopt({ ...full, dueAt: null });
    expect(await all()).to.deep.equal([{ ...full, dueAt: null }]);
  });

  it('keeps a reference or key for the declaration that holds it, and goes on with the others', async () => {
    await adopt(full);
    const sameReference = declarationWith(8, { reference: full.reference });
    const sameKey = declarationWith(9, { idempotencyKey: 'k-3' });
    await adopt(sameReference, sameKey, declarationWith(10));
    expect(await all()).to.deep.equal([full, declarationWith(10)]);
  });
});
