import type { Column } from './columns.ts';
import type { Cell } from './import.ts';

/** A text that a cell holds, as the value its column is for; left as it is where it isn't one, so that it is refused as such. */
export function cellValue({ type }: Column, cell: Cell): Cell {
  if (type === 'number') {
    const text = typeof cell === 'string' ? cell.trim() : '';
    return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : cell;
  }
  if (typeof cell === 'boolean') return cell;
  const text = String(cell).trim();
  switch (type) {
    case 'upper':
      return text.toUpperCase();
    case 'kind':
      return text.toLowerCase().replaceAll(/[\s_]+/g, '-');
    case 'day':
      return dayOf(text);
    case 'text':
      return text;
  }
}

/** `2026/12/5`, and a day with a time of zero, as spreadsheets write days. */
function dayOf(text: string): string {
  const [, year, month = '', day = ''] =
    /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?$/.exec(text) ?? [];
  return year === undefined ? text : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
