import { csvRow } from '../../kernel/csv.ts';
import { COLUMNS } from './columns.ts';
import type { Cell, Cells, RefusedRow, TextFormat } from './import.ts';

const EXAMPLE: Cells = {
  reference: 'INV-2026-0042',
  maker: 'Fette Compacting',
  destination: 'AU',
  'consignee.name': 'Harbour Pharma Pty Ltd',
  'consignee.country': 'AU',
  'endUser.name': 'Harbour Pharma Pty Ltd',
  'endUser.country': 'AU',
  endUse: 'Contract manufacture of registered medicines',
  portOfExit: 'TWKHH',
  transport: 'sea',
  plannedExit: '2036-12-15',
};
/** A press, and dies with a range of serials that belong to it. */
const EXAMPLES: readonly Cells[] = [
  { ...EXAMPLE, kind: 'press', model: '2090i', serial: '2090-2026-00417', condition: 'new', stations: 36 },
  { ...EXAMPLE, kind: 'die', serial: 'D-2026-0001..0036', partOf: '2090-2026-00417', condition: 'new' },
];

/** The headings of a file to fill in, and two rows as examples. */
export function templateRows(): (readonly Cell[])[] {
  const names = COLUMNS.map(({ name }) => name);
  return [names, ...EXAMPLES.map((cells) => names.map((name) => cells[name] ?? ''))];
}

/** A file to fill in, with two rows as examples. */
export function template(format: TextFormat): string {
  if (format === 'ndjson') return EXAMPLES.map((cells) => `${JSON.stringify(cells)}\n`).join('');
  return templateRows()
    .map((cells) => csvRow(cells.map(String)))
    .join('');
}

/** What the registry says of a row that it hands back; passed over when that is sent again. */
const NOTES = ['_row', '_line', '_error'] as const;

function noteOf({ row, line, faults }: RefusedRow): Record<(typeof NOTES)[number], string> {
  const error = faults.map(({ message }) => message).join(' ');
  return { _row: String(row), _line: String(line), _error: error };
}

/** The headings of refused rows that are handed back. */
export function refusedHead(format: TextFormat): string {
  return format === 'csv' ? csvRow([...NOTES, ...COLUMNS.map(({ name }) => name)]) : '';
}

/** A refused row, to be mended and sent again. */
export function refusedLine(format: TextFormat, refused: RefusedRow): string {
  const note = noteOf(refused);
  if (format === 'ndjson') return `${JSON.stringify({ ...note, ...refused.cells })}\n`;
  return csvRow([
    ...NOTES.map((name) => note[name]),
    ...COLUMNS.map(({ name }) => shown(refused.cells[name])),
  ]);
}

function shown(cell: Cell | undefined): string {
  return cell === undefined ? '' : String(cell);
}
