import type { Finding } from '../../declarations/index.ts';
import type { ItemStatus } from '../../register/index.ts';
import type { Facts, LineFacts } from '../facts.ts';
import { kindName } from './check.ts';
import { counted, joined, quoted } from '../../../kernel/wording.ts';

interface Press {
  readonly itemId: string;
  readonly serial: string;
  readonly stations: number;
  /** True when the exporter knows the number itself: it wrote it down, or the catalogue holds it for the model it named. */
  readonly openly: boolean;
  readonly line?: number;
}

/** Parts that can't be on their press: they never left for it, or are gone. */
const NOT_THERE: ReadonlySet<ItemStatus> = new Set([
  'withdrawn',
  'refused',
  'lost',
  'stolen',
  'seized',
  'destroyed',
] as const);

/**
 * `kit-incomplete`: the declaration holds punches or dies for a press, but fewer of some kind than its stations carry.
 * A warning for a press in the declaration. For one that isn't, the parts may be spare ones: an info, and none where
 * parts on record complete the set, or can't be counted. `kit-oversized` (info): the declaration holds more than the
 * stations carry, and no kind falls short. Which kinds and how many to a station is in the catalogue. A press whose
 * number of stations isn't known is left alone.
 */
export function kitIncomplete(facts: Facts): Finding[] {
  const kinds = facts.catalogue.kinds.flatMap(({ code, perStation }) =>
    perStation === null ? [] : [{ code, perStation }],
  );
  const declared = new Map(facts.lines.map((lineFacts) => [lineFacts.line.itemId, lineFacts]));
  const findings: Finding[] = [];
  for (const [pressId, parts] of partsByPress(facts, new Set(kinds.map(({ code }) => code)))) {
    const press = pressOf(facts, declared.get(pressId), pressId);
    if (press === null) continue;
    const counts = kinds.map(({ code, perStation }) => {
      const count = parts.get(code)?.size ?? 0;
      return { code, count, over: count - perStation * press.stations };
    });
    const onRecord =
      press.line === undefined ? partsOnRecord(facts, pressId) : new Map<string, Set<string>>();
    if (onRecord === null) continue;
    const short = kinds.some(({ code, perStation }) => {
      const known = onRecord.get(code) ?? [];
      return new Set([...(parts.get(code) ?? []), ...known]).size < perStation * press.stations;
    });
    if (short) findings.push(finding('kit-incomplete', facts, press, counts));
    else if (counts.some(({ over }) => over > 0))
      findings.push(finding('kit-oversized', facts, press, counts));
  }
  return findings;
}

/** Item ids of the parts that stations carry, by press and kind. */
function partsByPress(facts: Facts, kinds: ReadonlySet<string>): Map<string, Map<string, Set<string>>> {
  const presses = new Map<string, Map<string, Set<string>>>();
  for (const { line } of facts.lines) {
    if (line.pressId === undefined || !kinds.has(line.kind)) continue;
    const parts = presses.get(line.pressId) ?? new Map<string, Set<string>>();
    presses.set(line.pressId, parts.set(line.kind, (parts.get(line.kind) ?? new Set()).add(line.itemId)));
  }
  return presses;
}

/** Item ids of the parts that the register holds for a press, by kind; null when that isn't known. */
function partsOnRecord({ fitted }: Facts, pressId: string): Map<string, Set<string>> | null {
  const found = fitted.get(pressId);
  if (found === undefined) return null;
  const parts = new Map<string, Set<string>>();
  for (const { item, head } of found) {
    if (NOT_THERE.has(head.status)) continue;
    parts.set(item.kind, (parts.get(item.kind) ?? new Set()).add(item.itemId));
  }
  return parts;
}

function pressOf(
  { presses, catalogue }: Facts,
  declared: LineFacts | undefined,
  pressId: string,
): Press | null {
  const item = declared?.item ?? presses.get(pressId)?.item;
  if (item?.kind !== 'press') return null;
  const ofModel = (model: string | undefined) =>
    model === undefined
      ? undefined
      : (catalogue.findModel(item.maker, model, item.kind)?.stations ?? undefined);
  const line = declared?.line;
  const open = line?.stations ?? ofModel(line?.model);
  const stations = open ?? item.stations ?? ofModel(item.model);
  if (stations === undefined) return null;
  const { itemId, serial } = line ?? item;
  return {
    itemId,
    serial,
    stations,
    openly: open !== undefined,
    ...(line === undefined ? {} : { line: line.line }),
  };
}

type Counts = readonly { readonly code: string; readonly count: number }[];

function finding(
  code: 'kit-incomplete' | 'kit-oversized',
  facts: Facts,
  press: Press,
  counts: Counts,
): Finding {
  const incomplete = code === 'kit-incomplete';
  const held = joined(counts.map(({ code: kind, count }) => counted(count, kindName(facts.catalogue, kind))));
  const because = press.openly
    ? `The press ${quoted(press.serial)} has ${counted(press.stations, 'station')}, but the declaration holds ${held} for it.`
    : incomplete && press.line === undefined
      ? `The declaration holds ${held} for the press ${quoted(press.serial)}, which it doesn't hold itself: with the parts on record, fewer than its stations carry.`
      : `The declaration holds ${held} for the press ${quoted(press.serial)}: ${incomplete ? 'fewer' : 'more'} than its stations carry.`;
  return {
    code,
    level: incomplete && press.line !== undefined ? 'warning' : 'info',
    itemId: press.itemId,
    ...(press.line === undefined ? {} : { line: press.line }),
    because,
    evidence: {
      stations: press.stations,
      ...Object.fromEntries(counts.map(({ code: kind, count }) => [kind, count])),
    },
  };
}
