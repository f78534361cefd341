import { expect } from 'chai';
import { COLUMNS, createHeadings } from '../../../src/modules/imports/columns.ts';

const meaningOf = createHeadings({});
const columnOf = (heading: string): string => {
  const meaning = meaningOf(heading);
  return typeof meaning === 'object' ? meaning.column : meaning;
};

describe('the headings of a file', () => {
  it('are found by their name and by each other heading they are known under', () => {
    for (const { name, headings } of COLUMNS) {
      for (const heading of [name, ...headings]) expect(columnOf(heading), heading).to.equal(name);
    }
  });

  it('are read leniently: case, spaces, accents, marks and width do not matter', () => {
    const said: Record<string, string> = {
      ' SERIAL NO. ': 'serial',
      'Número de serie': 'serial',
      'NUMERO_DE_SERIE:': 'serial',
      Ｓｅｒｉａｌ: 'serial',
      最終使用者名稱: 'endUser.name',
      收货人国家: 'consignee.country',
      'País del consignatario': 'consignee.country',
      'End-User Address': 'endUser.address',
      'value/amount': 'value.amount',
    };
    for (const [heading, name] of Object.entries(said)) expect(columnOf(heading), heading).to.equal(name);
  });

  it('are passed over when they are empty or the registry added them, and unknown otherwise', () => {
    expect(['', '  ', '_error', '_row'].map(columnOf)).to.deep.equal([
      'left-out',
      'left-out',
      'left-out',
      'left-out',
    ]);
    expect(['colour', '備註'].map(columnOf)).to.deep.equal(['unknown', 'unknown']);
  });

  it('mean what a mapping says, first of all', () => {
    const mapped = createHeadings({ Werknummer: 'serial', serial: 'model', colour: '' });
    expect(mapped('WERK-NUMMER')).to.deep.equal({ column: 'serial' });
    expect(mapped('serial')).to.deep.equal({ column: 'model' });
    expect(mapped('Colour')).to.equal('left-out');
  });
});
