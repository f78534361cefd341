import type { LineInput } from './machines.ts';
import { kit, machine, TDP, tooling, ZP33 } from './machines.ts';
import type { Scene } from './scene.ts';
import { exporterIn, observed, OUT_AFTER_DAYS, shipment, THERE_AFTER_DAYS } from './scene.ts';
import type { Act } from './situation.ts';
import { customsOf } from './trade.ts';

const TO_SYDNEY = { destination: 'AU', portOfEntry: 'AUSYD' } as const;

/** One serial, three makers: three items, and nothing wrong with any of them. */
export function sameSerialThreeMakers(scene: Scene): Act[] {
  const { serial, year } = scene.freshSerial(TDP);
  return ['Kilian', 'Korsch', 'Manesty'].flatMap((maker, index) => {
    const { model: _model, ...press } = machine(TDP, `M-${serial.slice(-7)}`, year);
    const exporter = exporterIn(scene, `${maker.toLowerCase()}-agent`);
    return shipment(scene, {
      exporter,
      part: index + 1,
      day: index * 3,
      items: [{ ...press, maker }],
      goes: 'out',
    });
  });
}

/** Two serials of one maker that read alike: the second waits for a regulator. */
export function foldedTwins(scene: Scene): Act[] {
  const exporter = exporterIn(scene, 'twin-hill');
  return ['A0B8', 'AOBB'].flatMap((letters, index) => {
    const serial = scene.no === 0 ? letters : `${letters}-${scene.no}`;
    const { model: _model, ...press } = machine(TDP, serial, 2025);
    return shipment(scene, {
      exporter,
      part: index + 1,
      day: index * 9,
      items: [press],
      goes: index === 0 ? 'out' : 'checked',
    });
  });
}

/** Out twice, and no return in between on record; a regulator let it go. */
export function exportedTwice(scene: Scene): Act[] {
  const exporter = exporterIn(scene, 'second-round');
  const { serial, year } = scene.freshSerial(TDP);
  const items = kit(TDP, serial, year);
  const decision = {
    decision: 'verified',
    reason: 'The exporter showed import papers of the return.',
  } as const;
  return [
    ...shipment(scene, { exporter, part: 1, day: 0, items, goes: 'out' }),
    ...shipment(scene, { exporter, part: 2, day: 60, items, goes: 'out', decision }),
  ];
}

/** Reported as destroyed before it left; another exporter declares it again and is refused. */
export function exportAfterDestroyed(scene: Scene): Act[] {
  const { serial, year } = scene.freshSerial(TDP);
  const press = machine(TDP, serial, year, { condition: 'used' });
  const first = exporterIn(scene, 'scrap-yard');
  const again = exporterIn(scene, 'phoenix');
  const detail = { note: 'Certificate of destruction handed in late.' };
  return [
    ...shipment(scene, { exporter: first, part: 1, day: 0, items: [press], goes: 'out' }),
    observed(scene, customsOf('TW'), press, {
      type: 'destroyed',
      day: 40,
      happened: 2,
      place: 'TWKHH',
      detail,
    }),
    ...shipment(scene, { exporter: again, part: 2, day: 70, items: [press], goes: 'checked' }),
  ];
}

/** A die declared with one press, then with another. */
export function partOnTwoPresses(scene: Scene): Act[] {
  const exporter = exporterIn(scene, 'two-presses');
  const one = scene.freshSerial(TDP);
  const other = scene.freshSerial(TDP);
  const [press, ...parts] = kit(TDP, one.serial, one.year);
  const shared = parts.filter((part) => part.kind === 'die');
  const second = kit(TDP, other.serial, other.year).filter((part) => part.kind !== 'die');
  const moved = shared.map((part) => ({ ...part, partOf: other.serial }));
  return [
    ...shipment(scene, {
      exporter,
      part: 1,
      day: 0,
      items: [press, ...parts].filter(isLine),
      goes: 'checked',
    }),
    ...shipment(scene, { exporter, part: 2, day: 5, items: [...second, ...moved], goes: 'checked' }),
  ];
}

