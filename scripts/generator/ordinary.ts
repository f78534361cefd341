import type { LineInput, MachineModel } from './machines.ts';
import { kit, machine, MODELS, tooling } from './machines.ts';
import type { Scene } from './scene.ts';
import { dayOf, filedAs, OUT_AFTER_DAYS, shipment, THERE_AFTER_DAYS } from './scene.ts';
import type { Act } from './situation.ts';
import { clerkOf, pickExporter } from './trade.ts';

/** A number lapses after this many days; an ordinary verified declaration is younger, or has lapsed. */
export const LAPSES_AFTER_DAYS = 180;
const PRESSES_IN_ONE = [1, 1, 1, 1, 1, 1, 2, 2, 3, 5] as const;

/**
 * Business as usual: one exporter, up to five machines of one model with their tooling, and as much of their way as
 * fits into `days` until today. Parts come to about a hundred for each machine.
 */
export function ordinary(scene: Scene, days: number): Act[] {
  const { prng } = scene;
  const exporter = pickExporter(prng);
  const model = prng.pick(MODELS);
  const machines = model.stations <= 1 ? prng.integer(1, 3) : prng.pick(PRESSES_IN_ONE);
  const items = Array.from({ length: machines }, () => delivery(scene, model)).flat();
  const plan = { exporter, part: 1, day: 0, items } as const;
  const fate = prng.next();
  if (fate < 0.03) {
    const at = dayOf(scene, Math.min(2, days));
    const what = filedAs(scene, plan);
    const reason = 'The order was cancelled.';
    return [
      ...shipment(scene, { ...plan, goes: 'checked' }),
      { does: 'withdraw', at, by: clerkOf(exporter), what, reason },
    ];
  }
  if (days < OUT_AFTER_DAYS || (fate < 0.25 && days < LAPSES_AFTER_DAYS - 10)) {
    return shipment(scene, { ...plan, goes: 'checked' });
  }
  if (fate < 0.06 && days > LAPSES_AFTER_DAYS) {
    const at = dayOf(scene, LAPSES_AFTER_DAYS + 1);
    return [
      ...shipment(scene, { ...plan, goes: 'checked' }),
      { does: 'expire', at, what: filedAs(scene, plan) },
    ];
  }
  return shipment(scene, { ...plan, goes: days > THERE_AFTER_DAYS && fate > 0.6 ? 'there' : 'out' });
}

/** A machine, its first set of tooling and, for a rotary press, at times a second one from a tool maker. */
function delivery(scene: Scene, model: MachineModel): LineInput[] {
  const { serial, year } = scene.freshSerial(model);
  const condition = scene.prng.chance(0.85) ? 'new' : 'refurbished';
  if (model.stations === 0) return [machine(model, serial, year, { condition })];
  const set = kit(model, serial, year, { condition });
  const spare = model.stations > 1 && scene.prng.chance(0.5);
  return spare ? [...set, ...tooling('Natoli', `NT-${serial}`, model.stations, serial)] : set;
}
