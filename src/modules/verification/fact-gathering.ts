import type { Clock } from '../../kernel/clock.ts';
import { DAY_MS, shifted } from '../../kernel/clock.ts';
import { serialFold, serialKey } from '../../kernel/serial.ts';
import type { Catalogue, Screening } from '../catalogue/index.ts';
import type { Declaration, DeclarationStore, Line } from '../declarations/index.ts';
import type { ItemEvent, ItemWithHead, RegisterStore } from '../register/index.ts';
import { headOf } from '../register/index.ts';
import { partyHits } from './party-hits.ts';
import type { Facts, LineFacts } from './facts.ts';

const CHUNK = 100;
const MAX_EVENTS = 10_000;
const MAX_TWINS = 20;
const MAX_SAME_SERIAL = 20;
/** Twins and items of the very same serial together. */
const MAX_LIKE = 60;
/** More parts than this on one press aren't counted. */
const MAX_FITTED = 500;
/** Presses outside the declaration of which more than the item is read. */
const MAX_PRESSES = 50;
/** A press with as many events is left alone. */
const MAX_PRESS_EVENTS = 1_000;
const WINDOW_DAYS = 90;
/** An exporter with more declarations than this in the window is judged by its latest. */
const MAX_DECLARATIONS = 2_000;

export interface FactSources {
  readonly register: RegisterStore;
  readonly declarations: DeclarationStore;
  readonly catalogue: Catalogue;
  readonly screening: Screening;
  readonly clock: Clock;
}

/** Reads all that the checks of one declaration may look at, a hundred lines at a time. */
export async function gatherFacts(sources: FactSources, declaration: Declaration): Promise<Facts> {
  const { register, declarations, catalogue, clock } = sources;
  const now = clock.now();
  const lines: LineFacts[] = [];
  for (let from = 0; from < declaration.content.lines.length; from += CHUNK) {
    const chunk = declaration.content.lines.slice(from, from + CHUNK);
    lines.push(...(await lineFacts(register, declaration.id, chunk)));
  }
  const since = shifted(now, -WINDOW_DAYS * DAY_MS);
  const volumes = await declarations.volumes({
    org: declaration.org,
    since,
    exceptId: declaration.id,
    limit: MAX_DECLARATIONS,
  });
  const presses = await register.findItems(pressesElsewhere(declaration.content.lines));
  const firstPresses = [...presses.keys()].slice(0, MAX_PRESSES);
  return {
    now,
    declaration,
    catalogue,
    lines,
    volumes,
    presses,
    fitted: await fittedParts(register, firstPresses),
    pressHistories: await pressHistories(register, firstPresses),
    machinesNamed: await machinesNamed(register, catalogue, declaration.content.lines),
    partyHits: partyHits(sources.screening, declaration),
  };
}

async function lineFacts(
  register: RegisterStore,
  declarationId: string,
  lines: readonly Line[],
): Promise<LineFacts[]> {
  const ids = lines.map((line) => line.itemId);
  const histories = await register.histories(ids, MAX_EVENTS);
  const twins = await register.bySerialFolds(
    lines.map((line) => serialFold(line.serial)),
    MAX_LIKE,
  );
  const items = await itemsAmong(register, ids, twins);
  const known = lines.map((line) => {
    const found = items.get(line.itemId);
    if (found === undefined)
      throw new Error(`item ${line.itemId} of declaration ${declarationId} isn't registered`);
    const events = histories.get(line.itemId) ?? [];
    const before = events.filter((event) => event.declarationId !== declarationId);
    const like = (twins.get(found.item.serialFold) ?? []).filter(({ item }) => item.itemId !== line.itemId);
    const isSame = ({ item }: ItemWithHead) => item.serialKey === found.item.serialKey;
    return {
      line,
      item: found.item,
      before,
      declaredSeq: declaredSeq(events, declarationId, line),
      twins: like.filter((other) => !isSame(other)).slice(0, MAX_TWINS),
      sameSerial: like.filter(isSame).slice(0, MAX_SAME_SERIAL),
      fittedBefore: headOf(before).fittedTo,
    };
  });
  const otherPresses = await register.findItems(known.flatMap(({ fittedBefore }) => fittedBefore ?? []));
  return known.map(({ fittedBefore, ...facts }) => {
    const other = fittedBefore === undefined ? undefined : otherPresses.get(fittedBefore);
    const moved =
      other !== undefined && facts.line.pressId !== undefined && facts.line.pressId !== fittedBefore;
    return moved ? { ...facts, otherPress: other.item } : facts;
  });
}

/** The lines' items; most of them are among what was found by their serials. */
async function itemsAmong(
  register: RegisterStore,
  ids: readonly string[],
  twins: ReadonlyMap<string, readonly ItemWithHead[]>,
): Promise<Map<string, ItemWithHead>> {
  const found = new Map([...twins.values()].flat().map((one) => [one.item.itemId, one]));
  const missing = ids.filter((itemId) => !found.has(itemId));
  return missing.length === 0 ? found : new Map([...found, ...(await register.findItems(missing))]);
}

/** An item with so many events that its own claim isn't among those read was declared after all of them. */
function declaredSeq(events: readonly ItemEvent[], declarationId: string, { line }: Line): number {
  const own = events.findLast(
    (event) => event.type === 'declared' && event.declarationId === declarationId && event.line === line,
  );
  return own?.seq ?? Infinity;
}

function pressesElsewhere(lines: readonly Line[]): string[] {
  const here = new Set(lines.map((line) => line.itemId));
  return [...new Set(lines.flatMap((line) => line.pressId ?? []))].filter((pressId) => !here.has(pressId));
}

async function fittedParts(
  register: RegisterStore,
  pressIds: readonly string[],
): Promise<Map<string, readonly ItemWithHead[]>> {
  const fitted = new Map<string, readonly ItemWithHead[]>();
  for (const pressId of pressIds) {
    const parts = await register.fittedTo(pressId, null, MAX_FITTED);
    if (parts.length < MAX_FITTED) fitted.set(pressId, parts);
  }
  return fitted;
}

async function pressHistories(
  register: RegisterStore,
  pressIds: readonly string[],
): Promise<Map<string, readonly ItemEvent[]>> {
  const histories = await register.histories(pressIds, MAX_PRESS_EVENTS);
  return new Map([...histories].filter(([, events]) => events.length < MAX_PRESS_EVENTS));
}

async function machinesNamed(
  register: RegisterStore,
  catalogue: Catalogue,
  lines: readonly Line[],
): Promise<Map<string, number>> {
  const keys = lines.flatMap(({ partOf, pressId }) =>
    partOf === undefined || pressId !== undefined ? [] : serialKey(partOf),
  );
  const counts = new Map<string, number>();
  for (const key of new Set(keys)) {
    const found = await register.bySerialKey(key, MAX_LIKE);
    counts.set(key, found.filter(({ item }) => catalogue.machineKinds.includes(item.kind)).length);
  }
  return counts;
}