function isLine(line: LineInput | undefined): line is LineInput {
  return line !== undefined;
}

/** 36 stations, 20 upper punches. */
export function kitIncomplete(scene: Scene): Act[] {
  const exporter = exporterIn(scene, 'short-delivery');
  const { serial, year } = scene.freshSerial(ZP33);
  const items = [
    machine(ZP33, serial, year, { stations: 36 }),
    ...tooling(ZP33.maker, serial, 20, serial, ['upper-punch']),
    ...tooling(ZP33.maker, serial, 36, serial, ['lower-punch', 'die']),
  ];
  return shipment(scene, { exporter, part: 1, day: 0, items, goes: 'checked' });
}

/** One kit over three shipments, and a fourth exporter's loose tools that make up a whole press. */
export function kitSplit(scene: Scene): Act[] {
  const exporter = exporterIn(scene, 'in-three-parts');
  const { serial, year } = scene.freshSerial(ZP33);
  const decision = { decision: 'verified', reason: 'The rest of the kit follows, says the order.' } as const;
  const upper = tooling(ZP33.maker, serial, 33, serial, ['upper-punch']);
  const lower = tooling(ZP33.maker, serial, 33, serial, ['lower-punch']);
  const dies = tooling(ZP33.maker, serial, 33, serial, ['die']);
  const loads = [[machine(ZP33, serial, year), ...upper], lower, dies];
  const loose = exporterIn(scene, 'loose-tools');
  const tools = (['upper-punch', 'lower-punch', 'die'] as const).map((kind) =>
    tooling('Natoli', `NT-${serial.slice(-8)}`, 18, null, [kind]),
  );
  return [
    ...loads.flatMap((items, index) =>
      shipment(scene, {
        exporter,
        part: index + 1,
        day: index * 14,
        items,
        goes: 'out',
        // The loads after the first hold no press, so nothing asks for a decision.
        ...(index === 0 ? { decision } : {}),
      }),
    ),
    ...tools.flatMap((items, index) =>
      shipment(scene, { exporter: loose, part: index + 4, day: 50 + index * 20, items, goes: 'checked' }),
    ),
  ];
}

/** Shipped, arrived, then reported stolen; declared by somebody else and refused. */
export function stolen(scene: Scene): Act[] {
  const { serial, year } = scene.freshSerial(TDP);
  const items = kit(TDP, serial, year);
  const [press] = items;
  if (press === undefined) throw new Error('a kit holds a press');
  const detail = { policeFile: `SYN-${scene.no}-881`, note: 'Taken from a warehouse at night.' };
  const day = THERE_AFTER_DAYS + 10;
  return [
    ...shipment(scene, {
      exporter: exporterIn(scene, 'good-faith'),
      part: 1,
      day: 0,
      items,
      route: TO_SYDNEY,
      goes: 'there',
    }),
    observed(scene, customsOf('AU'), press, {
      type: 'stolen',
      day,
      happened: day - 2,
      place: 'AUSYD',
      detail,
    }),
    ...shipment(scene, {
      exporter: exporterIn(scene, 'night-trade', 'AU'),
      part: 2,
      day: day + 20,
      items: [press],
      goes: 'checked',
    }),
  ];
}

/** Seized at the port of exit; the parts went on. */
export function seized(scene: Scene): Act[] {
  const { serial, year } = scene.freshSerial(TDP);
  const items = kit(TDP, serial, year);
  const [press] = items;
  if (press === undefined) throw new Error('a kit holds a press');
  const detail = { note: 'The plate had been ground off and stamped anew.' };
  const exporter = exporterIn(scene, 'ground-plate');
  return [
    ...shipment(scene, { exporter, part: 1, day: 0, items, goes: 'out' }),
    observed(scene, customsOf('TW'), press, {
      type: 'seized',
      day: OUT_AFTER_DAYS + 1,
      place: 'TWKHH',
      detail,
    }),
  ];
}
