import type { Regime, RequiredField } from '../catalogue/index.ts';
import type { Declaration, Line } from '../declarations/index.ts';

/** A field that a regime asks for and a declaration leaves out. */
export interface MissingField {
  readonly field: RequiredField;
  /** The field's name without `items[].`. */
  readonly path: string;
  /** Of a field of items: the lines that leave it out. */
  readonly lines?: readonly number[];
}

const PER_ITEM = 'items[].';

/** What a regime asks for and is not there. It asks nothing of a declaration without items of the kinds it asks about. */
export function missingFields(regime: Regime, { reference, content }: Declaration): MissingField[] {
  const { consignment, lines } = content;
  const body = { ...consignment, reference };
  return regime.requiredFields.flatMap((field): MissingField[] => {
    const asked = lines.filter((line) => field.kinds.includes(line.kind));
    const { path } = field;
    if (!path.startsWith(PER_ITEM)) {
      return asked.length > 0 && valueAt(body, path) === undefined ? [{ field, path }] : [];
    }
    const name = path.slice(PER_ITEM.length);
    const missing = asked.filter((line) => isMissing(line, name)).map((line) => line.line);
    return missing.length === 0 ? [] : [{ field, path: name, lines: missing }];
  });
}

/** A mark that the registry issued is no serial given. */
function isMissing(line: Line, path: string): boolean {
  return (path === 'serial' && line.assignedMark) || valueAt(line, path) === undefined;
}

/** What lies at a dotted path of plain data; undefined when any step of it is missing. */
function valueAt(data: unknown, path: string): unknown {
  let value = data;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
