import { expect } from 'chai';
import type { EventDraft, EventType } from '../../../../src/modules/register/index.ts';
import { afterIncident } from '../../../../src/modules/verification/checks/after-incident.ts';
import type { Check } from '../../../../src/modules/verification/checks/check.ts';
import { claimedByAnother } from '../../../../src/modules/verification/checks/claimed-by-another.ts';
import { declaredTwice } from '../../../../src/modules/verification/checks/declared-twice.ts';
import { exportedNotReturned } from '../../../../src/modules/verification/checks/exported-not-returned.ts';
import { sameSerialIncident } from '../../../../src/modules/verification/checks/same-serial-incident.ts';
import { factsOf, historyOf, judged, registered } from '../../../support/facts.ts';

type Happening = Partial<EventDraft> & { type: EventType };

const customs = { sub: 'officer-1', org: 'border', role: 'customs', country: 'TW' } as const;
const LATER = '2026-11-20T11:59:00.001Z';

/** What a check says about one item with that history. */
function said(check: Check, ...events: Happening[]) {
  return judged(check(factsOf({ known: (line) => ({ before: historyOf(line.itemId, ...events) }) })));
}

/** The same, where the declaration under check declared the item as the event of that seq. */
function saidBy(check: Check, declaredSeq: number, ...events: Happening[]) {
  const known = (line: { itemId: string }) => ({ before: historyOf(line.itemId, ...events), declaredSeq });
  return judged(check(factsOf({ known })));
}

describe('check claimed-by-another', () => {
  const warned = ['claimed-by-another warning'];
  const claim: Happening = { type: 'declared' };

  it('warns of an earlier claim of another organisation, with what it rests on in the evidence', () => {
    const facts = factsOf({ known: (line) => ({ before: historyOf(line.itemId, claim) }) });
    const [finding] = claimedByAnother(facts);
    expect(finding?.level).to.equal('warning');
    expect(finding?.evidence).to.deep.equal({
      events: ['evt_1'],
      orgs: ['other-exporter'],
      declarations: ['dcl_other'],
    });
  });

  it('accepts the own claims of the exporter and withdrawn claims', () => {
    expect(said(claimedByAnother, { ...claim, org: 'acme' })).to.deep.equal([]);
    expect(said(claimedByAnother, claim, { type: 'withdrawn' })).to.deep.equal([]);
    expect(said(claimedByAnother, claim, { type: 'withdrawn', declarationId: 'dcl_third' })).to.deep.equal(
      warned,
    );
    expect(said(claimedByAnother, claim, { type: 'withdrawn' }, claim)).to.deep.equal(warned);
  });

  it('accepts a resale: a transfer to this exporter, or an arrival in its country', () => {
    expect(said(claimedByAnother, claim, { type: 'transferred', detail: { toOrg: 'acme' } })).to.deep.equal(
      [],
    );
    expect(said(claimedByAnother, claim, { type: 'transferred', detail: { toOrg: 'third' } })).to.deep.equal(
      warned,
    );
    expect(said(claimedByAnother, claim, { type: 'arrived', place: 'TWKHH', actor: customs })).to.deep.equal(
      [],
    );
    expect(said(claimedByAnother, claim, { type: 'arrived', actor: customs })).to.deep.equal([]);
    expect(said(claimedByAnother, claim, { type: 'arrived', place: 'AUSYD', actor: customs })).to.deep.equal(
      warned,
    );
  });

  it('warns of a claim made after the resale', () => {
    const transfer: Happening = { type: 'transferred', detail: { toOrg: 'acme' } };
    expect(said(claimedByAnother, claim, transfer, { ...claim, declarationId: 'dcl_third' })).to.deep.equal(
      warned,
    );
  });

  it('leaves the later of two claims to its own check, whatever instants they bear', () => {
    const rival = { ...claim, recordedAt: LATER };
    expect(saidBy(claimedByAnother, 1, { type: 'registered' }, rival)).to.deep.equal([]);
    expect(saidBy(claimedByAnother, 3, { type: 'registered' }, rival)).to.deep.equal(warned);
  });

  it('counts a refused claim no more than a withdrawn one', () => {
    const refused = { outcome: 'refused' };
    expect(said(claimedByAnother, claim, { type: 'flagged', detail: refused })).to.deep.equal([]);
    expect(said(claimedByAnother, claim, { type: 'reviewed', detail: refused })).to.deep.equal([]);
    for (const outcome of ['needs-review', 'verified']) {
      expect(said(claimedByAnother, claim, { type: 'reviewed', detail: { outcome } })).to.deep.equal(warned);
    }
  });

  it('takes no account of a claim that was corrected, unless the correction was', () => {
    const correction: Happening = { type: 'corrected', detail: { corrects: 'evt_1' } };
    expect(said(claimedByAnother, claim, correction)).to.deep.equal([]);
    const back: Happening = { type: 'corrected', detail: { corrects: 'evt_2' } };
    expect(said(claimedByAnother, claim, correction, back)).to.deep.equal(warned);
  });
});

