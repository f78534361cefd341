import type { ItemEvent } from '../../../src/modules/register/index.ts';
import { isIntact } from '../../../src/modules/register/item-event.ts';
import type { DeclarationView } from '../../support/app.ts';
import type { Acknowledgement } from './acknowledgements.ts';
import type { Holdings } from './reading.ts';

/** What is wrong with the holdings, in sentences. Nothing may be. */
export interface Comparison {
  /** Acknowledged, and not there. */
  readonly lost: readonly string[];
  /** There more than once, or used up more than once. */
  readonly doubled: readonly string[];
  /** Look-ups that were answered and are not in the log. */
  readonly unlogged: readonly string[];
  /** Anything else that can't be: gaps, digests that don't fit, checks given up. */
  readonly broken: readonly string[];
}

type Of<What extends Acknowledgement['what']> = Extract<Acknowledgement, { what: What }>;

/** Holds what the registry holds against what it acknowledged, which was written down outside of it. */
export function compare(acknowledged: readonly Acknowledgement[], holdings: Holdings): Comparison {
  const found = {
    lost: [] as string[],
    doubled: [] as string[],
    unlogged: [] as string[],
    broken: [] as string[],
  };
  const of = <What extends Acknowledgement['what']>(what: What): Of<What>[] =>
    acknowledged.filter((each): each is Of<What> => each.what === what);
  compareFilings(of('filing'), holdings, found);
  compareSteps(of('step'), holdings, found);
  compareEvents(of('event'), holdings, found);
  compareLookups(of('lookup'), holdings, found);
  for (const declaration of holdings.declarations.values()) examineDeclaration(declaration, holdings, found);
  for (const [itemId, events] of holdings.histories) examineHistory(itemId, events, found);
  return found;
}

type Found = { readonly [Kind in keyof Comparison]: string[] };

function compareFilings(
  filings: readonly Of<'filing'>[],
  { listed, declarations }: Holdings,
  found: Found,
): void {
  const entries = tally(listed.map(({ org, reference }) => `${org} ${reference}`));
  const ids = tally(listed.map(({ id }) => id));
  for (const [id, count] of ids)
    if (count > 1) found.doubled.push(`declaration ${id} is listed ${count} times`);
  const answers = new Map<string, Of<'filing'>>();
  for (const filing of filings) {
    const { org, key, id, reference, items } = filing;
    const count = entries.get(`${org} ${reference}`) ?? 0;
    if (count === 0) found.lost.push(`filing ${reference} of ${org} (${id})`);
    if (count > 1) found.doubled.push(`filing ${reference} of ${org} is there ${count} times`);
    const first = answers.get(`${org} ${key}`);
    if (first !== undefined && JSON.stringify(first) !== JSON.stringify(filing)) {
      found.doubled.push(`filing ${reference} of ${org} was answered in two ways`);
    }
    answers.set(`${org} ${key}`, filing);
    const declaration = declarations.get(id);
    for (const { itemId, line } of declaration === undefined ? [] : items) {
      const isThere = declaration?.items.some((item) => item.itemId === itemId && item.line === line);
      if (isThere !== true) found.lost.push(`line ${line} of filing ${reference} (${id})`);
    }
  }
}

function compareSteps(steps: readonly Of<'step'>[], { declarations }: Holdings, found: Found): void {
  const keysOfStep = new Map<string, string>();
  for (const { key, declarationId, type, no, recordedAt } of steps) {
    const move = declarations.get(declarationId)?.moves.find((each) => each.no === no);
    if (move?.type !== type || move.recordedAt !== recordedAt) {
      found.lost.push(`step ${no} ${type} of ${declarationId}`);
    }
    const name = `step ${no} of ${declarationId}`;
    const before = keysOfStep.get(name) ?? key;
    if (before !== key) found.doubled.push(`${name} was acknowledged to two requests: ${before} and ${key}`);
    keysOfStep.set(name, key);
  }
}

function compareEvents(events: readonly Of<'event'>[], { histories }: Holdings, found: Found): void {
  for (const { itemId, eventId, type } of events) {
    const count = (histories.get(itemId) ?? []).filter(
      (e) => e.eventId === eventId && e.type === type,
    ).length;
    if (count === 0) found.lost.push(`event ${eventId} (${type}) of ${itemId}`);
  }
}

function compareLookups(answered: readonly Of<'lookup'>[], { lookups }: Holdings, found: Found): void {
  const logged = tally(lookups);
  for (const { lookupId } of answered) if (!logged.has(lookupId)) found.unlogged.push(lookupId);
  for (const [id, count] of logged)
    if (count > 1) found.doubled.push(`look-up ${id} is logged ${count} times`);
}

/** Everything that follows from a declaration's moves is there, once, whoever was told of it. */
function examineDeclaration(declaration: DeclarationView, { histories }: Holdings, found: Found): void {
  const { id, status, moves, findings } = declaration;
  if (status === 'filed') found.broken.push(`${id} was never checked`);
  if (findings.some(({ code }) => code === 'check-failed'))
    found.broken.push(`the check of ${id} was given up`);
  const exits = moves.filter(({ type }) => type === 'exited').length;
  if (exits > 1) found.doubled.push(`the number of ${id} was used ${exits} times`);
  const expected = tally(moves.flatMap(eventTypeOf));
  for (const { itemId, line } of declaration.items) {
    const events = (histories.get(itemId) ?? []).filter((e) => e.declarationId === id && e.line === line);
    const recorded = tally(events.map(({ type }) => type).filter((type) => type !== 'registered'));
    for (const type of new Set([...expected.keys(), ...recorded.keys()])) {
      const [wanted, had] = [expected.get(type) ?? 0, recorded.get(type) ?? 0];
      const what = `event ${type} of line ${line} of ${id} (${itemId}): ${had} instead of ${wanted}`;
      if (had < wanted) found.lost.push(what);
      if (had > wanted) found.doubled.push(what);
    }
    const order = events.map(({ type }) => type).filter((type) => type !== 'registered');
    const wantedOrder = moves.flatMap(eventTypeOf);
    if (order.length === wantedOrder.length && order.join() !== wantedOrder.join()) {
      found.broken.push(`line ${line} of ${id} (${itemId}) has its events in the order ${order.join(', ')}`);
    }
  }
}

/** The event that a move means for each line; the loads never change lines. */
function eventTypeOf({ type, status }: DeclarationView['moves'][number]): string[] {
  const told: Readonly<Record<string, string>> = {
    filed: 'declared',
    checked: status === 'verified' ? 'verified' : 'flagged',
    expired: 'withdrawn',
  };
  return [told[type] ?? type];
}

function examineHistory(itemId: string, events: readonly ItemEvent[], found: Found): void {
  events.forEach(({ seq }, index) => {
    if (seq !== index + 1) found.broken.push(`event ${index + 1} of ${itemId} has the seq ${seq}`);
  });
  for (const [eventId, count] of tally(events.map((event) => event.eventId))) {
    if (count > 1) found.doubled.push(`event ${eventId} of ${itemId} is there ${count} times`);
  }
  for (const event of events) {
    if (!isIntact(event)) found.broken.push(`the digest of event ${event.seq} of ${itemId} does not fit`);
  }
  const first = (type: string) => events.findIndex((event) => event.type === type);
  const registrations = events.filter(({ type }) => type === 'registered').length;
  if (registrations !== 1 || first('registered') > first('declared')) {
    found.broken.push(`${itemId} was registered ${registrations} times, or after it was declared`);
  }
}

function tally(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
