import type { Instant } from '../../../kernel/clock.ts';
import { derivedId } from '../../../kernel/derived-id.ts';
import { serialKey } from '../../../kernel/serial.ts';
import { counted, quoted } from '../../../kernel/wording.ts';
import type { Catalogue } from '../../catalogue/index.ts';
import type { Declaration, Line } from '../../declarations/index.ts';
import { groupWise } from '../grouped.ts';
import type { Report } from '../report.ts';
import type { AuditRow } from '../row.ts';
import { evidenceOf } from '../row.ts';
import type { Sortable, SortedGroup } from '../sorting.ts';
import { isValid } from './declaration-columns.ts';
import { kindsText, looseParts, partsNamed } from './parts-without-press.ts';

/** More shipments of one kit than anybody would look at. */
const MOST_SHIPMENTS = 200;

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
  /** The parts: item ids by kind. */
  readonly parts: Readonly<Record<string, readonly string[]>>;
  /** The press itself, where the declaration holds it. */
  readonly press?: { readonly serial: string; readonly stations: number | null };
  /** Of a kit of no press. */
  readonly consignee?: string;
}

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
  lines: readonly Line[],
  about: Pick<Shipment, 'press' | 'consignee'>,
): Sortable {
  const { destination } = content.consignment;
  const parts: Record<string, string[]> = {};
  for (const { kind, itemId } of lines) (parts[kind] ??= []).push(itemId);
  return {
    group,
    value: JSON.stringify({ id, org, destination, filedAt, parts, ...about } satisfies Shipment),
  };
}

/** What shipments hold together, each part counted once, however often it was declared. */
interface Kit {
  /** Those that brought a part, or the press, that none before them had. */
  readonly shipments: readonly Shipment[];
  readonly counts: Counts;
  readonly items: ReadonlySet<string>;
}

function kitOf(shipments: readonly Shipment[]): Kit {
  const items = new Set<string>();
  const counts: Record<string, number> = {};
  let hasPress = false;
  const bringing = shipments.filter(({ parts, press }) => {
    const before = items.size;
    for (const [kind, ids] of Object.entries(parts)) {
      const fresh = ids.filter((id) => !items.has(id));
      for (const id of fresh) items.add(id);
      counts[kind] = (counts[kind] ?? 0) + fresh.length;
    }
    const bringsPress = press !== undefined && !hasPress;
    hasPress ||= bringsPress;
    return bringsPress || items.size > before;
  });
  return { shipments: bringing, counts, items };
}

function rowsOf({ group, values, count }: SortedGroup, catalogue: Catalogue): AuditRow[] {
  const all = values
    .map((value) => JSON.parse(value) as Shipment)
    .sort((one, other) => (one.filedAt < other.filedAt ? -1 : 1));
  // Loose parts that make a set by themselves are somebody's spare set, and hide nothing of the others.
  const { shipments, counts, items } = kitOf(
    all.filter((one) => one.consignee === undefined || !isSet(one, catalogue)),
  );
  const [first, last] = [shipments[0], shipments.at(-1)];
  if (shipments.length < 2 || items.size === 0 || first === undefined || last === undefined) return [];
  const loose = first.consignee !== undefined;
  if (loose && !holdsAll(counts, catalogue)) return [];
  const press = all.find((shipment) => shipment.press !== undefined)?.press;
  const stations = press?.stations ?? undefined;
  const complete = stations === undefined ? undefined : isWhole(counts, stations, catalogue);
  const cut =
    count > values.length ? ` Only the first ${values.length} of ${count} declarations were compared.` : '';
  const what = `${partsNamed(counts)} came in ${counted(shipments.length, 'declaration')}`;
  const whose = press === undefined ? 'a press of another declaration' : `the press ${quoted(press.serial)}`;
  const row: AuditRow = {
    key: group,
    code: loose ? 'loose-kit-split' : 'kit-split',
    because: loose
      ? `Of no known press, from ${first.org} for ${quoted(first.consignee ?? '')}: ${what}; none of them alone makes a set.${cut}`
      : `For ${whose}: ${what}${complete === true ? ', together a whole set' : ''}.${cut}`,
    at: last.filedAt,
    org: last.org,
    destination: last.destination,
    facts: {
      press: press?.serial,
      stations,
      complete,
      consignee: first.consignee,
      shipments: shipments.length,
      kinds: kindsText(counts),
      firstFiled: first.filedAt,
    },
    evidence: evidenceOf({
      declarations: all.map(({ id }) => id),
      items: [...(loose ? [] : [group]), ...items],
    }),
  };
  return [row];
}

type Counts = Readonly<Record<string, number>>;

/** True when every kind that a station carries is there. */
function holdsAll(counts: Readonly<Record<string, unknown>>, catalogue: Catalogue): boolean {
  return stationKinds(catalogue).every(({ code }) => (counts[code] ?? 0) !== 0);
}

function isSet({ parts }: Shipment, catalogue: Catalogue): boolean {
  return holdsAll(parts, catalogue);
}

function isWhole(counts: Counts, stations: number, catalogue: Catalogue): boolean {
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
