import { COMPRIMA_300, kit, machine, TDP, tooling, ZP33 } from './machines.ts';
import type { Scene } from './scene.ts';
import { dayOf, exporterIn, filedAs, observed, OUT_AFTER_DAYS, shipment, THERE_AFTER_DAYS } from './scene.ts';
import type { Act } from './situation.ts';
import { clerkOf, customsOf } from './trade.ts';

/** The press that the documentation looks up. */
export const KNOWN_SERIAL = 'ZP33-2025-00417';

/** A press with 36 stations and its 108 punches and dies, in one declaration. */
export function fullKit(scene: Scene): Act[] {
  const exporter = scene.no === 0 ? { org: 'acme', country: 'TW' } : exporterIn(scene, 'whole-kit');
  const { serial, year } =
    scene.no === 0 ? { serial: KNOWN_SERIAL, year: 2025 } : scene.freshSerial(COMPRIMA_300);
  const items = kit(scene.no === 0 ? ZP33 : COMPRIMA_300, serial, year, { stations: 36 });
  const route = { destination: 'AU', portOfExit: 'TWKHH', portOfEntry: 'AUSYD' } as const;
  return shipment(scene, { exporter, part: 1, day: 0, items, route, goes: 'out' });
}

/** Twelve desktop presses whose serials differ in one digit. */
export function nearDuplicateRun(scene: Scene): Act[] {
  const exporter = exporterIn(scene, 'serial-run');
  const first = scene.freshSerial(TDP);
  const next = Array.from({ length: 11 }, () => scene.freshSerial(TDP, first.year));
  const items = [first, ...next].map(({ serial, year }) => machine(TDP, serial, year));
  return shipment(scene, { exporter, part: 1, day: 0, items, goes: 'there' });
}

/** What people write when a form insists on a serial: refused. */
export function junkSerials(scene: Scene): Act[] {
  const exporter = exporterIn(scene, 'no-number');
  const { model: _model, ...press } = machine(TDP, '', 2025);
  const items = ['N/A', '000000', 'S/N'].map((serial) => ({ ...press, serial }));
  return shipment(scene, { exporter, part: 1, day: 0, items, goes: 'checked' });
}

/** A typing error, put right before the goods left. */
export function amended(scene: Scene): Act[] {
  const exporter = exporterIn(scene, 'second-thought');
  const wrong = scene.freshSerial(TDP);
  const right = scene.freshSerial(TDP);
  const what = filedAs(scene, { exporter, part: 1 });
  const [file, check, ...rest] = shipment(scene, {
    exporter,
    part: 1,
    day: 0,
    items: kit(TDP, wrong.serial, wrong.year),
    goes: 'out',
  });
  if (file === undefined || check === undefined) throw new Error('a shipment is filed and checked');
  const amend: Act = {
    does: 'amend',
    at: dayOf(scene, 1),
    by: clerkOf(exporter),
    what,
    reason: 'The serial was read from the wrong press.',
    items: kit(TDP, right.serial, right.year),
  };
  return [file, check, amend, { does: 'check', at: dayOf(scene, 1.01), what }, ...rest];
}

/** Verified, then taken back. */
export function withdrawn(scene: Scene): Act[] {
  const exporter = exporterIn(scene, 'order-cancelled');
  const { serial, year } = scene.freshSerial(TDP);
  const plan = { exporter, part: 1, day: 0, items: kit(TDP, serial, year), goes: 'checked' } as const;
  const reason = 'The consignee cancelled the order.';
  return [
    ...shipment(scene, plan),
    { does: 'withdraw', at: dayOf(scene, 3), by: clerkOf(exporter), what: filedAs(scene, plan), reason },
  ];
}

