import { createItem } from '../../src/modules/register/index.ts';
import type { EventDraft, Item, RegisterService } from '../../src/modules/register/index.ts';
import { createPrng } from '../generator/prng.ts';
import { consignment } from './consignment.ts';

const PER_DECLARATION = 1_000;
const AT = '2026-01-15T08:00:00.000Z';
const ACTOR = { sub: 'clerk-1', org: 'bench-fill', role: 'exporter', country: 'TW' } as const;

/**
 * Registers at least `items` items as filings of 1,000 leave them once they are verified: presses with their sets of
 * punches and dies, three or four events each.
 * @returns how many it registered
 */
export async function fillRegister(
  register: RegisterService,
  items: number,
  onProgress: (done: number) => void,
): Promise<number> {
  const prng = createPrng(1);
  let done = 0;
  for (let no = 0; done < items; no += 1) {
    const {
      reference,
      items: lines,
      destination,
      consignee,
    } = consignment(prng, ACTOR.org, `F${no}`, PER_DECLARATION);
    const made = lines.map((line): Item =>
      createItem({
        maker: line.maker.toLowerCase(),
        makerName: line.maker,
        kind: line.kind,
        serial: line.serial ?? '',
        assignedMark: false,
        registeredAt: AT,
        ...(line.model === undefined ? {} : { model: line.model }),
        ...(line.year === undefined ? {} : { year: line.year }),
      }),
    );
    const pressOf = new Map(made.map((item) => [item.serial, item.itemId]));
    const drafts = made.flatMap((item, index): EventDraft[] => {
      const line = lines[index];
      const pressId = line?.partOf === undefined ? undefined : pressOf.get(line.partOf);
      const draft = (type: EventDraft['type'], detail: EventDraft['detail']): EventDraft => ({
        eventId: `evt_${item.itemId.slice(4)}_${type}`,
        itemId: item.itemId,
        type,
        occurredAt: AT,
        recordedAt: AT,
        actor: ACTOR,
        org: ACTOR.org,
        declarationId: `dcl_${no}`,
        line: index + 1,
        detail,
      });
      return [
        draft('registered', { serial: item.serial }),
        draft('declared', { reference, destination, consignee: consignee.name }),
        ...(pressId === undefined ? [] : [draft('fitted', { pressId })]),
        draft('verified', { outcome: 'verified', ruleSet: 'bench' }),
      ];
    });
    await register.record(made, drafts);
    done += made.length;
    onProgress(done);
  }
  return done;
}
