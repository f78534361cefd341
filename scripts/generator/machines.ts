import type { DeclarationInput } from '../../src/modules/declarations/index.ts';

export type LineInput = DeclarationInput['items'][number];

/** A model with an invented serial format: no maker publishes one. */
export interface MachineModel {
  readonly kind: 'press' | 'encapsulator';
  readonly maker: string;
  readonly model: string;
  /** Of the tooling that goes with it; 0 where none does. */
  readonly stations: number;
  readonly capacityPerHour: number;
  /** Running numbers end at 10 to the power of this. */
  readonly digits: number;
  /** Synthetic. `no` has at most `digits` digits. */
  readonly serial: (year: number, no: number) => string;
}

const two = (year: number) => String(year % 100).padStart(2, '0');
const digits = (no: number, length: number) => String(no).padStart(length, '0');

function zp(maker: string, model: string, prefix: string, stations: number): MachineModel {
  const serial = (year: number, no: number) => `${prefix}-${year}-${digits(no, 5)}`;
  return { kind: 'press', maker, model, stations, capacityPerHour: stations * 5_000, digits: 5, serial };
}

function short(
  kind: MachineModel['kind'],
  maker: string,
  model: string,
  prefix: string,
  stations: number,
  capacityPerHour: number,
): MachineModel {
  const serial = (year: number, no: number) => `${prefix}-${two(year)}-${digits(no, 4)}`;
  return { kind, maker, model, stations, capacityPerHour, digits: 4, serial };
}

export const ZP33 = zp('PTK', 'ZP33', 'ZP33', 33);
export const TDP: MachineModel = {
  kind: 'press',
  maker: 'PTK',
  model: 'TDP 1.5',
  stations: 1,
  capacityPerHour: 5_000,
  digits: 4,
  serial: (year, no) => `TDP1.5/${two(year)}/${digits(no, 4)}`,
};
export const COMPRIMA_300 = short('press', 'IMA', 'Comprima 300', 'C300', 36, 300_000);

/** What most declarations hold. Stations as in the catalogue; a rotary press comes far more often than the rest. */
export const MODELS: readonly [MachineModel, ...MachineModel[]] = [
  ZP33,
  zp('PTK', 'ZP19', 'ZP19', 19),
  zp('PTK', 'ZP35D', 'ZP35D', 35),
  zp('Kikusui', 'ZP-21W', 'ZP21W', 21),
  zp('Fette Compacting', 'HZP26', 'HZP26', 26),
  {
    ...zp('Fette Compacting', 'P3100-37', 'P3100-37', 37),
    digits: 4,
    serial: (year, no) => `P3100-37-${two(year)}${digits(no, 4)}`,
  },
  short('press', 'IMA', 'Comprima 250', 'C250', 30, 250_000),
  COMPRIMA_300,
  {
    ...short('press', 'Korsch', 'GZPK100', 'GZPK100', 20, 100_000),
    serial: (year, no) => `GZPK100-${year}-${digits(no, 4)}`,
  },
  TDP,
  short('encapsulator', 'Shionogi Qualicaps', 'LiqfilSuper 40', 'LFS40', 0, 40_000),
  short('encapsulator', 'Shionogi Qualicaps', 'Hicapseal 100', 'HCS100', 0, 100_000),
];

export interface MachineOptions {
  readonly condition?: string;
  readonly stations?: number;
}

export function machine(
  model: MachineModel,
  serial: string,
  year: number,
  { condition = 'new', stations = model.stations }: MachineOptions = {},
): LineInput {
  return {
    kind: model.kind,
    maker: model.maker,
    model: model.model,
    serial,
    condition,
    hs: model.kind === 'press' ? '8479.89' : '8422.30',
    ...(stations === 0 ? {} : { stations }),
    capacityPerHour: model.capacityPerHour,
    automation: model.stations === 1 ? 'semi-automatic' : 'automatic',
    marking: { method: 'engraved plate', position: 'rear panel' },
    year,
  };
}

const TOOLS = [
  ['upper-punch', 'U'],
  ['lower-punch', 'L'],
  ['die', 'D'],
] as const;
export type Tool = (typeof TOOLS)[number][0];

/** Upper punches, lower punches and dies for so many stations, with serials `<prefix>-U01` and so on. */
export function tooling(
  maker: string,
  prefix: string,
  count: number,
  partOf: string | null,
  kinds: readonly Tool[] = ['upper-punch', 'lower-punch', 'die'],
): LineInput[] {
  return TOOLS.filter(([kind]) => kinds.includes(kind)).flatMap(([kind, letter]) =>
    Array.from({ length: count }, (_, index) => ({
      kind,
      maker,
      model: 'TSM B',
      serial: `${prefix}-${letter}${digits(index + 1, 2)}`,
      ...(partOf === null ? {} : { partOf }),
      condition: 'new',
      hs: '8479.90',
    })),
  );
}

/** A press and one set of tooling of its own maker, as delivered together. */
export function kit(
  model: MachineModel,
  serial: string,
  year: number,
  options: MachineOptions = {},
): LineInput[] {
  const stations = options.stations ?? model.stations;
  return [machine(model, serial, year, options), ...tooling(model.maker, serial, stations, serial)];
}
