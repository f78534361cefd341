import type { Regime, RequiredField } from '../../catalogue/index.ts';
import type { Finding, Line } from '../../declarations/index.ts';
import type { Facts } from '../facts.ts';
import { linesNamed, quoted } from './wording.ts';

const PER_ITEM = 'items[].';
const LICENCE = 'licence';

/**
 * `licence-missing`: the declaration's regime asks for a licence, and none is given. `regime-field-missing`: the same
 * of any other field; one finding a field, naming the lines. A warning, but only an info for a regime that isn't in force. A regime asks nothing of a
 * declaration without any item of the kinds it asks about.
 */
export function regimeFieldMissing({ declaration, catalogue }: Facts): Finding[] {
  const { consignment, lines } = declaration.content;
  const regime = consignment.regime === undefined ? null : catalogue.findRegime(consignment.regime);
  if (regime === null) return [];
  const body = { ...consignment, reference: declaration.reference };
  return regime.requiredFields.flatMap((field) => {
    const asked = lines.filter((line) => field.kinds.includes(line.kind));
    if (field.path.startsWith(PER_ITEM)) return missingOnLines(regime, field, asked);
    const missing = asked.length > 0 && valueAt(body, field.path) === undefined;
    if (!missing) return [];
    const asks = `The regime ${regime.code} asks for`;
    if (field.path !== LICENCE) {
      const because = `${asks} ${quoted(field.path)}, which the declaration leaves out.`;
      return [finding('regime-field-missing', regime, field, because)];
    }
    return [finding('licence-missing', regime, field, `${asks} a licence, and none is given.`)];
  });
}

function missingOnLines(regime: Regime, field: RequiredField, asked: readonly Line[]): Finding[] {
  const path = field.path.slice(PER_ITEM.length);
  const lines = asked.filter((line) => isMissing(line, path)).map((line) => line.line);
  const [first] = lines;
  if (first === undefined) return [];
  const alone = lines.length === 1;
  const because = `The regime ${regime.code} asks for ${quoted(path)}, which ${linesNamed(lines)} ${alone ? 'leaves' : 'leave'} out.`;
  const missing = finding('regime-field-missing', regime, field, because, { lines });
  return [{ ...missing, ...(alone ? { line: first } : {}) }];
}

/** A mark that the registry issued is no serial given. */
function isMissing(line: Line, path: string): boolean {
  return (path === 'serial' && line.assignedMark) || valueAt(line, path) === undefined;
}

function finding(
  code: 'licence-missing' | 'regime-field-missing',
  regime: Regime,
  field: RequiredField,
  because: string,
  evidence: Finding['evidence'] = {},
): Finding {
  const level = regime.inForce ? 'warning' : 'info';
  return { code, level, because, evidence: { regime: regime.code, field: field.path, ...evidence } };
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
