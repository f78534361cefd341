import { expect } from 'chai';
import { isIntact } from '../../src/modules/register/index.ts';
import { EMPTY_HEAD } from '../../src/modules/register/item-head.ts';
import type { Item, RegisterStore } from '../../src/modules/register/index.ts';
import { onEveryEngine, tally } from '../support/engines.ts';
import { chain, draftWith, entryAfter, itemWith } from '../support/items.ts';
import { at } from '../support/times.ts';

const ids = (found: readonly { item: Item }[]): string[] => found.map(({ item }) => item.itemId);
const sorted = (items: readonly Item[]): string[] => items.map((item) => item.itemId).sort();

onEveryEngine('RegisterStore', (opened) => {
  let store: RegisterStore;
  const press = itemWith();
  beforeEach(() => {
    store = opened().stores.register;
  });

  describe('items', () => {
    it('keeps every field of a new item, with an empty head', async () => {
      const full = itemWith({
        model: 'ZP33',
        stations: 33,
        year: 2025,
        serial: '{"$ne": "\u5E8F\u865F-1\' OR 1"}',
      });
      await store.addItems([press, full]);
      const found = await store.findItems([full.itemId, press.itemId]);
      expect(found.get(full.itemId)).to.deep.equal({ item: full, head: EMPTY_HEAD });
      expect(found.get(press.itemId)).to.deep.equal({ item: press, head: EMPTY_HEAD });
    });

    it('leaves an item that is there as it is', async () => {
      await store.addItems([press]);
      await store.append(chain([draftWith(press.itemId, 'registered')]));
      await store.addItems([itemWith({ makerName: 'P.T.K.', year: 1999 })]);
      const found = (await store.findItems([press.itemId])).get(press.itemId);
      expect(found?.item).to.deep.equal(press);
      expect(found?.head.seq).to.equal(1);
      expect(await store.countItems()).to.equal(1);
    });

    it('keeps a new item with its first events in one go, and says which were new', async () => {
      const die = itemWith({ kind: 'die' });
      await store.addItems([die]);
      const first = [press, die].flatMap(({ itemId }) =>
        chain([draftWith(itemId, 'registered'), draftWith(itemId, 'declared')]),
      );
      expect(await store.addItems([press, die], first)).to.deep.equal(new Set([press.itemId]));
      const found = await store.findItems([press.itemId, die.itemId]);
      expect(found.get(press.itemId)?.head).to.deep.equal(first[1]?.head);
      expect(found.get(die.itemId)?.head).to.deep.equal(EMPTY_HEAD);
      const own = first.slice(0, 2).map(({ event }) => event);
      expect(await store.history(press.itemId, { limit: 10 })).to.deep.equal(own);
      expect(await store.history(die.itemId, { limit: 10 })).to.deep.equal([]);
      expect(await store.append(chain([own[0]!]))).to.deep.equal(['known']);
      expect(await store.addItems([])).to.deep.equal(new Set());
    });

    it('finds a new item by its press and by a mark that its first events tell of', async () => {
      const { itemId } = press;
      const fitted = draftWith(itemId, 'fitted', { detail: { pressId: 'itm_press' } });
      const marked = draftWith(itemId, 'restamped', { detail: { newSerial: 'NEW-0417' } });
      await store.addItems([press], chain([fitted, marked]));
      expect(ids(await store.fittedTo('itm_press', null, 10))).to.deep.equal([itemId]);
      expect(ids(await store.bySerialKey('NEW0417', 10))).to.deep.equal([itemId]);
      expect(ids(await store.bySerialKey(press.serialKey, 10))).to.deep.equal([itemId]);
    });

    it('keeps one item of 64 calls at once', async () => {
      const added = await Promise.all(Array.from({ length: 64 }, () => store.addItems([press])));
      expect(added.filter(({ size }) => size === 1)).to.have.length(1);
      expect(await store.countItems()).to.equal(1);
      expect(ids(await store.bySerialKey(press.serialKey, 10))).to.deep.equal([press.itemId]);
    });

    it('answers items and heads for registered ids alone', async () => {
      await store.addItems([press]);
      expect([...(await store.findItems(['itm_none', press.itemId])).keys()]).to.deep.equal([press.itemId]);
      expect([...(await store.heads(['itm_none', press.itemId]))]).to.deep.equal([
        [press.itemId, EMPTY_HEAD],
      ]);
      expect((await store.findItems([])).size).to.equal(0);
    });
  });

  describe('serials', () => {
    const twins = ['ptk', 'korsch', 'ima', 'fette-compacting'].map((maker) =>
      itemWith({ maker, serial: 'A0B8' }),
    );
    const die = itemWith({ kind: 'die', serial: 'a0-b8' });
    const alike = itemWith({ serial: 'AOBB' });

    beforeEach(() => store.addItems([...twins, die, alike, press]));

    it('finds all makers and kinds of one serialKey in order of item id, up to the limit', async () => {
      const expected = sorted([...twins, die]);
      expect(ids(await store.bySerialKey('A0B8', 10))).to.deep.equal(expected);
      expect(ids(await store.bySerialKey('A0B8', 2))).to.deep.equal(expected.slice(0, 2));
      expect(await store.bySerialKey('NOBODY', 10)).to.deep.equal([]);
    });

    it('finds every serialKey of one fold in order of item id, up to the limit', async () => {
      const expected = sorted([...twins, die, alike]);
      expect(ids(await store.bySerialFold(alike.serialFold, 10))).to.deep.equal(expected);
      expect(ids(await store.bySerialFold(alike.serialFold, 3))).to.deep.equal(expected.slice(0, 3));
    });

    it('finds many folds at once, each up to the limit, empty ones too', async () => {
      const found = await store.bySerialFolds([alike.serialFold, 'N0NE', press.serialFold], 2);
      expect(ids(found.get(alike.serialFold) ?? [])).to.deep.equal(
        sorted([...twins, die, alike]).slice(0, 2),
      );
      expect(ids(found.get(press.serialFold) ?? [])).to.deep.equal([press.itemId]);
      expect(found.get('N0NE') ?? []).to.deep.equal([]);
    });
  });

  describe('marks stamped later', () => {
    const restamp = (newSerial: string) => draftWith(press.itemId, 'restamped', { detail: { newSerial } });
    const found = async (serialKey: string, serialFold: string): Promise<string[][]> => [
      ids(await store.bySerialKey(serialKey, 10)),
      ids(await store.bySerialFold(serialFold, 10)),
    ];

    it('find an item beside the serial it was registered under, once and for good', async () => {
      const namesake = itemWith({ maker: 'korsch', serial: 'NEW-0B8' });
      await store.addItems([press, namesake]);
      const entries = chain([restamp('new 0b8'), restamp('ZP33-2025-00417'), restamp('LATER-1')]);
      await store.append(entries);
      expect(await found('NEW0B8', 'NEW088')).to.deep.equal([
        sorted([press, namesake]),
        sorted([press, namesake]),
      ]);
      expect(await found('LATER1', namesake.serialFold)).to.deep.equal([
        [press.itemId],
        sorted([press, namesake]),
      ]);
      expect(await found(press.serialKey, press.serialFold)).to.deep.equal([[press.itemId], [press.itemId]]);
      expect(ids(await store.bySerialKey('NEW0B8', 1))).to.deep.equal(sorted([press, namesake]).slice(0, 1));
      const many = await store.bySerialFolds(['NEW088', 'LATER1'], 10);
      expect(ids(many.get('NEW088') ?? [])).to.deep.equal([namesake.itemId]);
      expect(many.get('LATER1') ?? []).to.deep.equal([]);
    });
  });

  describe('append', () => {
    const types = ['registered', 'declared', 'verified'] as const;
    const entries = chain(types.map((type) => draftWith(press.itemId, type)));
    const [first, second, third] = entries as [(typeof entries)[0], (typeof entries)[0], (typeof entries)[0]];
    const seqs = async (): Promise<number[]> =>
      (await store.history(press.itemId, { limit: 100 })).map((event) => event.seq);
    const head = async () => (await store.heads([press.itemId])).get(press.itemId);

    beforeEach(() => store.addItems([press]));

    it('appends in order and leaves the head of the last', async () => {
      expect(await store.append(entries)).to.deep.equal(['appended', 'appended', 'appended']);
      expect(await seqs()).to.deep.equal([1, 2, 3]);
      expect(await head()).to.deep.equal(third.head);
      expect((await store.findItems([press.itemId])).get(press.itemId)?.head).to.deep.equal(third.head);
    });

    it('keeps an event to the letter, with its digest', async () => {
      const draft = draftWith(press.itemId, 'declared', {
        occurredAt: at(-5000),
        org: 'acme',
        declarationId: 'dcl_1',
        line: 7,
        place: 'TWKHH',
        detail: { reference: "'; DROP TABLE items; --", $where: '1', 'a.b': true, amount: 1.5, empty: '' },
      });
      const [entry] = chain([draft]);
      await store.append([entry!]);
      const [event] = await store.history(press.itemId, { limit: 1 });
      expect(event).to.deep.equal(entry!.event);
      expect(isIntact(event!)).to.equal(true);
    });

    it('takes a known event for known, also under another seq, and changes nothing', async () => {
      await store.append([first, second]);
      expect(await store.append([first])).to.deep.equal(['known']);
      expect(
        await store.append([entryAfter(second.head, { ...first.event, detail: { changed: true } })]),
      ).to.deep.equal(['known']);
      expect(await seqs()).to.deep.equal([1, 2]);
      expect(await head()).to.deep.equal(second.head);
      expect((await store.history(press.itemId, { limit: 1 }))[0]).to.deep.equal(first.event);
    });

    it('refuses a seq that is taken, one that leaves a gap, and changes nothing', async () => {
      expect(await store.append([second])).to.deep.equal(['seq-taken']);
      await store.append([first]);
      const other = entryAfter(EMPTY_HEAD, draftWith(press.itemId, 'stolen'));
      expect(await store.append([other])).to.deep.equal(['seq-taken']);
      expect(await store.append([third])).to.deep.equal(['seq-taken']);
      expect(await seqs()).to.deep.equal([1]);
      expect(await head()).to.deep.equal(first.head);
    });

    it('appends nothing to an item after an entry of the call that found no place', async () => {
      await store.append([first, entryAfter(first.head, draftWith(press.itemId, 'stolen'))]);
      const die = itemWith({ kind: 'die' });
      await store.addItems([die]);
      const other = chain([draftWith(die.itemId, 'registered')]);
      // `second` comes too late, and `third` has the next seq but a head that knows nothing of the theft.
      expect(await store.append([second, third, ...other])).to.deep.equal([
        'seq-taken',
        'seq-taken',
        'appended',
      ]);
      expect((await head())?.status).to.equal('stolen');
    });

    it('appends nothing new to an item after an entry of the call that was known', async () => {
      await store.append([first]);
      const stolen = entryAfter(first.head, draftWith(press.itemId, 'stolen'));
      const late = { ...first, event: { ...first.event, seq: 2 } };
      await store.append([stolen]);
      expect(await store.append([late, third, first])).to.deep.equal(['known', 'seq-taken', 'known']);
      expect((await head())?.status).to.equal('stolen');
    });

    it('gives one seq to one of 64 different events at once', async () => {
      const rivals = Array.from({ length: 64 }, () =>
        entryAfter(EMPTY_HEAD, draftWith(press.itemId, 'inspected')),
      );
      const outcomes = (await Promise.all(rivals.map((entry) => store.append([entry])))).flat();
      expect(tally(outcomes)).to.deep.equal({ appended: 1, 'seq-taken': 63 });
      const [kept, ...more] = await store.history(press.itemId, { limit: 100 });
      expect(more).to.deep.equal([]);
      expect(kept).to.deep.equal(rivals[outcomes.indexOf('appended')]?.event);
    });

    it('appends one event of 64 calls at once', async () => {
      const outcomes = await Promise.all(Array.from({ length: 64 }, () => store.append([first])));
      expect(tally(outcomes.flat())).to.deep.equal({ appended: 1, known: 63 });
      expect(await seqs()).to.deep.equal([1]);
    });

    it('rejects an event of an item that is not registered, without harm to other calls at the time', async () => {
      const stray = chain([draftWith('itm_none', 'registered')]);
      const die = itemWith({ kind: 'die' });
      await store.addItems([die]);
      const other = chain([draftWith(die.itemId, 'registered')]);
      const outcomes = await Promise.allSettled([
        store.append([first]),
        store.append(stray),
        store.append(other),
      ]);
      expect(outcomes.map((outcome) => outcome.status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled']);
      expect(await seqs()).to.deep.equal([1]);
      expect(await store.history(die.itemId, { limit: 10 })).to.deep.equal(other.map(({ event }) => event));
      expect(await store.history('itm_none', { limit: 10 })).to.deep.equal([]);
    });

    it('keeps a long history whole: no event is lost, repeated or taken twice', async () => {
      const many = chain(Array.from({ length: 450 }, () => draftWith(press.itemId, 'inspected')));
      for (let from = 0; from < many.length; from += 50) {
        const some = many.slice(from, from + 50);
        expect(tally(await store.append(some))).to.deep.equal({ appended: 50 });
      }
      const events = many.map(({ event }) => event);
      expect(await store.history(press.itemId, { limit: 1_000 })).to.deep.equal(events);
      expect(await store.history(press.itemId, { afterSeq: 95, limit: 10 })).to.deep.equal(
        events.slice(95, 105),
      );
      expect((await store.histories([press.itemId], 3)).get(press.itemId)).to.deep.equal(events.slice(0, 3));
      const [early, late] = [events[7]!, events[440]!];
      expect(await store.findEvent(press.itemId, early.eventId)).to.deep.equal(early);
      expect(await store.findEvent(press.itemId, late.eventId)).to.deep.equal(late);
      expect(await store.findEvent(press.itemId, 'evt_none')).to.equal(null);
      const last = many.at(-1)!.head;
      const again = [early, late].map((event) => entryAfter(last, event));
      expect(await store.append([again[0]!])).to.deep.equal(['known']);
      expect(await store.append([again[1]!])).to.deep.equal(['known']);
      const [fresh] = [entryAfter(last, draftWith(press.itemId, 'stolen'))];
      expect(await store.append([fresh])).to.deep.equal(['appended']);
      expect(await seqs()).to.deep.equal(Array.from({ length: 100 }, (_, index) => index + 1));
      expect((await head())?.seq).to.equal(451);
    });

    it('is there for whoever opens the store anew', async () => {
      await store.append(entries);
      const again = (await opened().again()).register;
      expect(await again.history(press.itemId, { limit: 10 })).to.deep.equal(
        entries.map((entry) => entry.event),
      );
      expect((await again.findItems([press.itemId])).get(press.itemId)).to.deep.equal({
        item: press,
        head: third.head,
      });
    });
  });

  describe('history', () => {
    const drafts = Array.from({ length: 5 }, (_, index) =>
      draftWith(press.itemId, 'inspected', { recordedAt: at(index * 1000), occurredAt: at(-index * 1000) }),
    );
    const read = async (
      query: Omit<Parameters<RegisterStore['history']>[1], 'limit'>,
      limit = 10,
    ): Promise<number[]> =>
      (await store.history(press.itemId, { ...query, limit })).map((event) => event.seq);

    beforeEach(async () => {
      await store.addItems([press, itemWith({ kind: 'die' })]);
      await store.append(chain(drafts));
    });

    it('answers in order of seq, after a seq, up to a limit', async () => {
      expect(await read({})).to.deep.equal([1, 2, 3, 4, 5]);
      expect(await read({}, 2)).to.deep.equal([1, 2]);
      expect(await read({ afterSeq: 3 })).to.deep.equal([4, 5]);
      expect(await read({ afterSeq: 1 }, 2)).to.deep.equal([2, 3]);
      expect(await read({ afterSeq: 5 })).to.deep.equal([]);
    });

    it('answers what had been recorded by then, that very instant included', async () => {
      expect(await read({ asOf: at(2000) })).to.deep.equal([1, 2, 3]);
      expect(await read({ asOf: at(1999) })).to.deep.equal([1, 2]);
      expect(await read({ asOf: at(-1) })).to.deep.equal([]);
      expect(await read({ asOf: at(3000), afterSeq: 2 })).to.deep.equal([3, 4]);
    });

    it('answers the first events of many items, and an empty list for none', async () => {
      const die = itemWith({ kind: 'die' });
      const found = await store.histories([press.itemId, die.itemId, 'itm_none'], 3);
      expect(found.get(press.itemId)?.map((event) => event.seq)).to.deep.equal([1, 2, 3]);
      expect(found.get(die.itemId)).to.deep.equal([]);
      expect(found.get('itm_none')).to.deep.equal([]);
    });
  });

  describe('parts of a press', () => {
    const dies = Array.from({ length: 5 }, (_, index) => itemWith({ kind: 'die', serial: `D-${index}-77` }));
    const fitted = dies.map(
      (die) => chain([draftWith(die.itemId, 'fitted', { detail: { pressId: press.itemId } })])[0]!,
    );

    beforeEach(async () => {
      await store.addItems([press, ...dies]);
      await store.append(fitted);
    });

    it('are found in order of item id, a page at a time', async () => {
      const expected = sorted(dies);
      expect(ids(await store.fittedTo(press.itemId, null, 10))).to.deep.equal(expected);
      expect(ids(await store.fittedTo(press.itemId, null, 2))).to.deep.equal(expected.slice(0, 2));
      expect(ids(await store.fittedTo(press.itemId, expected[1]!, 2))).to.deep.equal(expected.slice(2, 4));
      expect(await store.fittedTo(press.itemId, expected[4]!, 2)).to.deep.equal([]);
    });

    it('are no longer found once removed or fitted to another', async () => {
      const [one, two] = fitted;
      const elsewhere = draftWith(two!.event.itemId, 'fitted', { detail: { pressId: 'itm_other' } });
      await store.append([
        entryAfter(one!.head, draftWith(one!.event.itemId, 'removed')),
        entryAfter(two!.head, elsewhere),
      ]);
      expect(ids(await store.fittedTo(press.itemId, null, 10))).to.deep.equal(sorted(dies.slice(2)));
      expect(ids(await store.fittedTo('itm_other', null, 10))).to.deep.equal([two!.event.itemId]);
    });
  });
});
