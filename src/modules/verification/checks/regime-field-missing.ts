import type { Regime } from '../../catalogue/index.ts';
import type { Finding } from '../../declarations/index.ts';
import { linesNamed, quoted } from '../../../kernel/wording.ts';
import type { Facts } from '../facts.ts';
import type { MissingField } from '../regime-fields.ts';
import { missingFields } from '../regime-fields.ts';

const LICENCE = 'licence';

/**
 * `licence-missing`: the declaration's regime asks for a licence, and none is given. `regime-field-missing`: the same
 * of any other field; one finding a field, naming the lines. A warning, but only an info for a regime that isn't in force. A regime asks nothing of a
 * declaration without any item of the kinds it asks about.
 */
export function regimeFieldMissing({ declaration, catalogue }: Facts): Finding[] {
  const { consignment } = declaration.content;
  const regime = consignment.regime === undefined ? null : catalogue.findRegime(consignment.regime);
  return regime === null ? [] : missingFields(regime, declaration).map((missing) => finding(regime, missing));
}

function finding(regime: Regime, { field, path, lines }: MissingField): Finding {
  const asks = `The regime ${regime.code} asks for`;
  const facts = {
    level: regime.inForce ? ('warning' as const) : ('info' as const),
    evidence: { regime: regime.code, field: field.path, ...(lines === undefined ? {} : { lines }) },
    ...(lines?.length === 1 ? { line: lines[0] } : {}),
  };
  if (field.path === LICENCE) {
    return { code: 'licence-missing', because: `${asks} a licence, and none is given.`, ...facts };
  }
  const who =
    lines === undefined
      ? 'the declaration leaves'
      : `${linesNamed(lines)} ${lines.length === 1 ? 'leaves' : 'leave'}`;
  const because = `${asks} ${quoted(path)}, which ${who} out.`;
  return { code: 'regime-field-missing', because, ...facts };
}