describe('check declared-twice', () => {
  const warned = ['declared-twice warning'];
  const own: Happening = { type: 'declared', org: 'acme' };
  const then = (type: EventType, detail = {}): Happening => ({ type, org: 'acme', detail });

  it('warns of an item in another open declaration of the same exporter', () => {
    const facts = factsOf({ known: (line) => ({ before: historyOf(line.itemId, own) }) });
    expect(judged(declaredTwice(facts))).to.deep.equal(warned);
    expect(declaredTwice(facts)[0]?.evidence).to.deep.equal({
      events: ['evt_1'],
      declarations: ['dcl_other'],
    });
    expect(said(declaredTwice, own, then('verified'))).to.deep.equal(warned);
    expect(said(declaredTwice, own, then('flagged', { outcome: 'needs-review' }))).to.deep.equal(warned);
  });

  it('accepts one that was withdrawn, refused, or whose goods left', () => {
    expect(said(declaredTwice, own, then('withdrawn'))).to.deep.equal([]);
    expect(said(declaredTwice, own, then('flagged', { outcome: 'refused' }))).to.deep.equal([]);
    expect(said(declaredTwice, own, then('reviewed', { outcome: 'refused' }))).to.deep.equal([]);
    expect(said(declaredTwice, own, then('exited'))).to.deep.equal([]);
    expect(said(declaredTwice, own, then('exited'), then('not-shipped'))).to.deep.equal([]);
  });

  it('is not appeased by what befell yet another declaration', () => {
    const other = { ...then('withdrawn'), declarationId: 'dcl_third' };
    expect(said(declaredTwice, own, other)).to.deep.equal(warned);
    expect(said(declaredTwice, { ...own, declarationId: 'dcl_third' }, other, own)).to.deep.equal(warned);
  });

  it('leaves other exporters to their own check, and the later of two declarations to its own', () => {
    expect(said(declaredTwice, { type: 'declared' })).to.deep.equal([]);
    expect(saidBy(declaredTwice, 1, { type: 'registered' }, own)).to.deep.equal([]);
    expect(saidBy(declaredTwice, 3, { type: 'registered' }, { ...own, recordedAt: LATER })).to.deep.equal(
      warned,
    );
  });
});

describe('check exported-not-returned', () => {
  const warned = ['exported-not-returned warning'];
  const exit: Happening = { type: 'exited', place: 'TWKHH', actor: customs };

  it('warns of an exit without return, whoever exported', () => {
    expect(said(exportedNotReturned, exit)).to.deep.equal(warned);
    expect(said(exportedNotReturned, { ...exit, org: 'acme' })).to.deep.equal(warned);
    expect(said(exportedNotReturned, exit, { type: 'arrived', place: 'AUSYD' })).to.deep.equal(warned);
  });

  it('accepts what was not shipped, came to the country or was transferred to this exporter', () => {
    expect(said(exportedNotReturned, exit, { type: 'not-shipped' })).to.deep.equal([]);
    expect(said(exportedNotReturned, exit, { type: 'arrived', place: 'TWTPE' })).to.deep.equal([]);
    expect(said(exportedNotReturned, exit, { type: 'transferred', detail: { toOrg: 'acme' } })).to.deep.equal(
      [],
    );
  });

  it('warns of a second exit after a return', () => {
    const again = { ...exit, declarationId: 'dcl_third' };
    expect(said(exportedNotReturned, exit, { type: 'arrived', place: 'TWTPE' }, again)).to.deep.equal(warned);
    expect(said(exportedNotReturned, exit, again, { type: 'not-shipped' })).to.deep.equal(warned);
  });
});

describe('checks after-destroyed, -lost, -stolen, -seized', () => {
  const incident = (type: EventType): Happening => ({ type, actor: customs });

  it('blocks after a destruction, a loss and a theft, and warns after a seizure', () => {
    expect(said(afterIncident, incident('destroyed'))).to.deep.equal(['after-destroyed block']);
    expect(said(afterIncident, incident('lost'))).to.deep.equal(['after-lost block']);
    expect(said(afterIncident, incident('stolen'))).to.deep.equal(['after-stolen block']);
    expect(said(afterIncident, incident('seized'))).to.deep.equal(['after-seized warning']);
  });

  it('is not appeased by later paperwork, only by a correction of each', () => {
    const stolen = incident('stolen');
    const arrived: Happening = { type: 'arrived', place: 'TWTPE' };
    const correction: Happening = { type: 'corrected', detail: { corrects: 'evt_1' } };
    expect(said(afterIncident, stolen, arrived, { type: 'verified' })).to.deep.equal(['after-stolen block']);
    expect(said(afterIncident, stolen, correction)).to.deep.equal([]);
    expect(said(afterIncident, stolen, correction, stolen)).to.deep.equal(['after-stolen block']);
  });

  it('has nothing to say about an item without incident', () => {
    expect(
      said(afterIncident, { type: 'registered' }, { type: 'declared' }, { type: 'inspected' }),
    ).to.deep.equal([]);
  });
});

describe('check same-serial-incident', () => {
  const found = (...sameSerial: ReturnType<typeof registered>[]) =>
    sameSerialIncident(factsOf({ known: () => ({ sameSerial }) }));
  const elsewhere = { maker: 'Fette', kind: 'press' };

  it('warns of an item of the same serial that is gone, whatever its maker and kind', () => {
    for (const status of ['lost', 'stolen', 'seized', 'destroyed'] as const) {
      const gone = registered(elsewhere, { status });
      const [finding] = found(registered(), gone);
      expect(finding).to.deep.include({ code: 'same-serial-incident', level: 'warning', line: 1 });
      expect(finding?.evidence).to.deep.equal({
        items: [gone.item.itemId],
        makers: [gone.item.maker],
        kinds: ['press'],
        statuses: [status],
      });
    }
  });

  it('accepts the same serial of another maker, as is normal, in any other state', () => {
    for (const status of ['declared', 'exported', 'refused', 'withdrawn'] as const) {
      expect(found(registered(elsewhere, { status }))).to.deep.equal([]);
    }
    expect(found()).to.deep.equal([]);
  });
});
