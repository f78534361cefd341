import { expect } from 'chai';
import type { EventDraft, EventType } from '../../../../src/modules/register/index.ts';
import { pressOfAnother } from '../../../../src/modules/verification/checks/press-of-another.ts';
import { factsOf, historyOf, PRESS_36, press36, registered, tooling } from '../../../support/facts.ts';

type Happening = Partial<EventDraft> & { type: EventType };

const press = registered(press36());
const { itemId } = press.item;
const customs = { sub: 'officer-1', org: 'border', role: 'customs', country: 'TW' } as const;
const own = (type: EventType, detail = {}): Happening => ({
  type,
  org: 'acme',
  declarationId: 'dcl_first',
  detail,
});

/** The facts of two dies for a registered press with that history. */
function factsWith(history: readonly Happening[] | null) {
  const facts = factsOf({
    lines: tooling({ upper: 0, lower: 0, die: 2 }, PRESS_36),
    presses: new Map([[itemId, press]]),
    pressHistories: new Map(history === null ? [] : [[itemId, historyOf(itemId, ...history)]]),
  });
  const lines = facts.lines.map((each) => ({ ...each, line: { ...each.line, pressId: itemId } }));
  return { ...facts, lines };
}

const levels = (...history: Happening[]) => pressOfAnother(factsWith(history)).map(({ level }) => level);

describe('check press-of-another', () => {
  const claim: Happening = { type: 'declared' };

  it('warns once of a press that only others declared, naming the lines', () => {
    const [finding, ...others] = pressOfAnother(factsWith([{ type: 'registered' }, claim]));
    expect(others).to.deep.equal([]);
    expect(finding).to.deep.include({ code: 'press-of-another', level: 'warning' });
    expect(finding?.because).to.contain(`"${PRESS_36}", named on lines 1 and 2,`);
    expect(finding?.because).not.to.contain('other-exporter');
    expect(finding?.evidence).to.deep.equal({ press: itemId, lines: [1, 2], orgs: ['other-exporter'] });
  });

  it('accepts a press that the exporter declared itself, exported or not', () => {
    expect(levels(own('registered'), own('declared'))).to.deep.equal([]);
    expect(levels(claim, own('declared'), own('verified'), own('exited'))).to.deep.equal([]);
  });

  it('is not appeased by a declaration that was withdrawn or refused, or by what was taken back', () => {
    expect(levels(claim, own('declared'), own('withdrawn'))).to.deep.equal(['warning']);
    expect(levels(claim, own('declared'), own('flagged', { outcome: 'refused' }))).to.deep.equal(['warning']);
    const transfer: Happening = { type: 'transferred', detail: { toOrg: 'acme' } };
    const correction: Happening = { type: 'corrected', detail: { corrects: 'evt_2' } };
    expect(levels(claim, transfer, correction)).to.deep.equal(['warning']);
  });

  it('accepts a press that was transferred to the exporter or arrived in its country', () => {
    expect(levels(claim, { type: 'transferred', detail: { toOrg: 'acme' } })).to.deep.equal([]);
    expect(levels(claim, { type: 'transferred', detail: { toOrg: 'third' } })).to.deep.equal(['warning']);
    expect(levels(claim, { type: 'arrived', place: 'TWKHH', actor: customs })).to.deep.equal([]);
    expect(levels(claim, { type: 'arrived', place: 'AUSYD', actor: customs })).to.deep.equal(['warning']);
  });

  it('leaves alone a press of the declaration itself and one whose history is not known', () => {
    const lines = [press36(), ...tooling({ upper: 0, lower: 0, die: 1 }, PRESS_36)];
    expect(pressOfAnother(factsOf({ lines }))).to.deep.equal([]);
    expect(pressOfAnother(factsWith(null))).to.deep.equal([]);
  });
});
