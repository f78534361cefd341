import { expect } from 'chai';
import { consequencesOf } from '../../../src/modules/declarations/declaration-events.ts';
import type { Declaration, Move, MoveType } from '../../../src/modules/declarations/declaration.ts';
import { itemIdOf } from '../../../src/modules/register/index.ts';
import { declarationWith, EXPORTER, lineWith, OFFICER } from '../../support/declarations.ts';
import { at } from '../../support/times.ts';

const press = lineWith(1, {
  kind: 'press',
  serial: 'ZP33-2025-00417',
  model: 'ZP33',
  stations: 33,
  year: 2025,
});
const die = lineWith(2, { pressId: press.itemId });
const { consignment } = declarationWith(1).content;
const base = declarationWith(1, {
  content: { consignment, lines: [press, die] },
  number: 'TW2026ABCDEFGHJKMN7',
});

function move(type: MoveType, facts: Partial<Move> = {}): Move {
  return { no: 2, type, state: 'filed', occurredAt: at(-60_000), recordedAt: at(0), by: EXPORTER, ...facts };
}

/** The drafts as `line type`. */
function told(declaration: Declaration, of: Move): string[] {
  return consequencesOf(declaration, of).drafts.map(({ line, type }) => `${line} ${type}`);
}

describe('what follows from a filing', () => {
  const { items, drafts } = consequencesOf(base, move('filed', { no: 1 }));

  it('is an item a line', () => {
    expect(items.map((item) => item.itemId)).to.deep.equal([press.itemId, die.itemId]);
    expect(items[0]).to.deep.include({
      maker: 'ptk',
      makerName: 'PTK',
      kind: 'press',
      serial: 'ZP33-2025-00417',
      assignedMark: false,
      model: 'ZP33',
      stations: 33,
      year: 2025,
      registeredAt: at(0),
    });
  });

  it('is that each was registered, declared and, where its press is known, fitted', () => {
    expect(told(base, move('filed', { no: 1 }))).to.deep.equal([
      '1 registered',
      '1 declared',
      '2 registered',
      '2 declared',
      '2 fitted',
    ]);
    expect(drafts.at(-1)?.detail).to.deep.equal({ pressId: press.itemId });
    expect(drafts[1]?.detail).to.deep.equal({
      reference: 'INV-1',
      destination: 'AU',
      consignee: consignment.consignee.name,
    });
  });

  it('says who did it, when, and by which declaration', () => {
    for (const draft of drafts) {
      const { sub, org, role, country } = EXPORTER;
      expect(draft).to.deep.include({
        occurredAt: at(-60_000),
        recordedAt: at(0),
        actor: { sub, org, role, country },
      });
      expect(draft).to.include({ org: 'acme', declarationId: base.id });
    }
  });

  it("says of an item without a serial of its own that the mark is the registry's", () => {
    const marked = lineWith(1, { assignedMark: true, serial: 'RM1' });
    const of = declarationWith(1, { content: { consignment, lines: [marked] } });
    const follows = consequencesOf(of, move('filed', { no: 1 }));
    expect(follows.items[0]?.assignedMark).to.equal(true);
    expect(follows.drafts[0]?.detail).to.deep.equal({ serial: 'RM1', assignedMark: true });
  });
});

