import type { Actor } from '../../src/kernel/actor.ts';
import type {
  Declaration,
  DeclarationInput,
  Line,
  LineInput,
} from '../../src/modules/declarations/declaration.ts';
import { itemIdOf } from '../../src/modules/register/index.ts';
import { START, at } from './times.ts';

export const EXPORTER: Actor = { sub: 'clerk-1', role: 'exporter', org: 'acme', country: 'TW' };
export const RIVAL: Actor = { sub: 'clerk-2', role: 'exporter', org: 'rival', country: 'TW' };
export const OFFICER: Actor = { sub: 'officer-1', role: 'customs', org: 'tw-customs', country: 'TW' };
export const REGULATOR: Actor = { sub: 'judge-1', role: 'regulator', org: 'tw-fda', country: 'TW' };

export const PRESS: LineInput = {
  kind: 'press',
  maker: 'PTK',
  model: 'ZP33',
  serial: 'ZP33-2025-00417',
  stations: 33,
};

/** A part of `PRESS`. */
export function part(kind: string, serial: string, facts: Partial<LineInput> = {}): LineInput {
  return { kind, maker: 'PTK', serial, partOf: 'ZP33-2025-00417', ...facts };
}

/** What an exporter sends: a press and a die for it, unless `facts` say otherwise. */
export function filing(facts: Partial<DeclarationInput> = {}): DeclarationInput {
  const party = { name: 'Harbour Pharma Pty Ltd', country: 'AU', address: '1 Quay Street, Sydney' };
  return {
    reference: 'INV-1',
    destination: 'AU',
    consignee: party,
    endUser: party,
    endUse: 'Contract manufacture of registered medicines',
    portOfExit: 'TWKHH',
    portOfEntry: 'AUSYD',
    transport: 'sea',
    plannedExit: '2036-12-15',
    items: [PRESS, part('die', 'D33-00417-01')],
    ...facts,
  };
}

export function lineWith(line: number, facts: Partial<Line> = {}): Line {
  const { kind = 'die', makerKey = 'ptk', serial = `D33-00417-${line}` } = facts;
  const itemId = itemIdOf({ maker: makerKey, kind, serial });
  return { line, itemId, makerKey, kind, maker: 'PTK', serial, assignedMark: false, ...facts };
}

/** A deciding record as its filing left it. Its id and reference follow from `no`. */
export function declarationWith(no: number, facts: Partial<Declaration> = {}): Declaration {
  const { reference: _reference, items: _items, ...consignment } = filing();
  const { filedAt = START, org = EXPORTER.org } = facts;
  return {
    id: `dcl_${String(no).padStart(4, '0')}`,
    org,
    country: 'TW',
    reference: `INV-${no}`,
    version: 1,
    state: 'filed',
    filedAt,
    bodyHash: `hash-${no}`,
    content: {
      consignment,
      lines: [lineWith(1), lineWith(2, { kind: 'upper-punch', pressId: 'itm_press' })],
    },
    moves: [{ no: 1, type: 'filed', state: 'filed', occurredAt: filedAt, recordedAt: filedAt, by: EXPORTER }],
    verification: { attempt: 0, findings: [] },
    pending: [1],
    dueAt: at(10_000),
    ...facts,
  };
}
