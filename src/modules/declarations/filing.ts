import { isDay } from '../../kernel/clock.ts';
import type { Fault } from '../../kernel/failure.ts';
import { Failure } from '../../kernel/failure.ts';
import { serialKey } from '../../kernel/serial.ts';
import type { Catalogue } from '../catalogue/index.ts';
import type { ItemWithHead } from '../register/index.ts';
import { itemIdOf } from '../register/index.ts';
import type { Consignment, DeclarationInput, Line, LineInput } from './declaration.ts';
import { isRegistryMark, registryMark } from './registry-numbers.ts';

/** The code of the regime a declaration falls under: the one it names, else the exporting country's own, else none. */
export function regimeOf(
  catalogue: Catalogue,
  named: string | undefined,
  country: string,
): string | undefined {
  return named ?? catalogue.findRegime(country)?.code;
}

/** Everything about a consignment that the catalogue has to say no to. */
export function consignmentFaults(catalogue: Catalogue, consignment: Partial<Consignment>): Fault[] {
  const faults: Fault[] = [];
  const { regime, destination, portOfExit, portOfEntry, plannedExit } = consignment;
  if (regime !== undefined && catalogue.findRegime(regime) === null) {
    faults.push({
      field: 'regime',
      code: 'unknown-regime',
      message: 'is no regime that the catalogue knows',
    });
  }
  if (plannedExit !== undefined && !isDay(plannedExit)) {
    faults.push({ field: 'plannedExit', code: 'no-such-day', message: 'is a day that no calendar has' });
  }
  const countries: [string, string | undefined][] = [
    ['destination', destination],
    ['consignee.country', consignment.consignee?.country],
    ['endUser.country', consignment.endUser?.country],
    ['broker.country', consignment.broker?.country],
  ];
  for (const [field, country] of countries) {
    if (country !== undefined && !catalogue.isCountry(country)) {
      faults.push({ field, code: 'unknown-country', message: 'is no ISO 3166-1 alpha-2 country code' });
    }
  }
  for (const [field, port] of [
    ['portOfExit', portOfExit],
    ['portOfEntry', portOfEntry],
  ] as const) {
    if (port !== undefined && !catalogue.isPort(port)) {
      faults.push({
        field,
        code: 'unknown-port',
        message: 'is no UN/LOCODE: a country code and three characters',
      });
    }
  }
  return faults;
}

/**
 * Everything about the items that the catalogue, and the regime's rule for serials, have to say no to.
 * The rule holds for the kinds that the regime controls; a mark of the registry doesn't satisfy it.
 * @param excepted items that need no serial because they keep the mark that they have
 */
export function itemFaults(
  catalogue: Catalogue,
  items: readonly LineInput[],
  regimeCode: string | undefined,
  excepted: ReadonlySet<LineInput> = new Set(),
): Fault[] {
  const regime = regimeCode === undefined ? null : catalogue.findRegime(regimeCode);
  return items.flatMap((item, index) => {
    const faults: Fault[] = [];
    const at = (field: string) => `items[${index}].${field}`;
    if (catalogue.findKind(item.kind) === null) {
      faults.push({
        field: at('kind'),
        code: 'unknown-kind',
        message: 'is no kind that the catalogue knows',
      });
    }
    if (catalogue.makerKey(item.maker) === '') {
      faults.push({ field: at('maker'), code: 'no-name', message: 'holds no letter or digit' });
    }
    if (item.serial === undefined || isRegistryMark(item.serial)) {
      const isAsked = regime?.serialRule === 'required' && regime.controls.includes(item.kind);
      if (isAsked && !excepted.has(item)) {
        const mark = item.serial === undefined ? '' : "a registry mark is no maker's serial, and ";
        const message = `is required: ${mark}the regime ${regime.code} asks for a serial on every machine and key part`;
        faults.push({ field: at('serial'), code: 'required', message });
      }
    } else if (serialKey(item.serial) === '') {
      faults.push({ field: at('serial'), code: 'no-serial', message: 'holds no letter or digit' });
    }
    return faults;
  });
}

/** Everything that the catalogue, and the regime that it falls under, have against filing this from `country`. */
export function ruleFaults(catalogue: Catalogue, input: DeclarationInput, country: string): Fault[] {
  const regime = regimeOf(catalogue, input.regime, country);
  return [...consignmentFaults(catalogue, input), ...itemFaults(catalogue, input.items, regime)];
}

export function refuse(faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const many = faults.length === 1 ? 'One field is wrong' : `${faults.length} fields are wrong`;
  throw new Failure('invalid', 'declaration-invalid', `${many}; nothing was filed.`, {
    faults: faults.slice(0, 100),
  });
}

/** Finds registered presses by serial. */
export type PressFinder = (serialKey: string) => Promise<readonly ItemWithHead[]>;

/** What the registry adds to a line as it was sent; the press is found later, once all lines are known. */
export function toLine(catalogue: Catalogue, declarationId: string, input: LineInput, line: number): Line {
  const makerKey = catalogue.makerKey(input.maker);
  const serial = input.serial ?? registryMark(declarationId, line);
  return {
    ...input,
    line,
    makerKey,
    serial,
    assignedMark: isRegistryMark(serial),
    itemId: itemIdOf({ maker: makerKey, kind: input.kind, serial }),
  };
}

/**
 * Finds the press that each part's `partOf` names: first among the declaration's own machines, then in the register.
 * Of several with that serial the one of the part's own maker counts; when that leaves none or several, the line stays
 * without a press, and the check `press-unknown` says so.
 */
export async function withPresses(
  catalogue: Catalogue,
  lines: readonly Line[],
  find: PressFinder,
): Promise<Line[]> {
  const own = new Map<string, { itemId: string; maker: string }[]>();
  for (const line of lines) {
    if (catalogue.findKind(line.kind)?.machine !== true) continue;
    const machine = { itemId: line.itemId, maker: line.makerKey };
    const key = serialKey(line.serial);
    own.set(key, [...(own.get(key) ?? []), machine]);
  }
  const registered = new Map<string, { itemId: string; maker: string }[]>();
  const result: Line[] = [];
  for (const line of lines) {
    const { pressId: _before, ...rest } = line;
    const pressId = line.partOf === undefined ? undefined : await pressNamed(line.partOf, line.makerKey);
    result.push(pressId === undefined || pressId === line.itemId ? rest : { ...rest, pressId });
  }
  return result;

  async function pressNamed(partOf: string, maker: string): Promise<string | undefined> {
    const key = serialKey(partOf);
    const here = own.get(key);
    if (here !== undefined) return chosen(here, maker);
    let there = registered.get(key);
    if (there === undefined) {
      const found = await find(key);
      const machines = found.filter(({ item }) => catalogue.findKind(item.kind)?.machine === true);
      there = machines.map(({ item }) => ({ itemId: item.itemId, maker: item.maker }));
      registered.set(key, there);
    }
    return chosen(there, maker);
  }
}

function chosen(presses: readonly { itemId: string; maker: string }[], maker: string): string | undefined {
  const ids = new Set(presses.map((press) => press.itemId));
  if (ids.size === 1) return presses[0]?.itemId;
  const ofMaker = new Set(presses.filter((press) => press.maker === maker).map((press) => press.itemId));
  return ofMaker.size === 1 ? [...ofMaker][0] : undefined;
}

/** The part of a body that is not its lines. */
export function consignmentOf(input: DeclarationInput, regime: string | undefined): Consignment {
  const { reference: _reference, items: _items, regime: _regime, ...rest } = input;
  return regime === undefined ? rest : { ...rest, regime };
}