/** Lost on the way, by mistake also another one, which was then found. */
export function lost(scene: Scene): Act[] {
  const exporter = exporterIn(scene, 'rough-sea');
  const presses = [scene.freshSerial(TDP), scene.freshSerial(TDP)].map(({ serial, year }) =>
    machine(TDP, serial, year),
  );
  const [gone, found] = presses;
  if (gone === undefined || found === undefined) throw new Error('two presses were made');
  const day = OUT_AFTER_DAYS + 12;
  const seen = {
    day,
    happened: day - 3,
    place: 'SGSIN',
    detail: { note: 'Container overboard.', policeFile: 'SYN-17' },
  };
  const reason = 'It was in another container.';
  const by = customsOf('SG');
  const route = { destination: 'SG', portOfEntry: 'SGSIN' };
  return [
    ...shipment(scene, { exporter, part: 1, day: 0, items: presses, route, goes: 'out' }),
    observed(scene, by, gone, { type: 'lost', ...seen }),
    observed(scene, by, found, { type: 'lost', ...seen }),
    observed(scene, by, found, {
      type: 'corrected',
      day: day + 2,
      place: 'SGSIN',
      detail: { note: reason },
      corrects: 'lost',
    }),
  ];
}

/** Exported new, used for some months, sold on to another country by its owner. */
export function secondHandResale(scene: Scene): Act[] {
  const { serial, year } = scene.freshSerial(TDP);
  const items = kit(TDP, serial, year);
  const used = items.map((item) => ({ ...item, condition: 'used' }));
  const seller = exporterIn(scene, 'wattle-resale', 'AU');
  const first = { destination: 'AU', portOfEntry: 'AUMEL' };
  const next = { destination: 'NZ', portOfExit: 'AUMEL', portOfEntry: 'NZAKL' };
  const day = THERE_AFTER_DAYS + 90;
  return [
    ...shipment(scene, {
      exporter: exporterIn(scene, 'first-hand'),
      part: 1,
      day: 0,
      items,
      route: first,
      goes: 'there',
    }),
    ...shipment(scene, { exporter: seller, part: 2, day, items: used, route: next, goes: 'there' }),
  ];
}

/** Left, came back unsold, and left again. */
export function notShipped(scene: Scene): Act[] {
  const exporter = exporterIn(scene, 'missed-vessel');
  const { serial, year } = scene.freshSerial(TDP);
  const items = kit(TDP, serial, year);
  const plan = { exporter, part: 1, day: 0, items, goes: 'out' } as const;
  const back: Act = {
    does: 'arrive',
    at: dayOf(scene, OUT_AFTER_DAYS + 2),
    by: customsOf('TW'),
    what: filedAs(scene, plan),
    outcome: 'not-shipped',
    port: 'TWKHH',
  };
  return [...shipment(scene, plan), back, ...shipment(scene, { ...plan, part: 2, day: 20 })];
}

/** Old machines and dies without a serial, from a country whose rules ask for none: the registry issues marks. */
export function withoutSerial(scene: Scene): Act[] {
  const exporter = exporterIn(scene, 'attic-find', 'DE');
  const { serial: _serial, model: _model, ...press } = machine(TDP, '', 1962, { condition: 'used' });
  const old = { ...press, maker: 'Stokes' };
  const dies = tooling('Stokes', '', 4, null, ['die']).map(({ serial: _none, ...die }) => ({
    ...die,
    condition: 'used',
  }));
  return shipment(scene, { exporter, part: 1, day: 0, items: [old, ...dies], goes: 'out' });
}

/** A consignee whose name is on the synthetic watch list, and a destination that is restricted by way of example. */
export function doubtfulParties(scene: Scene): Act[] {
  const exporter = exporterIn(scene, 'open-door');
  const press = () => {
    const { serial, year } = scene.freshSerial(TDP);
    return [machine(TDP, serial, year)];
  };
  const watched = { name: 'Golden Lotus Pharma Machinery', country: 'VN' };
  const route = { destination: 'VN', portOfEntry: 'VNSGN', consignee: watched, endUser: watched };
  return [
    ...shipment(scene, { exporter, part: 1, day: 0, items: press(), route, goes: 'checked' }),
    ...shipment(scene, {
      exporter,
      part: 2,
      day: 4,
      items: press(),
      route: { destination: 'BV' },
      goes: 'checked',
    }),
  ];
}
