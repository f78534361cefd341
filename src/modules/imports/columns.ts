import { COLUMN_TABLE } from './headings.ts';

/** What is written in a column's cells. */
export type CellType = 'text' | 'number' | 'day' | 'upper' | 'kind';

/** A column of a file of declarations. Its name is the path of the field in a declaration, or in one of its items. */
export interface Column {
  readonly name: string;
  readonly of: 'declaration' | 'item';
  readonly type: CellType;
  /** Other headings it is known under, in English, Spanish and Chinese. */
  readonly headings: readonly string[];
}

export const COLUMNS: readonly Column[] = COLUMN_TABLE.trim().split('\n').map(columnIn);

function columnIn(line: string): Column {
  const [name = '', of, type, headings = ''] = line.split(' | ');
  return { name, of: of as Column['of'], type: type as CellType, headings: headings.split(', ') };
}

export const COLUMN_BY_NAME: ReadonlyMap<string, Column> = new Map(COLUMNS.map((each) => [each.name, each]));

/** Without marks, spaces, case and accents: `Número de Serie:` and `numero de serie` are one heading. */
function headingKey(heading: string): string {
  return heading
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase();
}

const BY_HEADING: ReadonlyMap<string, string> = new Map(
  COLUMNS.flatMap(({ name, headings }) => [name, ...headings].map((each) => [headingKey(each), name])),
);

/** What a heading stands for: a column, one that is passed over, or nothing that is known. */
export type HeadingMeaning = { readonly column: string } | 'left-out' | 'unknown';

/**
 * Finds what headings stand for, leniently, and before that what `mapping` says of them. A heading that begins with
 * `_` is passed over: those are what the registry adds to rows that it hands back.
 */
export function createHeadings(
  mapping: Readonly<Record<string, string>>,
): (heading: string) => HeadingMeaning {
  const given = new Map(Object.entries(mapping).map(([heading, name]) => [headingKey(heading), name]));
  return (heading) => {
    const text = heading.trim();
    const named = given.get(headingKey(text)) ?? BY_HEADING.get(headingKey(text));
    if (named !== undefined && named !== '') return { column: named };
    return named === '' || text === '' || text.startsWith('_') ? 'left-out' : 'unknown';
  };
}
