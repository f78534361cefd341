import { fileURLToPath } from 'node:url';
import { loadCatalogue } from '../../src/modules/catalogue/index.ts';
import type { Declaration, Finding } from '../../src/modules/declarations/index.ts';
import type { Consignment, Line, LineInput } from '../../src/modules/declarations/declaration.ts';
import { toLine } from '../../src/modules/declarations/filing.ts';
import type {
  EventDraft,
  EventType,
  Item,
  ItemEvent,
  ItemWithHead,
} from '../../src/modules/register/index.ts';
import { createItem, headOf } from '../../src/modules/register/index.ts';
import { sealed } from '../../src/modules/register/item-event.ts';
import type { Facts, LineFacts } from '../../src/modules/verification/facts.ts';

/** The reference data that the registry is shipped with. */
export const catalogue = loadCatalogue(fileURLToPath(new URL('../../catalogue', import.meta.url)));

const NOW = '2026-11-20T12:00:00.000Z';
export const FILED_AT = '2026-11-20T11:59:00.000Z';
const EARLIER = '2026-06-01T08:00:00.000Z';
const DECLARATION_ID = 'dcl_own';

/** A line as sent; what isn't given is an ordinary die's. */
export function sent(input: Partial<LineInput> = {}): LineInput {
  return { kind: 'die', maker: 'Korsch', serial: 'K-0417-D07', ...input };
}

interface FactsInput extends Partial<
  Pick<
    Facts,
    'volumes' | 'presses' | 'fitted' | 'pressHistories' | 'machinesNamed' | 'partyHits' | 'catalogue' | 'now'
  >
> {
  readonly lines?: readonly LineInput[];
  readonly consignment?: Partial<Consignment>;
  readonly declaration?: Partial<Declaration>;
  /** What is known of a line besides what was sent; called for each. */
  readonly known?: (line: Line) => Partial<LineFacts>;
}

/** The facts of a declaration of `acme` in Taiwan, shipped to an ordinary buyer in Australia. */
export function factsOf(input: FactsInput = {}): Facts {
  const { lines: given = [sent()], consignment, declaration, known, ...rest } = input;
  const lines = withOwnPresses(
    given.map((line, index) => toLine(catalogue, DECLARATION_ID, line, index + 1)),
  );
  const own: Declaration = {
    id: DECLARATION_ID,
    org: 'acme',
    country: 'TW',
    reference: 'INV-1',
    version: 2,
    state: 'filed',
    filedAt: FILED_AT,
    bodyHash: '0'.repeat(64),
    content: { consignment: { ...ORDINARY_CONSIGNMENT, ...consignment }, lines },
    moves: [],
    verification: { attempt: 1, findings: [] },
    pending: [],
    dueAt: null,
    ...declaration,
  };
  return {
    now: NOW,
    declaration: own,
    catalogue,
    lines: lines.map((line) => {
      const told = known?.(line);
      const declaredSeq = (told?.before?.length ?? 0) + 1;
      return { line, item: itemOf(line), before: [], declaredSeq, twins: [], sameSerial: [], ...told };
    }),
    volumes: [],
    presses: new Map(),
    fitted: new Map(),
    pressHistories: new Map(),
    machinesNamed: new Map(),
    partyHits: [],
    ...rest,
  };
}

const ORDINARY_CONSIGNMENT: Consignment = {
  regime: 'TW',
  destination: 'AU',
  consignee: { name: 'Harbour Pharma Pty Ltd', country: 'AU' },
  endUser: { name: 'Harbour Pharma Pty Ltd', country: 'AU' },
  endUse: 'Contract manufacture of registered medicines',
  portOfExit: 'TWKHH',
  transport: 'sea',
  plannedExit: '2026-12-15',
};

function withOwnPresses(lines: readonly Line[]): Line[] {
  const machines = lines.filter((line) => catalogue.machineKinds.includes(line.kind));
  return lines.map((line) => {
    const press = machines.find((machine) => machine.serial === line.partOf);
    return press === undefined ? line : { ...line, pressId: press.itemId };
  });
}

/** Upper punches, lower punches and dies for the press of serial `partOf`, as many as said. */
export function tooling(counts: { upper: number; lower: number; die: number }, partOf?: string): LineInput[] {
  const run = (kind: string, letter: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({
      kind,
      maker: 'IMA',
      serial: `IMA-22907-${letter}${String(index + 1).padStart(3, '0')}`,
      hs: '8479.90',
      ...(partOf === undefined ? {} : { partOf }),
    }));
  return [
    ...run('upper-punch', 'U', counts.upper),
    ...run('lower-punch', 'L', counts.lower),
    ...run('die', 'D', counts.die),
  ];
}

export const PRESS_36 = 'C300-25-0042';

/** A press of 36 stations as sent, of a model that the catalogue knows. */
export function press36(input: Partial<LineInput> = {}): LineInput {
  const ordinary = { serial: PRESS_36, hs: '8479.89', condition: 'new' };
  return { kind: 'press', maker: 'IMA', model: 'Comprima 300', ...ordinary, ...input };
}

/** The item of a line as first registered, at its filing unless said otherwise. */
export function itemOf(
  line: Line,
  registered: Partial<Pick<Item, 'model' | 'stations' | 'registeredAt'>> = {},
): Item {
  return createItem({
    maker: line.makerKey,
    makerName: line.maker,
    kind: line.kind,
    serial: line.serial,
    assignedMark: line.assignedMark,
    ...(line.model === undefined ? {} : { model: line.model }),
    ...(line.stations === undefined ? {} : { stations: line.stations }),
    registeredAt: FILED_AT,
    ...registered,
  });
}

/** Another item of the register, as the facts hold it. */
export function registered(
  input: Partial<LineInput> = {},
  head: Partial<ItemWithHead['head']> = {},
): ItemWithHead {
  const line = toLine(catalogue, 'dcl_other', sent(input), 1);
  return { item: itemOf(line, { registeredAt: EARLIER }), head: { ...headOf([]), ...head } };
}

/** What happened to an item, in order, by default under the declaration `dcl_other` of `other-exporter` in Taiwan. */
export function historyOf(
  itemId: string,
  ...events: readonly (Partial<EventDraft> & { type: EventType })[]
): ItemEvent[] {
  return events.map((event, index) => {
    const draft: EventDraft = {
      eventId: `evt_${index + 1}`,
      itemId,
      occurredAt: EARLIER,
      recordedAt: EARLIER,
      actor: { sub: 'clerk-9', org: 'other-exporter', role: 'exporter', country: 'TW' },
      org: 'other-exporter',
      declarationId: 'dcl_other',
      detail: {},
      ...event,
    };
    return sealed(draft, index + 1, '00');
  });
}

/** Codes and levels, in order: `junk-serial block`. */
export function judged(findings: readonly Finding[]): string[] {
  return findings.map(({ code, level }) => `${code} ${level}`);
}
