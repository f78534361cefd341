import { expect } from 'chai';
import { itemIdOf, isIntact } from '../../../src/modules/register/index.ts';
import type { ItemEvent } from '../../../src/modules/register/index.ts';
import { sealed } from '../../../src/modules/register/item-event.ts';
import { draftWith, itemWith } from '../../support/items.ts';
import { at } from '../../support/times.ts';

describe('a sealed event', () => {
  const draft = draftWith('itm_1', 'declared', {
    place: 'TWKHH',
    detail: { reference: 'INV-1', left: undefined },
  });
  const event = sealed(draft, 3, 'ab'.repeat(16));

  it('is the draft in its place, with nonce and digest', () => {
    expect(event).to.include({ ...draft, seq: 3, nonce: 'ab'.repeat(16) });
    expect(event.digest).to.match(/^[0-9a-f]{64}$/);
    expect(isIntact(event)).to.equal(true);
  });

  it('is intact after a way through JSON, whatever the order of its members', () => {
    const copy = JSON.parse(JSON.stringify(event)) as ItemEvent;
    expect(isIntact(copy)).to.equal(true);
    const turned = Object.fromEntries(Object.entries(copy).reverse()) as unknown as ItemEvent;
    expect(isIntact(turned)).to.equal(true);
  });

  it('is no longer intact when any part of it is changed, added or left out', () => {
    const changes: Partial<ItemEvent>[] = [
      { eventId: 'evt_x' },
      { itemId: 'itm_2' },
      { type: 'verified' },
      { occurredAt: at(1) },
      { recordedAt: at(1) },
      { actor: { ...event.actor, sub: 'someone' } },
      { place: 'TWTPE' },
      { detail: { reference: 'INV-2' } },
      { seq: 4 },
      { nonce: 'cd'.repeat(16) },
      { digest: '0'.repeat(64) },
      { org: 'acme' },
    ];
    for (const change of changes)
      expect(isIntact({ ...event, ...change }), JSON.stringify(change)).to.equal(false);
    const { place: _place, ...without } = event;
    expect(isIntact(without)).to.equal(false);
  });

  it('has another digest with another nonce', () => {
    expect(sealed(draft, 3, 'cd'.repeat(16)).digest).not.to.equal(event.digest);
  });
});

describe('the identity of an item', () => {
  it('is told by maker, kind and serialKey alone', () => {
    const press = itemWith({ serial: 'ZP33-2025-00417' });
    expect(press).to.include({ serialKey: 'ZP33202500417', serialFold: '2P33202500417' });
    expect(itemWith({ serial: 'zp33 2025/00417', makerName: 'P.T.K.', year: 1 }).itemId).to.equal(
      press.itemId,
    );
    expect(itemIdOf({ maker: 'ptk', kind: 'press', serial: 'ZP33202500417' })).to.equal(press.itemId);
  });

  it('is another for another maker, kind or serial, also a confusable one', () => {
    const ids = [
      itemWith({}),
      itemWith({ maker: 'ima' }),
      itemWith({ kind: 'die' }),
      itemWith({ serial: 'ZP33-2O25-00417' }),
      itemWith({ serial: 'ZP33-2025-00418' }),
    ].map((item) => item.itemId);
    expect(new Set(ids).size).to.equal(5);
  });
});
