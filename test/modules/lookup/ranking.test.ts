import { expect } from 'chai';
import fc from 'fast-check';
import { serialKey } from '../../../src/kernel/serial.ts';
import { ranked } from '../../../src/modules/lookup/ranking.ts';
import { EMPTY_HEAD } from '../../../src/modules/register/item-head.ts';
import type { Item } from '../../../src/modules/register/index.ts';
import { itemWith } from '../../support/items.ts';

const MARKED = 'ZP33-2025-00417';

function ranking(serial: string, items: readonly Item[], asked: { maker?: string; kind?: string } = {}) {
  const candidates = items.map((item) => ({ item, head: EMPTY_HEAD }));
  return ranked({ serial, serialKey: serialKey(serial), ...asked }, candidates);
}

/** The one item marked `MARKED`, read as `serial`. */
const read = (serial: string, asked: { maker?: string; kind?: string } = {}) =>
  ranking(serial, [itemWith()], asked)[0]!;

describe('the class of a match', () => {
  it('is exact letter for letter, normalised but for form, confusable but for look-alikes', () => {
    expect(read(MARKED)).to.deep.include({ match: 'exact', score: 1, differences: [] });
    expect(read('zp33 2025/00417')).to.include({ match: 'normalised', score: 0.95 });
    expect(read('\uFF3A\uFF30\uFF13\uFF13-2025-00417').match).to.equal('normalised');
    expect(read('ZP33-2O25-OO4I7').match).to.equal('confusable');
    expect(read('\u0417P33-2025-00417'.replace('\u0417', '\u0396')).match).to.equal('confusable');
  });

  it('marks every character that differs', () => {
    expect(read('zp33 2O25-0O4l7').differences).to.deep.equal([
      { position: 5, read: 'O', marked: '0', kind: 'confusable' },
      { position: 9, read: 'O', marked: '0', kind: 'confusable' },
      { position: 11, read: 'L', marked: '1', kind: 'confusable' },
    ]);
  });
});

describe('the order of matches', () => {
  it('is exact, normalised, then confusable by how many characters differ', () => {
    const exact = itemWith({ serial: 'A0B8' });
    const normalised = itemWith({ serial: 'a0-b8', maker: 'ima' });
    const near = itemWith({ serial: 'AOB8' });
    const far = itemWith({ serial: 'AOBB' });
    const order = ranking('A0B8', [far, near, normalised, exact]);
    expect(order.map(({ item }) => item.serial)).to.deep.equal(['A0B8', 'a0-b8', 'AOB8', 'AOBB']);
  });

  it('puts the maker and kind that were given first, and rules the others out no more than that', () => {
    const [ptk, ima, die] = [itemWith(), itemWith({ maker: 'ima' }), itemWith({ kind: 'die' })];
    const first = (asked: { maker?: string; kind?: string }) =>
      ranking(MARKED, [ptk, ima, die], asked)[0]?.item.itemId;
    expect(first({ maker: 'ima' })).to.equal(ima.itemId);
    expect(first({ kind: 'die' })).to.equal(die.itemId);
    expect(first({ maker: 'ptk', kind: 'press' })).to.equal(ptk.itemId);
    expect(ranking(MARKED, [ptk, ima, die], { maker: 'korsch' })).to.have.length(3);
  });

  it('is by item id among equals, so that it is the same every time', () => {
    const items = ['ptk', 'ima', 'korsch', 'kikusui'].map((maker) => itemWith({ maker }));
    const ids = items.map((item) => item.itemId).sort();
    expect(ranking(MARKED, items).map(({ item }) => item.itemId)).to.deep.equal(ids);
    expect(ranking(MARKED, items.toReversed()).map(({ item }) => item.itemId)).to.deep.equal(ids);
  });

  it('never puts a class below a lower one, whatever maker and kind are given', () => {
    const looks = { '0': 'OQ0', O: '0QO', '1': 'IL1', S: '5S', B: '8B' };
    const wrong = fc.option(fc.constantFrom('ptk', 'press', 'other'), { nil: undefined });
    const misread = fc.tuple(
      ...[...'01SB0O1SB0O1SB'].map((marked) => fc.constantFrom(...looks[marked as keyof typeof looks])),
    );
    fc.assert(
      fc.property(misread, wrong, wrong, (characters, maker, kind) => {
        const serial = '01SB0O1SB0O1SB';
        const asked = { ...(maker === undefined ? {} : { maker }), ...(kind === undefined ? {} : { kind }) };
        const other = characters.join('');
        const [exact, normalised, confusable] = [
          ranking(serial, [itemWith({ serial })], asked)[0]!.score,
          ranking(serial, [itemWith({ serial: `${serial}-` })], asked)[0]!.score,
          ranking(serial, [itemWith({ serial: other })], asked)[0]!,
        ];
        expect(exact).to.be.within(0, 1).and.to.be.above(normalised);
        fc.pre(other !== serial);
        expect(confusable.match).to.equal('confusable');
        expect(confusable.score).to.be.within(0, normalised).and.to.be.below(normalised);
      }),
    );
  });
});
