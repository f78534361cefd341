import { expect } from 'chai';
import fc from 'fast-check';
import { EVENT_TYPES, headOf, standing } from '../../../src/modules/register/index.ts';
import type { EventDraft, EventType, ItemHead, ItemStatus } from '../../../src/modules/register/index.ts';
import { CUSTOMS, draftWith, historyOf } from '../../support/items.ts';
import { at } from '../../support/times.ts';

const ITEM = 'itm_1';
type Step = EventType | [EventType, Partial<EventDraft>];

function drafts(steps: readonly Step[]): EventDraft[] {
  return steps.map((step, index) => {
    const [type, facts] = typeof step === 'string' ? [step, {}] : step;
    return draftWith(ITEM, type, { eventId: `e${index + 1}`, recordedAt: at(index), ...facts });
  });
}

const head = (...steps: Step[]): ItemHead => headOf(historyOf(drafts(steps)));

describe('the head of an item', () => {
  it('is empty before the first event', () => {
    expect(headOf([])).to.deep.equal({ seq: 0, status: 'declared' });
  });

  const outcomes: [ItemStatus, Step[]][] = [
    ['declared', ['registered']],
    ['declared', ['registered', 'declared']],
    ['exported', ['declared', 'exited', 'declared', 'verified', 'flagged']],
    ['arrived', ['verified', 'exited', 'arrived', 'declared', 'flagged']],
    ['verified', ['verified', 'exited', 'arrived', 'declared', 'verified']],
    ['verified', ['declared', 'verified']],
    ['under-review', ['declared', ['flagged', { detail: { outcome: 'needs-review' } }]]],
    ['refused', ['declared', ['flagged', { detail: { outcome: 'refused' } }]]],
    ['verified', ['declared', 'flagged', ['reviewed', { detail: { outcome: 'verified' } }]]],
    ['refused', ['declared', 'flagged', ['reviewed', { detail: { outcome: 'refused' } }]]],
    ['withdrawn', ['declared', 'verified', 'withdrawn']],
    ['exported', ['verified', 'exited']],
    ['arrived', ['verified', 'exited', 'arrived']],
    ['not-shipped', ['verified', 'exited', 'not-shipped']],
    ['lost', ['verified', 'lost']],
    ['stolen', ['verified', 'stolen']],
    ['seized', ['verified', 'seized']],
    ['destroyed', ['verified', 'destroyed']],
    ['verified', ['verified', 'amended', 'inspected', 'fitted', 'removed']],
    ['verified', ['verified', 'transferred', 'refurbished', 'restamped', 'corrected']],
  ];
  for (const [status, steps] of outcomes) {
    it(`is ${status} after ${steps.map((step) => (typeof step === 'string' ? step : step[0])).join(', ')}`, () => {
      expect(head(...steps).status).to.equal(status);
    });
  }

  const settled = ['lost', 'stolen', 'seized', 'destroyed'] as const;
  const settling = new Set<EventType>(settled);
  for (const status of settled) {
    it(`stays ${status}, whatever is recorded later but another end`, () => {
      for (const type of EVENT_TYPES.filter((each) => !settling.has(each))) {
        expect(head('verified', status, type).status, type).to.equal(status);
      }
    });
  }

  it('is not changed by what somebody else files while one declaration is open', () => {
    const refused = { org: 'rival', detail: { outcome: 'refused' } };
    const own = { org: 'acme' };
    expect(
      head(['declared', own], ['verified', own], ['declared', { org: 'rival' }], ['flagged', refused]),
    ).to.include({
      status: 'verified',
      claimedBy: 'acme',
    });
    expect(
      head(['declared', own], ['declared', { org: 'rival' }], ['verified', { org: 'rival' }]),
    ).to.include({
      status: 'verified',
      claimedBy: 'rival',
    });
    expect(head(['declared', own], ['withdrawn', own], ['declared', { org: 'rival' }])).to.include({
      status: 'declared',
      claimedBy: 'rival',
    });
  });

  it('tells when it left, and from where: the place of the exit, else the country of who recorded it', () => {
    expect(head(['exited', { place: 'TWKEL' }])).to.include({ exitedFrom: 'TW' });
  });

  it('tells what was marked on it since', () => {
    const restamped = (newSerial: string): Step => ['restamped', { detail: { newSerial } }];
    expect(head('verified', restamped('A-1'), restamped('A-2')).marks).to.deep.equal(['A-1', 'A-2']);
  });

  it('tells where an item left from until it arrives or turns out not to have been shipped', () => {
    expect(head('verified', 'exited')).to.include({ exitedFrom: 'AU' }).and.not.to.have.property('country');
    expect(head('exited', ['arrived', { place: 'NZAKL' }]))
      .to.include({ country: 'NZ' })
      .and.not.to.have.property('exitedFrom');
    expect(head('exited', 'arrived')).to.include({ country: CUSTOMS.country });
    expect(head('exited', 'not-shipped'))
      .to.include({ country: 'AU' })
      .and.not.to.have.property('exitedFrom');
    expect(head(['inspected', { place: 'TWKHH' }])).to.include({ country: 'TW' });
    expect(head(['inspected', { place: 'TW' }], 'inspected')).to.include({ country: 'TW' });
  });

  it('tells the press an item is fitted to, and who holds it', () => {
    const fitted: Step = ['fitted', { detail: { pressId: 'itm_press' } }];
    expect(head(fitted)).to.include({ fittedTo: 'itm_press' });
    expect(head(fitted, ['fitted', { detail: { pressId: 'itm_other' } }])).to.include({
      fittedTo: 'itm_other',
    });
    expect(head(fitted, 'removed')).not.to.have.property('fittedTo');
    expect(head(fitted, 'fitted')).to.include({ fittedTo: 'itm_press' });
    expect(head(['transferred', { detail: { toOrg: 'rival' } }], 'transferred')).to.include({
      heldBy: 'rival',
    });
  });

  it('counts every event, and names the time of the last that counts', () => {
    expect(head('registered', 'declared', 'verified')).to.include({ seq: 3, lastAt: at(2) });
  });
});

