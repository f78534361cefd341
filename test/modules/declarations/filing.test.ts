import { expect } from 'chai';
import type { LineInput } from '../../../src/modules/declarations/declaration.ts';
import {
  consignmentFaults,
  consignmentOf,
  itemFaults,
  refuse,
  regimeOf,
  toLine,
  withPresses,
} from '../../../src/modules/declarations/filing.ts';
import { registryMark } from '../../../src/modules/declarations/registry-numbers.ts';
import { itemIdOf } from '../../../src/modules/register/index.ts';
import { isFailure } from '../../../src/kernel/failure.ts';
import { EMPTY_HEAD } from '../../../src/modules/register/item-head.ts';
import { filing, part, PRESS } from '../../support/declarations.ts';
import { itemWith } from '../../support/items.ts';
import { catalogue } from '../../support/world.ts';

const codes = (faults: readonly { field: string; code: string }[]): string[] =>
  faults.map(({ field, code }) => `${field} ${code}`);

describe('the regime of a declaration', () => {
  it("is the one it names, else the exporting country's, else none", () => {
    expect(regimeOf(catalogue, 'CA-BC', 'TW')).to.equal('CA-BC');
    expect(regimeOf(catalogue, undefined, 'TW')).to.equal('TW');
    expect(regimeOf(catalogue, undefined, 'DE')).to.equal(undefined);
  });

  it('goes into the consignment, which holds neither reference nor items', () => {
    const { reference: _reference, items: _items, ...rest } = filing();
    expect(consignmentOf(filing(), 'TW')).to.deep.equal({ ...rest, regime: 'TW' });
    expect(consignmentOf(filing({ regime: 'CA' }), undefined)).to.deep.equal(rest);
  });
});

describe('the faults of a consignment', () => {
  it('are none of an ordinary one', () => {
    expect(consignmentFaults(catalogue, filing({ regime: 'TW' }))).to.deep.equal([]);
  });

  it('name every unknown regime, country and port', () => {
    const nowhere = { name: 'N', country: 'ZZ' };
    const bad = filing({
      regime: 'XX-1',
      destination: 'QQ',
      consignee: nowhere,
      endUser: nowhere,
      broker: nowhere,
    });
    expect(
      codes(consignmentFaults(catalogue, { ...bad, portOfExit: 'ZZABC', portOfEntry: 'AU' })),
    ).to.deep.equal([
      'regime unknown-regime',
      'destination unknown-country',
      'consignee.country unknown-country',
      'endUser.country unknown-country',
      'broker.country unknown-country',
      'portOfExit unknown-port',
      'portOfEntry unknown-port',
    ]);
  });
});

describe('the faults of items', () => {
  const { serial: _serial, ...unmarked } = PRESS;
  const faults = (items: readonly LineInput[], regime?: string): string[] =>
    codes(itemFaults(catalogue, items, regime));

  it('are none of a press and its parts', () => {
    expect(faults(filing().items, 'TW')).to.deep.equal([]);
  });

  it('name an unknown kind, a maker without letters and a serial without letters or digits, by line', () => {
    const items = [PRESS, { ...PRESS, kind: 'teapot', maker: '...' }, { ...PRESS, serial: '--/--' }];
    expect(faults(items)).to.deep.equal([
      'items[1].kind unknown-kind',
      'items[1].maker no-name',
      'items[2].serial no-serial',
    ]);
  });

  for (const { code, serialRule, controls } of catalogue.regimes) {
    it(`${serialRule === 'required' ? 'hold' : "don't hold"} a missing serial under ${code}`, () => {
      for (const { code: kind } of catalogue.kinds) {
        const asked = serialRule === 'required' && controls.includes(kind);
        expect(faults([{ ...unmarked, kind }], code), kind).to.deep.equal(
          asked ? ['items[0].serial required'] : [],
        );
      }
    });
  }

  it("take a mark of the registry for no maker's serial, unless it is excepted", () => {
    const marked = { ...unmarked, serial: registryMark('dcl_9', 3).toLowerCase() };
    expect(faults([marked], 'TW')).to.deep.equal(['items[0].serial required']);
    expect(itemFaults(catalogue, [marked], 'TW')[0]?.message).to.include(
      "a registry mark is no maker's serial",
    );
    expect(faults([marked], 'AU')).to.deep.equal([]);
    expect(itemFaults(catalogue, [unmarked, marked], 'TW', new Set([unmarked, marked]))).to.deep.equal([]);
  });

  it("don't hold a missing serial without a regime", () => {
    expect(faults([unmarked])).to.deep.equal([]);
  });
});

describe('refusing', () => {
  const fault = { field: 'a', code: 'b', message: 'c' };
  const refused = (count: number): unknown => {
    try {
      refuse(Array.from({ length: count }, () => fault));
    } catch (error) {
      return error;
    }
    return null;
  };

  it('needs a fault', () => expect(refused(0)).to.equal(null));

  it('names the faults, a hundred at most', () => {
    const one = refused(1);
    expect(isFailure(one, 'declaration-invalid') && one.faults).to.deep.equal([fault]);
    const many = refused(2_000);
    expect(isFailure(many, 'declaration-invalid') && many.faults.length).to.equal(100);
    expect(many).to.have.property('message').that.includes('2000 fields');
  });
});

