import { expect } from 'chai';
import { blamed, gather, refusedRows } from '../../../src/modules/imports/gathering.ts';
import type { Cells, Row } from '../../../src/modules/imports/import.ts';

const rows = (...cells: Cells[]): Row[] =>
  cells.map((each, index) => ({ row: index + 1, line: index + 2, cells: { reference: 'R-1', ...each } }));

describe('gathering rows into a declaration', () => {
  it('takes what concerns the whole from whichever row says it', () => {
    const { body, faults } = gather(
      rows(
        { kind: 'Die', serial: 'D-1', destination: 'au', 'consignee.name': 'H' },
        { kind: 'die', serial: ' D-2 ', plannedExit: '2036/1/5', 'consignee.country': 'AU', stations: '36' },
      ),
    );
    expect(body).to.deep.equal({
      reference: 'R-1',
      destination: 'AU',
      plannedExit: '2036-01-05',
      consignee: { name: 'H', country: 'AU' },
      items: [
        { kind: 'die', serial: 'D-1' },
        { kind: 'die', serial: 'D-2', stations: 36 },
      ],
    });
    expect(faults.size).to.equal(0);
  });

  it('lays a contradiction to the row that contradicts', () => {
    const { faults } = gather(rows({ destination: 'AU' }, { destination: 'AU' }, { destination: 'KP' }));
    expect([...faults.keys()]).to.deep.equal([2]);
    expect(faults.get(2)?.map(({ column, code }) => [column, code])).to.deep.equal([
      ['destination', 'differs-within-declaration'],
    ]);
  });

  it('makes an item of each serial of a range, and no more than would be refused anyway', () => {
    const { body, rowOfItem } = gather(rows({ serial: 'A-1..3', kind: 'die' }, { serial: 'B', kind: 'die' }));
    expect((body['items'] as { serial: string }[]).map(({ serial }) => serial)).to.deep.equal([
      'A-1',
      'A-2',
      'A-3',
      'B',
    ]);
    expect(rowOfItem).to.deep.equal([0, 0, 0, 1]);
    const many = gather(rows(...Array.from({ length: 2_000 }, () => ({ serial: 'A-0001..2000' }))));
    expect((many.body['items'] as unknown[]).length).to.be.within(2_001, 4_000);
  });

  it('knows a licence by its number alone or with more', () => {
    const licence = (cells: Cells) => gather(rows(cells)).body['licence'];
    expect(licence({ licence: 'L-1' })).to.equal('L-1');
    const full = { number: 'L-1', validUntil: '2037-01-01' };
    expect(licence({ licence: 'L-1', 'licence.validUntil': '2037-01-01' })).to.deep.equal(full);
    expect(licence({ 'licence.validUntil': '2037-01-01', licence: 'L-1' })).to.deep.equal(full);
  });

  it('says of a cell with control characters that it is refused', () => {
    const { faults } = gather(rows({ serial: 'A\u0000B' }));
    expect(faults.get(0)?.[0]).to.include({ column: 'serial', code: 'text-refused' });
  });

  it('lays what is wrong with the body to the rows where it was said, and refuses the others with them', () => {
    const gathered = gather(rows({ serial: 'A-1..2' }, { serial: 'B-1' }, { serial: 'C-1' }));
    const found = blamed(gathered, [
      { field: 'items[2].kind', code: 'required', message: 'items[2].kind is missing.' },
      { field: 'items[1].maker', code: 'no-name', message: 'holds no letter or digit' },
      { field: 'endUser.country', code: 'required', message: 'endUser.country is missing.' },
    ]);
    expect(
      refusedRows(found).map(({ row, faults }) => [
        row,
        faults.map(({ column, message }) => [column, message]),
      ]),
    ).to.deep.equal([
      [
        1,
        [
          ['maker', 'maker holds no letter or digit.'],
          ['endUser.country', 'endUser.country is missing.'],
        ],
      ],
      [2, [['kind', 'kind is missing.']]],
      [3, [['', 'Row 1 of the same declaration is refused, and a declaration is filed whole.']]],
    ]);
  });
});
