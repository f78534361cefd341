import { derivedId } from '../../kernel/derived-id.ts';
import type { EventActor, EventDetail, EventDraft, EventType, Item } from '../register/index.ts';
import { createItem } from '../register/index.ts';
import type { Declaration, Line, LineName, Move } from './declaration.ts';

const REGISTRY = { sub: 'registry', org: 'registry', role: 'registry', country: 'ZZ' } as const;

/** What a move means for the register: items to have and events to record, in order. A function of the record alone. */
export function consequencesOf(
  declaration: Declaration,
  move: Move,
): { items: Item[]; drafts: EventDraft[] } {
  const lines = declaration.content.lines;
  switch (move.type) {
    case 'filed':
      return declared(declaration, move, lines);
    case 'amended': {
      const added = new Set(move.added);
      const kept = lines.filter((line) => !added.has(line.line));
      const fresh = declared(
        declaration,
        move,
        lines.filter((line) => added.has(line.line)),
      );
      const withdrawn = (move.dropped ?? []).map((line) =>
        draft(declaration, move, line, 'withdrawn', reasonOf(move)),
      );
      const amended = kept.map((line) => draft(declaration, move, line, 'amended', reasonOf(move)));
      const refitted = new Set(move.refitted);
      const fitted = kept
        .filter((line) => refitted.has(line.line))
        .map((line) => fitting(declaration, move, line));
      return { items: fresh.items, drafts: [...withdrawn, ...amended, ...fitted, ...fresh.drafts] };
    }
    case 'checked': {
      return events(declaration, move, verdictType(move), {
        outcome: move.state,
        ruleSet: declaration.verification.ruleSet,
      });
    }
    case 'reviewed':
      return events(declaration, move, verdictType(move), { outcome: move.state, ...reasonOf(move) });
    case 'expired':
      return events(declaration, move, 'withdrawn', { reason: 'the declaration expired' });
    case 'withdrawn':
      return events(declaration, move, 'withdrawn', reasonOf(move));
    case 'exited':
    case 'arrived':
    case 'not-shipped': {
      const detail = { number: declaration.number, ...reasonOf(move) };
      return events(declaration, withPlace(declaration, move), move.type, detail);
    }
  }
}

/** The type of the events that record a check or a review. */
function verdictType(move: Move): EventType {
  if (move.type === 'reviewed') return 'reviewed';
  return move.state === 'verified' ? 'verified' : 'flagged';
}

/** For each item the id of the event by which it was last decided that it may leave. */
export function decisionEventIds(declaration: Declaration): Map<string, string> {
  const decision = declaration.moves.findLast((move) => move.state === 'verified');
  if (decision === undefined) throw new Error(`declaration ${declaration.id} was never verified`);
  const type = verdictType(decision);
  return new Map(
    declaration.content.lines.map((line) => [line.itemId, eventIdOf(declaration, decision, line, type)]),
  );
}

function eventIdOf({ id }: Declaration, move: Move, { line }: LineName, type: EventType): string {
  return derivedId('evt', id, String(move.no), String(line), type);
}

/** The move with the place that the declaration gives for it, where customs gave none. */
function withPlace(declaration: Declaration, move: Move): Move {
  const { portOfExit, portOfEntry, destination } = declaration.content.consignment;
  const declaredPlaces: Partial<Record<Move['type'], string>> = {
    exited: portOfExit,
    arrived: portOfEntry ?? destination,
  };
  const place = move.place ?? declaredPlaces[move.type];
  return place === undefined ? move : { ...move, place };
}

function declared(declaration: Declaration, move: Move, lines: readonly Line[]) {
  const items = lines.map((line) => toItem(line, move));
  const drafts = lines.flatMap((line) => {
    const registered: EventDraft = {
      ...draft(declaration, move, line, 'registered', {
        serial: line.serial,
        ...(line.assignedMark ? { assignedMark: true } : {}),
      }),
      eventId: derivedId('evt', line.itemId, 'registered'),
    };
    const { destination, consignee } = declaration.content.consignment;
    const declaredDraft = draft(declaration, move, line, 'declared', {
      reference: declaration.reference,
      destination,
      consignee: consignee.name,
    });
    const fitted = line.pressId === undefined ? [] : [fitting(declaration, move, line)];
    return [registered, declaredDraft, ...fitted];
  });
  return { items, drafts };
}

function fitting(declaration: Declaration, move: Move, line: Line): EventDraft {
  const { pressId } = line;
  return pressId === undefined
    ? draft(declaration, move, line, 'removed', reasonOf(move))
    : draft(declaration, move, line, 'fitted', { pressId });
}

function events(declaration: Declaration, move: Move, type: EventType, detail: EventDetail) {
  return {
    items: [],
    drafts: declaration.content.lines.map((line) => draft(declaration, move, line, type, detail)),
  };
}

function draft(
  declaration: Declaration,
  move: Move,
  line: LineName,
  type: EventType,
  detail: EventDetail,
): EventDraft {
  return {
    eventId: eventIdOf(declaration, move, line, type),
    itemId: line.itemId,
    type,
    occurredAt: move.occurredAt,
    recordedAt: move.recordedAt,
    actor: actorOf(move),
    org: declaration.org,
    declarationId: declaration.id,
    line: line.line,
    ...(move.place === undefined ? {} : { place: move.place }),
    detail,
  };
}

const actors = new WeakMap<Move, EventActor>();

/** Who made the move: one object for all its events, of which there are thousands. */
function actorOf(move: Move): EventActor {
  const known = actors.get(move);
  if (known !== undefined) return known;
  const { sub, org, role, country } = move.by ?? REGISTRY;
  const actor = { sub, org, role, country };
  actors.set(move, actor);
  return actor;
}

function reasonOf(move: Move): EventDetail {
  return move.reason === undefined ? {} : { reason: move.reason };
}

function toItem(line: Line, move: Move): Item {
  return createItem({
    maker: line.makerKey,
    makerName: line.maker,
    kind: line.kind,
    serial: line.serial,
    assignedMark: line.assignedMark,
    ...(line.model === undefined ? {} : { model: line.model }),
    ...(line.stations === undefined ? {} : { stations: line.stations }),
    ...(line.year === undefined ? {} : { year: line.year }),
    registeredAt: move.recordedAt,
  });
}