describe('a line', () => {
  it("keeps what was sent, with the maker's key and the item's id", () => {
    const sent: LineInput = {
      ...PRESS,
      maker: 'p.t.k',
      hs: '8479.89',
      value: { amount: 1, currency: 'TWD' },
    };
    const itemId = itemIdOf({ maker: 'ptk', kind: 'press', serial: 'ZP33-2025-00417' });
    expect(toLine(catalogue, 'dcl_1', sent, 4)).to.deep.equal({
      ...sent,
      line: 4,
      makerKey: 'ptk',
      itemId,
      assignedMark: false,
    });
  });

  it('without a serial gets a mark of the registry, of its own for each line', () => {
    const { serial: _serial, ...unmarked } = PRESS;
    const line = toLine(catalogue, 'dcl_1', unmarked, 4);
    expect(line).to.include({ serial: registryMark('dcl_1', 4), assignedMark: true });
    expect(toLine(catalogue, 'dcl_1', unmarked, 5).itemId).not.to.equal(line.itemId);
  });

  it('whose serial is a mark of the registry is the item that has it, and says that it is a mark', () => {
    const { serial: _serial, ...unmarked } = PRESS;
    const issued = toLine(catalogue, 'dcl_1', unmarked, 4);
    const again = toLine(catalogue, 'dcl_2', { ...unmarked, serial: issued.serial.toLowerCase() }, 1);
    expect(again).to.include({ itemId: issued.itemId, assignedMark: true });
  });
});

describe('the press of a part', () => {
  const press = itemWith();
  const other = itemWith({ maker: 'korsch' });
  const die = itemWith({ kind: 'die' });
  const lines = (items: readonly LineInput[]) =>
    items.map((item, index) => toLine(catalogue, 'dcl_1', item, index + 1));
  const nobody = async () => [];
  const registered =
    (...items: (typeof press)[]) =>
    async (serialKey: string) =>
      items.filter((item) => item.serialKey === serialKey).map((item) => ({ item, head: EMPTY_HEAD }));
  const pressOf = async (items: readonly LineInput[], find: Parameters<typeof withPresses>[2] = nobody) =>
    (await withPresses(catalogue, lines(items), find)).at(-1)?.pressId;

  it('is found among the machines of the declaration, however its serial is written', async () => {
    expect(await pressOf([PRESS, part('die', 'D-1-77')])).to.equal(press.itemId);
    expect(await pressOf([PRESS, part('die', 'D-1-77', { partOf: 'zp33 2025/00417' })])).to.equal(
      press.itemId,
    );
  });

  it('is found in the register when the declaration has none of that serial', async () => {
    expect(await pressOf([part('die', 'D-1-77')], registered(press, die))).to.equal(press.itemId);
    const unlike = { ...PRESS, serial: 'OTHER-1' };
    expect(await pressOf([unlike, part('die', 'D-1-77')], registered(press))).to.equal(press.itemId);
  });

  it('is one of the declaration before one of the register', async () => {
    expect(await pressOf([PRESS, part('die', 'D-1-77', { maker: 'Korsch' })], registered(other))).to.equal(
      press.itemId,
    );
  });

  it("is of several the one of the part's own maker, else none", async () => {
    const both = registered(press, other);
    expect(await pressOf([part('die', 'D-1-77')], both)).to.equal(press.itemId);
    expect(await pressOf([part('die', 'D-1-77', { maker: 'Korsch AG' })], both)).to.equal(other.itemId);
    expect(await pressOf([part('die', 'D-1-77', { maker: 'Natoli' })], both)).to.equal(undefined);
    const two = [PRESS, { ...PRESS, maker: 'Korsch' }];
    expect(await pressOf([...two, part('die', 'D-1-77', { maker: 'Korsch' })])).to.equal(other.itemId);
    expect(await pressOf([...two, part('die', 'D-1-77', { maker: 'Natoli' })])).to.equal(undefined);
  });

  it('is none when none has that serial, when that is a part, or for a machine that names itself', async () => {
    expect(await pressOf([part('die', 'D-1-77')])).to.equal(undefined);
    expect(await pressOf([part('die', 'D-1-77')], registered(die))).to.equal(undefined);
    expect(await pressOf([{ ...PRESS, partOf: PRESS.serial! }])).to.equal(undefined);
    expect(await pressOf([PRESS])).to.equal(undefined);
  });

  it('is forgotten when it is no longer found', async () => {
    const [line] = lines([part('die', 'D-1-77')]);
    const [again] = await withPresses(catalogue, [{ ...line!, pressId: 'itm_before' }], nobody);
    expect(again).to.deep.equal(line);
  });

  it('is looked for once for all parts that name it', async () => {
    let searches = 0;
    const find = (serialKey: string) => {
      searches += 1;
      return registered(press)(serialKey);
    };
    await withPresses(
      catalogue,
      lines([part('die', 'D-1-77'), part('die', 'D-2-77'), part('die', 'D-3-77')]),
      find,
    );
    expect(searches).to.equal(1);
  });
});
