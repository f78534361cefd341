import type { Instant } from '../../../kernel/clock.ts';
import { derivedId } from '../../../kernel/derived-id.ts';
import { serialKey } from '../../../kernel/serial.ts';
import { counted, quoted } from '../../../kernel/wording.ts';
import type { Catalogue } from '../../catalogue/index.ts';
import type { Declaration, Line } from '../../declarations/index.ts';
import { countByKind } from '../../declarations/index.ts';
import { groupWise } from '../grouped.ts';
import type { Report } from '../report.ts';
import type { AuditRow } from '../row.ts';
import { evidenceOf } from '../row.ts';
import type { AuditSources } from '../sources.ts';
import type { Sortable, SortedGroup } from '../sorting.ts';
import { isValid } from './declaration-columns.ts';
import { kindsText, looseParts, partsNamed } from './parts-without-press.ts';

/** More shipments of one kit than anybody would look at. */
const MOST_SHIPMENTS = 2_000;

/**
 * Sets of tooling that came in several declarations: of a press that they name, and of no press, from one exporter to
 * one consignee.
 */
export const splitKits: Report = {
  name: 'split-kits',
  title: 'Kits split over shipments',
  description:
    'The parts of one press in several declarations (`kit-split`; `stations` and `complete` where the number of stations is known), and punches and dies of no known press that make a set only together with those of another declaration of the same exporter for the same consignee (`loose-kit-split`). Nobody who sees one parcel sees the press.',
  columns: ['press', 'stations', 'complete', 'consignee', 'shipments', 'kinds', 'firstFiled'],
  source: 'declarations',
  heeds: [],
  defaults: {},
  run: (sources, _settings, from) =>
    groupWise(sources, from, {
      pages: sources.declarations(null),
      sortablesOf: (declaration) => sortablesOf(declaration, sources.catalogue),
      rowsOf: (group) => rowsOf(group, sources.catalogue),
      maxValues: MOST_SHIPMENTS,
    }),
};

/** What one declaration says about one kit. */
interface Shipment {
  readonly id: string;
  readonly org: string;
  readonly destination: string;
  readonly filedAt: Instant;
  readonly counts: Readonly<Record<string, number>>;
  /** Some of the parts. */
  readonly items: readonly string[];
  /** The press itself, where the declaration holds it. */
  readonly press?: { readonly serial: string; readonly stations: number | null };
  /** Of a kit of no press. */
  readonly consignee?: string;
}

const MOST_ITEMS = 20;

function sortablesOf(declaration: Declaration, catalogue: Catalogue): Sortable[] {
  if (!isValid(declaration)) return [];
  const { lines, consignment } = declaration.content;
  const byPress = new Map<string, Line[]>();
  for (const line of lines) {
    const pressId = line.kind === 'press' ? line.itemId : line.pressId;
    if (pressId !== undefined) byPress.set(pressId, [...(byPress.get(pressId) ?? []), line]);
  }
  const ofPresses = [...byPress].map(([pressId, some]) => {
    const press = some.find(({ kind, itemId }) => kind === 'press' && itemId === pressId);
    const parts = some.filter((line) => line !== press);
    const about =
      press === undefined ? {} : { press: { serial: press.serial, stations: stationsOf(press, catalogue) } };
    return sortable(pressId, declaration, parts, about);
  });
  const loose = looseParts(declaration, catalogue).filter(({ kind }) => perStation(kind, catalogue) !== null);
  if (loose.length === 0) return ofPresses;
  const { name } = consignment.consignee;
  const group = derivedId('kit', declaration.org, serialKey(name) || name);
  return [...ofPresses, sortable(group, declaration, loose, { consignee: name })];
}

function sortable(
  group: string,
  { id, org, filedAt, content }: Declaration,
  parts: readonly Line[],
  about: Pick<Shipment, 'press' | 'consignee'>,
): Sortable {
  const { destination } = content.consignment;
  const items = parts.slice(0, MOST_ITEMS).map(({ itemId }) => itemId);
  const shipment: Shipment = { id, org, destination, filedAt, counts: countByKind(parts), items, ...about };
  return { group, value: JSON.stringify(shipment) };
}

function rowsOf({ group, values }: SortedGroup, catalogue: AuditSources['catalogue']): AuditRow[] {
  const shipments = values
    .map((value) => JSON.parse(value) as Shipment)
    .sort((one, other) => (one.filedAt < other.filedAt ? -1 : 1));
  const withParts = shipments.filter(({ items }) => items.length > 0);
  const [first, last] = [withParts[0], withParts.at(-1)];
  if (withParts.length < 2 || first === undefined || last === undefined) return [];
  const counts: Record<string, number> = {};
  for (const shipment of withParts) {
    for (const [kind, count] of Object.entries(shipment.counts)) counts[kind] = (counts[kind] ?? 0) + count;
  }
  const loose = first.consignee !== undefined;
  if (loose && !onlyTogether(withParts, counts, catalogue)) return [];
  const press = shipments.find((shipment) => shipment.press !== undefined)?.press;
  const stations = press?.stations ?? undefined;
  const whole = stations === undefined ? undefined : isWhole(counts, stations, catalogue);
  const what = `${partsNamed(counts)} came in ${counted(withParts.length, 'declaration')}`;
  const row: AuditRow = {
    key: group,
    code: loose ? 'loose-kit-split' : 'kit-split',
    because: loose
      ? `Of no known press, from ${first.org} for ${quoted(first.consignee ?? '')}: ${what}; none of them alone makes a set.`
      : `For ${press === undefined ? 'a press of another declaration' : `the press ${quoted(press.serial)}`}: ${what}${whole === true ? ', together a whole set' : ''}.`,
    at: last.filedAt,
    org: last.org,
    destination: last.destination,
    facts: {
      press: press?.serial,
      stations,
      complete: whole,
      consignee: first.consignee,
      shipments: withParts.length,
      kinds: kindsText(counts),
      firstFiled: first.filedAt,
    },
    evidence: evidenceOf({
      declarations: shipments.map(({ id }) => id),
      items: [...(loose ? [] : [group]), ...withParts.flatMap(({ items }) => items)],
    }),
  };
  return [row];
}

/** True when every kind that a station carries is there, but in none of the shipments all of them. */
function onlyTogether(
  shipments: readonly Shipment[],
  counts: Readonly<Record<string, number>>,
  catalogue: Catalogue,
): boolean {
  const asked = stationKinds(catalogue).map(({ code }) => code);
  const holdsAll = (some: Readonly<Record<string, number>>): boolean =>
    asked.every((code) => (some[code] ?? 0) > 0);
  return holdsAll(counts) && !shipments.some((shipment) => holdsAll(shipment.counts));
}

function isWhole(counts: Readonly<Record<string, number>>, stations: number, catalogue: Catalogue): boolean {
  return stationKinds(catalogue).every(
    ({ code, perStation: each }) => (counts[code] ?? 0) >= each * stations,
  );
}

function stationKinds(catalogue: Catalogue): { code: string; perStation: number }[] {
  return catalogue.kinds.flatMap(({ code, perStation: each }) =>
    each === null ? [] : [{ code, perStation: each }],
  );
}

function perStation(kind: string, catalogue: Catalogue): number | null {
  return catalogue.findKind(kind)?.perStation ?? null;
}

function stationsOf({ stations, model, makerKey, kind }: Line, catalogue: Catalogue): number | null {
  if (stations !== undefined) return stations;
  return model === undefined ? null : (catalogue.findModel(makerKey, model, kind)?.stations ?? null);
}
