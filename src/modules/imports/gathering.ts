import { REFUSED_CHARACTERS } from '../../kernel/acceptable-text.ts';
import type { Fault } from '../../kernel/failure.ts';
import { MAX_ITEMS } from '../declarations/index.ts';
import { cellValue } from './cells.ts';
import { COLUMN_BY_NAME } from './columns.ts';
import type { Cell, RefusedRow, Row, RowFault } from './import.ts';
import { serialsOf } from './serial-range.ts';

/** What rows of one reference declare together, as a body to be filed, and where each item of it came from. */
export interface Gathered {
  readonly rows: readonly Row[];
  readonly body: Readonly<Record<string, unknown>>;
  /** Of each item, the index of its row. */
  readonly rowOfItem: readonly number[];
  /** By index of row. */
  readonly faults: ReadonlyMap<number, readonly RowFault[]>;
}

const MAX_FAULTS_OF_ROW = 20;

/**
 * Gathers rows into one declaration. What concerns the whole declaration may be said in each row or in one; rows that
 * say different things are at fault.
 */
export function gather(rows: readonly Row[]): Gathered {
  const whole: Record<string, Cell> = {};
  const items: Record<string, unknown>[] = [];
  const rowOfItem: number[] = [];
  const faults = new Map<number, RowFault[]>();
  rows.forEach((row, index) => {
    const found: RowFault[] = [...(row.faults ?? [])];
    const item: Record<string, Cell> = {};
    for (const [name, cell] of Object.entries(row.cells)) {
      const column = COLUMN_BY_NAME.get(name);
      if (column === undefined) continue;
      if (typeof cell === 'string' && REFUSED_CHARACTERS.test(cell)) {
        found.push({ column: name, code: 'text-refused', message: `${name} holds a control character.` });
        continue;
      }
      const value = cellValue(column, cell);
      if (column.of === 'item') item[name] = value;
      else if (whole[name] === undefined) whole[name] = value;
      else if (whole[name] !== value) found.push(differing(name));
    }
    // A declaration that has too many items is refused for it, however many more there are.
    const more = items.length > MAX_ITEMS ? [] : itemsOf(item, found);
    for (const each of more) {
      items.push(nested(each));
      rowOfItem.push(index);
    }
    if (found.length > 0) faults.set(index, found);
  });
  return { rows, body: { ...nested(whole), items }, rowOfItem, faults };
}

function differing(column: string): RowFault {
  return {
    column,
    code: 'differs-within-declaration',
    message: `${column} differs from what another row of the same declaration says.`,
  };
}

/** One item, or one for each serial of a range. */
function itemsOf(item: Record<string, Cell>, faults: RowFault[]): Record<string, Cell>[] {
  const { serial } = item;
  if (typeof serial !== 'string') return [item];
  const range = serialsOf(serial);
  if ('serials' in range) return range.serials.map((each) => ({ ...item, serial: each }));
  faults.push({ column: 'serial', code: range.code, message: `serial ${range.message}` });
  return [item];
}

/** `{'value.amount': 5}` as `{value: {amount: 5}}`. A licence of which more than the number is told is an object. */
function nested(flat: Readonly<Record<string, Cell>>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(flat)) {
    const [outer = '', inner] = name.split('.', 2);
    if (inner === undefined) {
      const there = result[outer];
      if (typeof there === 'object') (there as Record<string, unknown>)['number'] = value;
      else result[outer] = value;
    } else {
      const there = result[outer];
      const object = typeof there === 'object' ? there : there === undefined ? {} : { number: there };
      result[outer] = { ...object, [inner]: value };
    }
  }
  return result;
}

/** With what was found wrong with the body, such as `items[3].serial`, laid to the rows where it was said. */
export function blamed(gathered: Gathered, found: readonly Fault[]): Gathered {
  const faults = new Map([...gathered.faults].map(([index, some]) => [index, [...some]]));
  for (const { field, code, message } of found) {
    const [whole = '', no, column = ''] = /^items\[(\d+)\](?:\.(.*))?$/.exec(field) ?? [];
    const index = no === undefined ? 0 : (gathered.rowOfItem[Number(no)] ?? 0);
    const name = no === undefined ? (field === 'items' ? '' : field) : column;
    const some = faults.get(index) ?? [];
    if (some.length >= MAX_FAULTS_OF_ROW) continue;
    some.push({ column: name, code, message: sentence(message, whole === '' ? field : whole, name) });
    faults.set(index, some);
  }
  return { ...gathered, faults };
}

/** A message about a field of the body, said of the column. */
function sentence(message: string, field: string, column: string): string {
  const what = column === '' ? 'The row' : column;
  const said = message.startsWith(field)
    ? what + message.slice(field.length)
    : /^[a-z]/.test(message)
      ? `${what} ${message}`
      : message;
  return /[.!?]$/.test(said) ? said : `${said}.`;
}

/** All rows of a declaration that can't be filed, each with what is wrong with it, or that another one is wrong. */
export function refusedRows({ rows, faults }: Gathered): RefusedRow[] {
  const first = Math.min(...faults.keys());
  const other: RowFault = {
    column: '',
    code: 'declaration-refused',
    message: `Row ${rows[first]?.row ?? 0} of the same declaration is refused, and a declaration is filed whole.`,
  };
  return rows.map((row, index) => ({ ...row, faults: faults.get(index) ?? [other] }));
}