describe('what follows from later moves', () => {
  it('is a fact about each line', () => {
    const states = { verified: 'verified', refused: 'refused', 'needs-review': 'needs-review' } as const;
    expect(told(base, move('checked', { state: states.verified }))).to.deep.equal([
      '1 verified',
      '2 verified',
    ]);
    expect(told(base, move('checked', { state: states.refused }))).to.deep.equal(['1 flagged', '2 flagged']);
    expect(told(base, move('checked', { state: states['needs-review'] }))).to.deep.equal([
      '1 flagged',
      '2 flagged',
    ]);
    expect(told(base, move('reviewed'))).to.deep.equal(['1 reviewed', '2 reviewed']);
    expect(told(base, move('withdrawn'))).to.deep.equal(['1 withdrawn', '2 withdrawn']);
    expect(told(base, move('expired'))).to.deep.equal(['1 withdrawn', '2 withdrawn']);
    expect(told(base, move('exited'))).to.deep.equal(['1 exited', '2 exited']);
    expect(told(base, move('arrived'))).to.deep.equal(['1 arrived', '2 arrived']);
    expect(told(base, move('not-shipped'))).to.deep.equal(['1 not-shipped', '2 not-shipped']);
  });

  it('registers no item', () => {
    for (const type of [
      'checked',
      'reviewed',
      'withdrawn',
      'expired',
      'exited',
      'arrived',
      'not-shipped',
    ] as const) {
      expect(consequencesOf(base, move(type)).items, type).to.deep.equal([]);
    }
  });

  it('tells outcome, rule set, reason, number and place', () => {
    const checkedBy = { ...base, verification: { attempt: 1, findings: [], ruleSet: 'rules-1' } };
    const [checked] = consequencesOf(checkedBy, move('checked', { state: 'refused', by: null })).drafts;
    expect(checked?.detail).to.deep.equal({ outcome: 'refused', ruleSet: 'rules-1' });
    expect(checked?.actor).to.include({ role: 'registry', org: 'registry' });
    const [reviewed] = consequencesOf(base, move('reviewed', { state: 'verified', reason: 'seen' })).drafts;
    expect(reviewed?.detail).to.deep.equal({ outcome: 'verified', reason: 'seen' });
    const [exited] = consequencesOf(base, move('exited', { by: OFFICER, place: 'TWKHH' })).drafts;
    expect(exited).to.deep.include({ place: 'TWKHH', detail: { number: base.number } });
    expect(exited?.actor).to.include({ org: 'tw-customs' });
    expect(exited?.org).to.equal('acme');
  });

  it('takes the place that the declaration gives where customs gave none', () => {
    const placeOf = (type: MoveType, of: Declaration, facts: Partial<Move> = {}) =>
      consequencesOf(of, move(type, facts)).drafts[0]?.place;
    const { portOfEntry: _entry, ...rest } = consignment;
    const inland = { ...base, content: { ...base.content, consignment: rest } };
    expect(placeOf('exited', base)).to.equal('TWKHH');
    expect(placeOf('exited', base, { place: 'TWKEL' })).to.equal('TWKEL');
    expect(placeOf('arrived', base)).to.equal('AUSYD');
    expect(placeOf('arrived', inland)).to.equal('AU');
    expect(placeOf('arrived', inland, { place: 'NZAKL' })).to.equal('NZAKL');
    for (const type of ['not-shipped', 'withdrawn', 'checked'] as const) {
      expect(placeOf(type, base)).to.equal(undefined);
    }
  });
});

describe('what follows from an amendment', () => {
  const added = lineWith(4, { pressId: press.itemId });
  const after = { ...base, content: { consignment, lines: [press, die, added] } };
  const amendment = move('amended', { added: [4], dropped: [lineWith(3)], refitted: [2], reason: 'recount' });

  it('is a withdrawal of what was dropped, a word on what was kept, and the beginning of what was added', () => {
    expect(told(after, amendment)).to.deep.equal([
      '3 withdrawn',
      '1 amended',
      '2 amended',
      '2 fitted',
      '4 registered',
      '4 declared',
      '4 fitted',
    ]);
    expect(consequencesOf(after, amendment).items.map((item) => item.itemId)).to.deep.equal([added.itemId]);
  });

  it('is that a part was removed when it names no press any more', () => {
    const { pressId: _press, ...alone } = die;
    const loose = { ...base, content: { consignment, lines: [press, alone] } };
    expect(told(loose, move('amended', { refitted: [2] }))).to.deep.equal([
      '1 amended',
      '2 amended',
      '2 removed',
    ]);
  });
});

describe('the id of an event', () => {
  it('is the same whenever it is worked out, and no other event has it', () => {
    const moves = (['withdrawn', 'exited', 'arrived'] as const).map((type, index) =>
      move(type, { no: index + 2 }),
    );
    const all = [move('filed', { no: 1 }), ...moves, move('exited', { no: 9 })];
    const ids = () => all.flatMap((each) => consequencesOf(base, each).drafts.map((draft) => draft.eventId));
    expect(ids()).to.deep.equal(ids());
    expect(new Set(ids()).size).to.equal(ids().length);
    const other = { ...base, id: 'dcl_0002' };
    const others = all
      .slice(1)
      .flatMap((each) => consequencesOf(other, each).drafts.map((draft) => draft.eventId));
    expect(others.some((id) => ids().includes(id))).to.equal(false);
  });

  it('of a registration is one for the item, whoever declares it', () => {
    const first = consequencesOf(base, move('filed', { no: 1 })).drafts[0];
    const second = consequencesOf({ ...base, id: 'dcl_0002', org: 'rival' }, move('filed', { no: 1 }))
      .drafts[0];
    expect(first?.eventId).to.equal(second?.eventId);
    expect(first?.itemId).to.equal(itemIdOf({ maker: 'ptk', kind: 'press', serial: 'ZP33-2025-00417' }));
  });
});
