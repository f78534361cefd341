import { expect } from 'chai';
import { amendedLines, refittedLines } from '../../../src/modules/declarations/amendment.ts';
import type { Declaration, LineInput } from '../../../src/modules/declarations/declaration.ts';
import { toLine } from '../../../src/modules/declarations/filing.ts';
import { registryMark } from '../../../src/modules/declarations/registry-numbers.ts';
import { declarationWith, lineWith, part, PRESS } from '../../support/declarations.ts';
import { catalogue } from '../../support/world.ts';

const { serial: _serial, ...UNMARKED } = PRESS;
const ID = declarationWith(1).id;
const mark = (line: number): string => registryMark(ID, line);

function declared(items: readonly LineInput[], facts: Partial<Declaration> = {}): Declaration {
  const { consignment } = declarationWith(1).content;
  const lines = items.map((item, index) => toLine(catalogue, ID, item, index + 1));
  return declarationWith(1, { content: { consignment, lines }, ...facts });
}

/** Lines as `number serial`, `*` for a mark of the registry; added and dropped line numbers. */
function amended(before: Declaration, items: readonly LineInput[]) {
  const { lines, added, dropped } = amendedLines(catalogue, before, items);
  return {
    lines: lines.map(({ line, serial, assignedMark }) => `${line} ${serial}${assignedMark ? '*' : ''}`),
    added,
    dropped: dropped.map(({ line }) => line),
  };
}

describe('the lines of an amendment', () => {
  const dies = [1, 2, 3].map((no) => part('die', `D-${no}-77`));
  const before = declared(dies);

  it('keep the number of an item that was there, in whatever order it comes', () => {
    expect(amended(before, [dies[2]!, dies[0]!, dies[1]!])).to.deep.equal({
      lines: ['1 D-1-77', '2 D-2-77', '3 D-3-77'],
      added: [],
      dropped: [],
    });
  });

  it('know an item again by maker, kind and serialKey, and show the serial as given now', () => {
    const { lines, added } = amendedLines(catalogue, before, [
      part('die', 'd 1/77', { maker: 'p.t.k.', hs: '8479.90' }),
    ]);
    expect(added).to.deep.equal([]);
    expect(lines[0]).to.deep.equal(
      toLine(catalogue, ID, part('die', 'd 1/77', { maker: 'p.t.k.', hs: '8479.90' }), 1),
    );
    expect(lines[0]?.itemId).to.equal(before.content.lines[0]?.itemId);
  });

  it('leave a gap for a dropped line and give a new line a new number', () => {
    expect(amended(before, [dies[0]!, dies[2]!, part('die', 'D-4-77')])).to.deep.equal({
      lines: ['1 D-1-77', '3 D-3-77', '4 D-4-77'],
      added: [4],
      dropped: [2],
    });
  });

  it('take another maker or kind for another item', () => {
    const others = [part('die', 'D-1-77', { maker: 'Korsch' }), part('mould', 'D-2-77')];
    expect(amended(declared(dies.slice(0, 2)), others)).to.deep.include({ added: [3, 4], dropped: [1, 2] });
  });

  it('never give a number again that a dropped line had', () => {
    const [move] = before.moves;
    const dropped = [lineWith(7), lineWith(9)];
    const moves = [move!, { ...move!, no: 2, dropped }, { ...move!, no: 3, dropped: [lineWith(8)] }];
    expect(amended({ ...before, moves }, [part('die', 'D-4-77')]).added).to.deep.equal([10]);
  });

  it('declare an item twice when the amendment names it twice', () => {
    expect(amended(before, [dies[0]!, dies[0]!])).to.deep.equal({
      lines: ['1 D-1-77', '4 D-1-77'],
      added: [4],
      dropped: [2, 3],
    });
  });

  it('give an item without a serial the mark of its like: same kind and maker, and model where one has it', () => {
    const unmarked = declared([UNMARKED, UNMARKED]);
    expect(amended(unmarked, [UNMARKED])).to.deep.include({
      lines: [`1 ${mark(1)}*`],
      added: [],
      dropped: [2],
    });
    const { model: _model, ...bare } = UNMARKED;
    const unlike = { ...UNMARKED, model: 'ZP35D' };
    expect(amended(declared([bare]), [unlike])).to.deep.equal({
      lines: [`1 ${mark(1)}*`],
      added: [],
      dropped: [],
    });
    expect(amended(declared([bare, UNMARKED]), [UNMARKED, unlike])).to.deep.equal({
      lines: [`1 ${mark(1)}*`, `2 ${mark(2)}*`],
      added: [],
      dropped: [],
    });
    expect(amended(declared([UNMARKED, bare]), [unlike, UNMARKED]).dropped).to.deep.equal([]);
    expect(amended(declared([UNMARKED, bare]), [UNMARKED]).dropped).to.deep.equal([2]);
    expect(amended(declared([bare, UNMARKED]), [UNMARKED]).dropped).to.deep.equal([1]);
    expect(amended(unmarked, [{ ...UNMARKED, maker: 'Korsch' }])).to.deep.include({
      added: [3],
      dropped: [1, 2],
    });
    expect(amended(declared([PRESS]), [UNMARKED])).to.deep.include({
      lines: [`2 ${mark(2)}*`],
      added: [2],
      dropped: [1],
    });
  });

  it('leave a mark that the amendment names to the item it names it for', () => {
    const unmarked = declared([UNMARKED, UNMARKED]);
    expect(amended(unmarked, [UNMARKED, { ...UNMARKED, serial: mark(1) }])).to.deep.equal({
      lines: [`1 ${mark(1)}*`, `2 ${mark(2)}*`],
      added: [],
      dropped: [],
    });
  });

  it('say which items keep a mark that was there', () => {
    const { keepMark } = amendedLines(catalogue, declared([UNMARKED, PRESS]), [UNMARKED, PRESS]);
    expect([...keepMark]).to.deep.equal([UNMARKED]);
    const foreign = { ...UNMARKED, serial: registryMark('dcl_other', 1) };
    const { keepMark: none, lines } = amendedLines(catalogue, declared([PRESS]), [foreign, UNMARKED]);
    expect([...none]).to.deep.equal([]);
    expect(lines.map((line) => line.assignedMark)).to.deep.equal([true, true]);
  });

  it('are worked out for 2,000 turned lines with a few looks at each', () => {
    const many = Array.from({ length: 2_000 }, (_, no) => part('die', `D-${no}-77`));
    let looks = 0;
    const counting = { ...catalogue, makerKey: (name: string) => ((looks += 1), catalogue.makerKey(name)) };
    const { added, dropped } = amendedLines(counting, declared(many), many.toReversed());
    expect([added, dropped]).to.deep.equal([[], []]);
    expect(looks).to.be.at.most(3 * 2_000);
  });
});

describe('refitted lines', () => {
  it('are those that were there and belong to another press, or to none, or newly to one', () => {
    const before = [
      lineWith(1),
      lineWith(2, { pressId: 'a' }),
      lineWith(3, { pressId: 'a' }),
      lineWith(4, { pressId: 'a' }),
      lineWith(5),
    ];
    const after = [
      lineWith(1, { pressId: 'a' }),
      lineWith(2),
      lineWith(3, { pressId: 'b' }),
      lineWith(4, { pressId: 'a' }),
      lineWith(6, { pressId: 'a' }),
    ];
    expect(refittedLines(before, after)).to.deep.equal([1, 2, 3]);
  });
});
