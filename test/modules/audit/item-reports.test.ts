import { expect } from 'chai';
import { activityAfterIncident } from '../../../src/modules/audit/reports/activity-after-incident.ts';
import { confusableTwins } from '../../../src/modules/audit/reports/confusable-twins.ts';
import { exportedTwice } from '../../../src/modules/audit/reports/exported-twice.ts';
import { severalExporters } from '../../../src/modules/audit/reports/several-exporters.ts';
import type { EventDraft, EventType } from '../../../src/modules/register/index.ts';
import { foundBy, recordOf } from '../../support/auditing.ts';
import { draftWith, itemWith } from '../../support/items.ts';
import { at } from '../../support/times.ts';

const press = itemWith();
const now = at(1_000_000);
const CLERK = { sub: 'clerk', org: 'acme', role: 'exporter', country: 'TW' } as const;
const DEALER = { sub: 'dealer', org: 'wattle', role: 'exporter', country: 'AU' } as const;
const REGISTRY = { sub: 'registry', org: 'registry', role: 'registry', country: 'ZZ' } as const;

/** An event of an exporter's declaration. */
const by = (actor: typeof CLERK | typeof DEALER, type: EventType, facts: Partial<EventDraft> = {}) =>
  draftWith(press.itemId, type, { actor, org: actor.org, declarationId: `dcl_${actor.org}`, ...facts });
const seen = (type: EventType, facts: Partial<EventDraft> = {}) => draftWith(press.itemId, type, facts);

describe('several-exporters', () => {
  const found = (drafts: readonly EventDraft[]) =>
    foundBy(severalExporters, { items: [recordOf(press, drafts)], now });

  it('names an item that two exporters declared, and the events and declarations that say so', async () => {
    const drafts = [by(CLERK, 'declared'), by(DEALER, 'declared', { recordedAt: at(5) })];
    const [row, ...more] = await found(drafts);
    expect(more).to.deep.equal([]);
    expect(row).to.deep.equal({
      key: press.itemId,
      code: 'declared-by-several',
      because:
        '2 exporters declared the press "ZP33-2025-00417" of ptk: acme and wattle. Nothing recorded shows how it came from one to the next.',
      at: at(5),
      org: 'wattle',
      facts: { serial: press.serial, maker: 'ptk', kind: 'press', exporters: 2 },
      evidence: {
        items: [press.itemId],
        events: drafts.map(({ eventId }) => eventId),
        declarations: ['dcl_acme', 'dcl_wattle'],
      },
    });
  });

  it('tells where the item was handed on: by transfer, or by arriving in the second country', async () => {
    for (const between of [
      seen('transferred', { detail: { toOrg: 'wattle' } }),
      seen('arrived', { place: 'AUSYD' }),
      seen('arrived'),
    ]) {
      const [row] = await found([by(CLERK, 'declared'), between, by(DEALER, 'declared')]);
      expect(row?.code, between.type).to.equal('handed-on');
    }
    const [elsewhere] = await found([
      by(CLERK, 'declared'),
      seen('arrived', { place: 'NZAKL' }),
      by(DEALER, 'declared'),
    ]);
    expect(elsewhere?.code).to.equal('declared-by-several');
    const [tooLate] = await found([
      by(CLERK, 'declared'),
      by(DEALER, 'declared'),
      seen('arrived', { place: 'AUSYD' }),
    ]);
    expect(tooLate?.code).to.equal('declared-by-several');
  });

  it('counts what still stands of an exporter that declared an item twice', async () => {
    const again = { declarationId: 'dcl_again' };
    const rows = await found([
      by(CLERK, 'declared'),
      by(CLERK, 'declared', again),
      by(CLERK, 'withdrawn'),
      by(DEALER, 'declared'),
    ]);
    expect(rows.map(({ evidence }) => evidence.declarations)).to.deep.equal([['dcl_again', 'dcl_wattle']]);
  });

  it('takes nothing for a hand-over that was before both declared the item', async () => {
    const [row] = await found([
      seen('arrived', { place: 'AUSYD' }),
      by(CLERK, 'declared'),
      by(DEALER, 'declared'),
    ]);
    expect(row?.code).to.equal('declared-by-several');
  });

  it('leaves aside one exporter, and claims that were withdrawn, refused or taken back', async () => {
    expect(await found([by(CLERK, 'declared'), by(CLERK, 'declared')])).to.deep.equal([]);
    expect(
      await found([by(CLERK, 'declared'), by(CLERK, 'withdrawn'), by(DEALER, 'declared')]),
    ).to.deep.equal([]);
    const refused = by(DEALER, 'flagged', { actor: REGISTRY, detail: { outcome: 'refused' } });
    expect(await found([by(CLERK, 'declared'), by(DEALER, 'declared'), refused])).to.deep.equal([]);
    const wrong = by(DEALER, 'declared');
    const corrected = seen('corrected', { detail: { corrects: wrong.eventId } });
    expect(await found([by(CLERK, 'declared'), wrong, corrected])).to.deep.equal([]);
  });
});

