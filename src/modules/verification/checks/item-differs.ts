import { serialKey } from '../../../kernel/serial.ts';
import type { Finding } from '../../declarations/index.ts';
import type { Facts, LineFacts } from '../facts.ts';
import { aboutLine, nameOf } from './check.ts';
import { joined } from '../../../kernel/wording.ts';

/**
 * `item-differs`: model or number of stations isn't what the item was first registered with. A warning when the
 * stations differ or the catalogue knows the models as two; an info when the models may be two spellings of one, and
 * when this very declaration registered the item and was amended since. The registered values are in the evidence
 * alone: another exporter may have given them.
 */
export function itemDiffers(facts: Facts): Finding[] {
  return facts.lines.flatMap((lineFacts) => {
    const { line, item, before } = lineFacts;
    const model = modelsCompared(facts, lineFacts);
    const stations =
      line.stations !== undefined && item.stations !== undefined && line.stations !== item.stations;
    if (model === 'same' && !stations) return [];
    const what = [...(model === 'same' ? [] : ['model']), ...(stations ? ['number of stations'] : [])];
    const because = `The ${joined(what)} given for the ${nameOf(facts, line)} ${what.length === 1 ? 'differs' : 'differ'} from what it was first registered with.`;
    const evidence = {
      ...(model === 'same' ? {} : { model: line.model ?? '', registeredModel: item.model ?? '' }),
      ...(stations ? { stations: line.stations, registeredStations: item.stations } : {}),
    };
    const registeredEarlier = before.some((event) => event.type === 'registered');
    const level = registeredEarlier && (stations || model === 'other') ? 'warning' : 'info';
    return [aboutLine(line, { code: 'item-differs', level, because, evidence })];
  });
}

/** `spelling`: differently written, and not both known to the catalogue. A model that isn't given differs from none. */
function modelsCompared({ catalogue }: Facts, { line, item }: LineFacts): 'same' | 'spelling' | 'other' {
  if (line.model === undefined || item.model === undefined) return 'same';
  if (serialKey(line.model) === serialKey(item.model)) return 'same';
  const given = catalogue.findModel(line.makerKey, line.model, line.kind);
  const registered = catalogue.findModel(item.maker, item.model, item.kind);
  if (given === null || registered === null) return 'spelling';
  return given === registered ? 'same' : 'other';
}
