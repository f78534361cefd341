import type { Actor } from '../../kernel/actor.ts';
import type { Declaration, Move } from './declaration.ts';
import type { DeclarationSummary } from './declaration.ports.ts';

/** The answer to a filing. The same bytes whenever it is given, whatever became of the declaration since. */
export function filedView(declaration: Declaration) {
  const lines = declaration.content.asFiled ?? declaration.content.lines;
  return {
    id: declaration.id,
    reference: declaration.reference,
    status: 'filed',
    items: lines.map(({ itemId, line, kind, maker, serial }) => ({ itemId, line, kind, maker, serial })),
  };
}

/** The answer to a step: told by the move alone, so that it can be given again. */
export function stepView(declaration: Declaration, move: Move) {
  const numbered = ['verified', 'exited', 'arrived', 'not-shipped'].includes(move.state);
  return {
    id: declaration.id,
    reference: declaration.reference,
    status: move.state,
    ...(numbered && move.number !== undefined ? { number: move.number } : {}),
    move: { no: move.no, type: move.type, occurredAt: move.occurredAt, recordedAt: move.recordedAt },
  };
}

export function summaryView(summary: DeclarationSummary) {
  const { state: status, ...rest } = summary;
  return { ...rest, status };
}

/** A declaration as `viewer` may see it: exporters see no evidence and not who of the authorities acted. */
export function declarationView(declaration: Declaration, viewer: Actor) {
  const {
    id,
    org,
    country,
    reference,
    state,
    version,
    filedAt,
    number,
    expiresAt,
    verification,
    content,
    moves,
  } = declaration;
  const insider = viewer.role !== 'exporter';
  return {
    id,
    org,
    country,
    reference,
    status: state,
    version,
    filedAt,
    ...(number === undefined ? {} : { number }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...content.consignment,
    itemCount: content.lines.length,
    findings: verification.findings.map((finding) => {
      const { evidence, ...open } = finding;
      return insider && evidence !== undefined ? { ...open, evidence } : open;
    }),
    ...(verification.ruleSet === undefined ? {} : { ruleSet: verification.ruleSet }),
    ...(verification.checkedAt === undefined ? {} : { checkedAt: verification.checkedAt }),
    moves: moves.map((move) => moveView(move, viewer)),
    items: content.lines.map(({ makerKey, ...line }) => ({ ...line, makerId: makerKey })),
  };
}

function moveView(move: Move, viewer: Actor) {
  const { no, type, state: status, occurredAt, recordedAt, by, reason, place, number } = move;
  const own = by !== null && by.org === viewer.org;
  const shown =
    by === null
      ? { role: 'registry' }
      : viewer.role !== 'exporter' || own
        ? by
        : { role: by.role, country: by.country };
  return {
    no,
    type,
    status,
    occurredAt,
    recordedAt,
    by: shown,
    ...(reason === undefined ? {} : { reason }),
    ...(place === undefined ? {} : { place }),
    ...(number === undefined ? {} : { number }),
  };
}
