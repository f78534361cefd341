import { junkReason } from '../../../kernel/junk-serial.ts';
import type { Finding } from '../../declarations/index.ts';
import type { Facts } from '../facts.ts';
import { aboutLine, nameOf } from './check.ts';
import { quoted } from '../../../kernel/wording.ts';

/**
 * `serial-pattern`: a serial unlike the pattern the catalogue holds for this maker and model. A warning, but only an
 * info while the pattern is marked synthetic, for such a one was invented and proves nothing. Marks that the registry
 * issued and junk, which has a code of its own, are left alone.
 */
export function serialPattern(facts: Facts): Finding[] {
  const { catalogue, lines } = facts;
  return lines.flatMap(({ line }) => {
    if (line.assignedMark || line.model === undefined) return [];
    const model = catalogue.findModel(line.makerKey, line.model, line.kind);
    if (model === null || catalogue.fitsSerialPattern(model, line.serial) !== false) return [];
    if (junkReason(line.serial) !== null) return [];
    const level = model.synthetic ? 'info' : 'warning';
    const because = `The serial of the ${nameOf(facts, line)} is unlike the serials expected of the model ${quoted(model.name)}.`;
    const evidence = {
      model: model.name,
      pattern: model.serialPattern ?? '',
      example: model.serialExample ?? '',
      synthetic: model.synthetic,
    };
    return [aboutLine(line, { code: 'serial-pattern', level, because, evidence })];
  });
}