describe('exported-twice', () => {
  const found = (drafts: readonly EventDraft[]) =>
    foundBy(exportedTwice, { items: [recordOf(press, drafts)], now });
  const between = { occurredAt: at(1.5 * 86_400_000) };
  const exit = (no: number, facts: Partial<EventDraft> = {}) =>
    by(CLERK, 'exited', {
      declarationId: `dcl_${no}`,
      place: 'TWKHH',
      occurredAt: at(no * 86_400_000),
      ...facts,
    });

  it('names both exits when nothing between says how the item came back', async () => {
    const drafts = [exit(1), seen('arrived', { place: 'AUSYD', ...between }), exit(2)];
    const rows = await found(drafts);
    expect(rows).to.have.length(1);
    expect(rows[0]).to.deep.include({
      key: `${press.itemId} ${drafts[2]?.eventId ?? ''}`,
      code: 'exported-twice',
      at: at(2 * 86_400_000),
      org: 'acme',
    });
    expect(rows[0]?.because).to.equal(
      'The press "ZP33-2025-00417" of ptk left on 2026-11-03 and again, from TW, on 2026-11-04; nothing recorded between says how it came back.',
    );
    expect(rows[0]?.evidence).to.deep.equal({
      items: [press.itemId],
      events: [drafts[0]?.eventId, drafts[2]?.eventId],
      declarations: ['dcl_1', 'dcl_2'],
    });
  });

  it('is content with a return, a transfer to the second exporter, or a shipment that never was', async () => {
    const content = async (...drafts: EventDraft[]) => expect(await found(drafts)).to.deep.equal([]);
    const home = seen('arrived', { place: 'TWTPE', ...between });
    await content(exit(1), home, exit(2));
    await content(exit(1), seen('transferred', { detail: { toOrg: 'acme' }, ...between }), exit(2));
    await content(exit(1), by(CLERK, 'not-shipped', { declarationId: 'dcl_1' }), exit(2));
    await content(exit(1), exit(2), by(CLERK, 'not-shipped', { declarationId: 'dcl_2' }));
    await content(
      exit(1),
      seen('arrived', { place: 'AUSYD', ...between }),
      exit(2, { place: 'AUSYD', org: 'wattle' }),
    );
  });

  it('goes by when things happened, whenever the registry learned of them', async () => {
    const home = seen('arrived', { place: 'TWTPE', ...between });
    expect(await found([exit(1), exit(2), home])).to.deep.equal([]);
    expect(await found([home, exit(2), exit(1)])).to.deep.equal([]);
    const after = seen('arrived', { place: 'TWTPE', occurredAt: at(3 * 86_400_000) });
    expect(await found([exit(1), after, exit(2)])).to.have.length(1);
  });

  it('does not forget an exit for the sake of one that never was', async () => {
    const rows = await found([
      exit(1),
      exit(2),
      by(CLERK, 'not-shipped', { declarationId: 'dcl_2' }),
      exit(3),
    ]);
    expect(rows.map(({ evidence }) => evidence.declarations)).to.deep.equal([['dcl_1', 'dcl_3']]);
  });

  it('takes two exits of one declaration for one, and each further exit for another', async () => {
    expect(await found([exit(1), exit(1)])).to.deep.equal([]);
    expect(await found([exit(1), exit(2), exit(3)])).to.have.length(2);
  });
});