describe('a correction', () => {
  const corrects = (no: number): Step => ['corrected', { detail: { corrects: `e${no}` } }];

  it('takes back what the event it names did, and nothing else', () => {
    expect(head('verified', 'stolen', corrects(2))).to.include({ status: 'verified', seq: 3 });
    expect(head('verified', 'stolen', 'lost', corrects(2))).to.include({ status: 'lost', seq: 4 });
    const back = head('verified', ['fitted', { detail: { pressId: 'p' } }], corrects(2));
    expect(back).not.to.have.property('fittedTo');
  });

  it('lets through what was recorded while a theft stood that is taken back', () => {
    expect(head('declared', 'stolen', 'verified', 'exited', corrects(2)).status).to.equal('exported');
  });

  it('can be corrected itself: what it took back then stands again', () => {
    expect(head('verified', 'stolen', corrects(2), corrects(3)).status).to.equal('stolen');
    expect(head('verified', 'stolen', corrects(2), corrects(3), corrects(4)).status).to.equal('verified');
  });

  it('changes nothing when it names no event', () => {
    expect(head('verified', 'stolen', 'corrected').status).to.equal('stolen');
    expect(head('verified', corrects(9)).status).to.equal('verified');
  });

  it('leaves the other events standing, in their order', () => {
    const events = historyOf(drafts(['registered', 'declared', 'stolen', corrects(3), 'exited']));
    expect(standing(events).map((event) => event.seq)).to.deep.equal([1, 2, 4, 5]);
  });

  it('of an event leaves the status that the history has without that event', () => {
    const type = fc.constantFrom(...EVENT_TYPES.filter((each) => each !== 'corrected'));
    fc.assert(
      fc.property(fc.array(type, { minLength: 1, maxLength: 8 }), fc.nat(), (steps, pick) => {
        const index = pick % steps.length;
        const {
          seq: _seq,
          lastAt: _lastAt,
          ...without
        } = head(...steps.filter((_, other) => other !== index));
        const { seq, lastAt: _at, ...corrected } = head(...steps, corrects(index + 1));
        expect(corrected).to.deep.equal(without);
        expect(seq).to.equal(steps.length + 1);
      }),
    );
  });
});