describe('activity-after-incident', () => {
  const found = (drafts: readonly EventDraft[]) =>
    foundBy(activityAfterIncident, { items: [recordOf(press, drafts)], now });
  const incident = (type: EventType) => seen(type, { occurredAt: at(1_000) });

  it('names what happened after an item was destroyed, lost or stolen', async () => {
    for (const type of ['destroyed', 'lost', 'stolen'] as const) {
      const drafts = [by(CLERK, 'declared'), incident(type), by(DEALER, 'exited', { occurredAt: at(2_000) })];
      const [row, ...more] = await found(drafts);
      expect(more).to.deep.equal([]);
      expect(row?.key).to.equal(`${press.itemId} ${type}`);
      expect(row?.because).to.equal(
        `The press "ZP33-2025-00417" of ptk was ${type} on 2026-11-02 and exited after that.`,
      );
      expect(row?.evidence.events).to.deep.equal([drafts[1]?.eventId, drafts[2]?.eventId]);
    }
  });

  it('leaves aside what happened before, inspections, and an incident that was corrected', async () => {
    const stolen = incident('stolen');
    expect(
      await found([stolen, by(CLERK, 'exited', { occurredAt: at(500), recordedAt: at(9_000) })]),
    ).to.deep.equal([]);
    expect(await found([stolen, seen('inspected', { occurredAt: at(2_000) })])).to.deep.equal([]);
    const corrected = seen('corrected', { detail: { corrects: stolen.eventId } });
    expect(await found([stolen, corrected, by(CLERK, 'exited', { occurredAt: at(2_000) })])).to.deep.equal(
      [],
    );
    expect(await found([seen('seized'), by(CLERK, 'exited', { occurredAt: at(2_000) })])).to.deep.equal([]);
  });
});

describe('confusable-twins', () => {
  const found = (...items: ReturnType<typeof itemWith>[]) =>
    foundBy(confusableTwins, {
      items: items.map((item) => recordOf(item, [draftWith(item.itemId, 'registered')])),
      now,
    });

  it('names items of one maker or one kind whose serials read alike', async () => {
    const [one, two] = [itemWith({ serial: 'A0B8' }), itemWith({ serial: 'AOBB', registeredAt: at(7) })];
    const rows = await found(one, press, two);
    expect(rows).to.have.length(1);
    expect(rows[0]).to.deep.include({ key: one.serialFold, code: 'confusable-twin', at: at(7) });
    expect(rows[0]?.because).to.equal('2 items of serials that read alike: "A0B8" and "AOBB".');
    expect(rows[0]?.evidence.items).to.have.members([one.itemId, two.itemId]);
    expect(await found(one, itemWith({ serial: 'AOBB', maker: 'korsch' }))).to.have.length(1);
    expect(await found(one, itemWith({ serial: 'AOBB', kind: 'die' }))).to.have.length(1);
  });

  it('leaves aside one serial under several makers, and twins that share neither maker nor kind', async () => {
    const one = itemWith({ serial: 'A0B8' });
    expect(await found(one, itemWith({ serial: 'a0-b8', maker: 'korsch' }))).to.deep.equal([]);
    expect(await found(one, itemWith({ serial: 'AOBB', maker: 'korsch', kind: 'die' }))).to.deep.equal([]);
  });

  it('takes no item for its own twin', async () => {
    const one = itemWith({ serial: 'A0B8' });
    const restamped = draftWith(one.itemId, 'restamped', { detail: { newSerial: 'AOBB' } });
    expect(await foundBy(confusableTwins, { items: [recordOf(one, [restamped])], now })).to.deep.equal([]);
  });

  it('also finds the mark that an item was re-stamped with', async () => {
    const [one, two] = [itemWith({ serial: 'A0B8' }), itemWith({ serial: 'X-1' })];
    const restamped = draftWith(two.itemId, 'restamped', { detail: { newSerial: 'AOBB' } });
    const items = [recordOf(one, [draftWith(one.itemId, 'registered')]), recordOf(two, [restamped])];
    const rows = await foundBy(confusableTwins, { items, now });
    expect(rows.map(({ evidence }) => evidence.items)).to.deep.equal([[one.itemId, two.itemId]]);
  });
});
