import { expect } from 'chai';
import type { Declaration, DeclarationStore } from '../../src/modules/declarations/index.ts';
import type { DeclarationQuery } from '../../src/modules/declarations/declaration.ports.ts';
import { declarationWith, lineWith } from '../support/declarations.ts';
import { onEveryEngine, tally } from '../support/engines.ts';
import { at, START } from '../support/times.ts';

const DAY = 86_400_000;

/** As a decision leaves it: one version on. */
function next(previous: Declaration, facts: Partial<Declaration> = {}): Declaration {
  return { ...previous, version: previous.version + 1, ...facts };
}

onEveryEngine('DeclarationStore', (opened) => {
  let store: DeclarationStore;
  beforeEach(() => {
    store = opened().stores.declarations;
  });

  describe('insert', () => {
    it('keeps the whole record, to the letter', async () => {
      const full = declarationWith(1, {
        idempotencyKey: 'k-1',
        reference: '{"$gt":""} \u5831\u95DC-1',
        number: 'TW2026ABCDEFGHJKMN7',
        expiresAt: at(180 * DAY),
        content: {
          consignment: {
            ...declarationWith(1).content.consignment,
            licence: { number: 'L-1' },
            regime: 'TW',
          },
          lines: [lineWith(1, { value: { amount: 0.1, currency: 'TWD' }, assignedMark: true }), lineWith(3)],
          asFiled: [lineWith(1), lineWith(2)].map(({ itemId, line, kind, maker, serial }) => ({
            itemId,
            line,
            kind,
            maker,
            serial,
          })),
        },
        verification: {
          attempt: 2,
          findings: [{ code: 'a', level: 'info', because: 'So.', evidence: { scores: [0.5, 1] } }],
          ruleSet: 'r+1',
          checkedAt: at(1),
        },
        pending: [],
        dueAt: null,
      });
      expect(await store.insert(full)).to.deep.equal({ outcome: 'inserted' });
      expect(await store.find(full.id)).to.deep.equal(full);
      expect(await store.find('dcl_none')).to.equal(null);
    });

    it('names the holder of an idempotency key or of a reference, and keeps nothing', async () => {
      const holder = declarationWith(1, { idempotencyKey: 'k-1' });
      await store.insert(holder);
      const sameKey = declarationWith(2, { idempotencyKey: 'k-1' });
      const sameReference = declarationWith(3, { idempotencyKey: 'k-3', reference: holder.reference });
      const sameId = declarationWith(1, { bodyHash: 'other' });
      expect(await store.insert(sameKey)).to.deep.equal({ outcome: 'key-taken', holder });
      expect(await store.insert(sameReference)).to.deep.equal({ outcome: 'reference-taken', holder });
      expect(await store.insert(sameId)).to.deep.equal({ outcome: 'reference-taken', holder });
      expect(await store.list({ limit: 10 })).to.have.length(1);
      expect(await store.find(holder.id)).to.deep.equal(holder);
    });

    it('names the holder of the key where another one holds the reference', async () => {
      const byKey = declarationWith(1, { idempotencyKey: 'k-1' });
      const byReference = declarationWith(2, { idempotencyKey: 'k-2' });
      await store.insert(byKey);
      await store.insert(byReference);
      const both = declarationWith(3, { idempotencyKey: 'k-1', reference: byReference.reference });
      expect(await store.insert(both)).to.deep.equal({ outcome: 'key-taken', holder: byKey });
    });

    it('lets every organisation have its own keys and references, and any number have no key', async () => {
      await store.insert(declarationWith(1, { idempotencyKey: 'k-1' }));
      const foreign = declarationWith(2, { idempotencyKey: 'k-1', org: 'rival', reference: 'INV-1' });
      expect(await store.insert(foreign)).to.deep.equal({ outcome: 'inserted' });
      expect(await store.insert(declarationWith(3))).to.deep.equal({ outcome: 'inserted' });
      expect(await store.insert(declarationWith(4))).to.deep.equal({ outcome: 'inserted' });
    });

    it('is found by the key of its own organisation', async () => {
      const holder = declarationWith(1, { idempotencyKey: 'k-1' });
      await store.insert(holder);
      await store.insert(declarationWith(2));
      expect(await store.findByKey('acme', 'k-1')).to.deep.equal(holder);
      expect(await store.findByKey('acme', 'k-2')).to.equal(null);
      expect(await store.findByKey('rival', 'k-1')).to.equal(null);
    });

    it('lets one of 64 filings under one key in', async () => {
      const rivals = Array.from({ length: 64 }, (_, no) => declarationWith(no, { idempotencyKey: 'k-1' }));
      const outcomes = await Promise.all(rivals.map((declaration) => store.insert(declaration)));
      expect(tally(outcomes.map(({ outcome }) => outcome))).to.deep.equal({ inserted: 1, 'key-taken': 63 });
      const winner = rivals[outcomes.findIndex(({ outcome }) => outcome === 'inserted')];
      const holders = outcomes.flatMap((each) => (each.outcome === 'inserted' ? [] : [each.holder.id]));
      expect(tally(holders)).to.deep.equal({ [winner?.id ?? '']: 63 });
      expect(await store.list({ limit: 100 })).to.have.length(1);
    });

    it('lets one of 64 filings under one reference in', async () => {
      const rivals = Array.from({ length: 64 }, (_, no) =>
        declarationWith(no, {
          idempotencyKey: `k-${no}`,
          reference: 'INV',
          id: no % 2 === 0 ? 'dcl_same' : `dcl_${no}`,
        }),
      );
      const outcomes = await Promise.all(rivals.map((declaration) => store.insert(declaration)));
      expect(tally(outcomes.map(({ outcome }) => outcome))).to.deep.equal({
        inserted: 1,
        'reference-taken': 63,
      });
      expect(await store.list({ limit: 100 })).to.have.length(1);
    });

    it('is there, 2,000 lines long, for whoever opens the store anew', async () => {
      const lines = Array.from({ length: 2_000 }, (_, index) => lineWith(index + 1));
      const { consignment } = declarationWith(1).content;
      const long = declarationWith(1, { content: { consignment, lines } });
      await store.insert(long);
      expect(await (await opened().again()).declarations.find(long.id)).to.deep.equal(long);
    });
  });

  describe('replace', () => {
    const filed = declarationWith(1, { idempotencyKey: 'k-1' });
    beforeEach(async () => {
      await store.insert(filed);
      await store.insert(declarationWith(2));
    });

    it('puts the next version in place of the expected one, durably', async () => {
      const verified = next(filed, {
        state: 'verified',
        number: 'TW2026ABCDEFGHJKMN7',
        pending: [],
        dueAt: at(5),
      });
      expect(await store.replace(filed, verified)).to.equal(true);
      expect(await store.find(filed.id)).to.deep.equal(verified);
      const found = await store.list({ number: 'TW2026ABCDEFGHJKMN7', limit: 2 });
      expect(found.map(({ id }) => id)).to.deep.equal([verified.id]);
      expect(await store.list({ number: 'TW2026', limit: 2 })).to.deep.equal([]);
      expect(await (await opened().again()).declarations.find(filed.id)).to.deep.equal(verified);
      expect(await store.find('dcl_0002')).to.deep.equal(declarationWith(2));
    });

    it('lets go of a number that the next version no longer has', async () => {
      const number = 'TW2026ABCDEFGHJKMN7';
      const verified = next(filed, { state: 'verified', number, expiresAt: at(5) });
      await store.replace(filed, verified);
      const { number: _number, expiresAt: _expiry, ...amended } = next(verified, { state: 'filed' });
      expect(await store.replace(verified, amended)).to.equal(true);
      expect(await store.find(filed.id)).to.deep.equal(amended);
      expect(await store.list({ number, limit: 2 })).to.deep.equal([]);
    });

    it('changes nothing when another version is stored', async () => {
      const second = next(filed, { state: 'withdrawn' });
      await store.replace(filed, second);
      expect(await store.replace(filed, next(filed, { state: 'verified' }))).to.equal(false);
      expect(await store.replace(next(second), next(next(second)))).to.equal(false);
      expect(await store.find(filed.id)).to.deep.equal(second);
    });

    it('changes nothing of a declaration that is not there', async () => {
      const stranger = declarationWith(9);
      expect(await store.replace(stranger, next(stranger))).to.equal(false);
      expect(await store.find(stranger.id)).to.equal(null);
    });

    it('lets one of 64 changes of one version through', async () => {
      const rivals = Array.from({ length: 64 }, (_, no) => next(filed, { bodyHash: `rival-${no}` }));
      const outcomes = await Promise.all(rivals.map((rival) => store.replace(filed, rival)));
      expect(tally(outcomes)).to.deep.equal({ true: 1, false: 63 });
      expect(await store.find(filed.id)).to.deep.equal(rivals[outcomes.indexOf(true)]);
    });

    it('keeps new content, whether or not the record was read from the store', async () => {
      const stored = await store.find(filed.id);
      const content = { ...filed.content, lines: [...filed.content.lines, lineWith(3)] };
      const amended = next(stored!, { content });
      expect(await store.replace(stored!, amended)).to.equal(true);
      expect(await store.find(filed.id)).to.deep.equal(amended);
      expect((await store.list({ limit: 1 }))[0]?.itemCount).to.equal(3);
      const later = next(amended, { state: 'withdrawn' });
      await store.replace(amended, later);
      expect(await store.find(filed.id)).to.deep.equal(later);
    });
  });

  describe('work that is due', () => {
    const dueAt = (no: number, ms: number | null): Declaration =>
      declarationWith(no, { dueAt: ms === null ? null : at(ms) });

    it('is named longest due first, that very instant included, up to the limit', async () => {
      for (const each of [dueAt(1, 3000), dueAt(2, 1000), dueAt(3, null), dueAt(4, 2000), dueAt(5, 4000)]) {
        await store.insert(each);
      }
      expect(await store.due(at(3000), 10)).to.deep.equal(['dcl_0002', 'dcl_0004', 'dcl_0001']);
      expect(await store.due(at(3000), 2)).to.deep.equal(['dcl_0002', 'dcl_0004']);
      expect(await store.due(at(999), 10)).to.deep.equal([]);
    });

    it('is put off without a new version', async () => {
      const one = dueAt(1, 1000);
      await store.insert(one);
      await store.postpone(one, at(5000));
      expect(await store.due(at(4999), 10)).to.deep.equal([]);
      expect(await store.find(one.id)).to.deep.equal({ ...one, dueAt: at(5000) });
      await store.postpone(one, null);
      expect(await store.due(at(DAY), 10)).to.deep.equal([]);
      expect(await store.replace(one, next(one))).to.equal(true);
    });

    it('is not put off by one who holds another version', async () => {
      const one = dueAt(1, 1000);
      await store.insert(one);
      await store.replace(one, next(one, { dueAt: at(2000) }));
      await store.postpone(one, null);
      expect(await store.due(at(2000), 10)).to.deep.equal([one.id]);
    });
  });

  describe('lists', () => {
    const list = async (query: Partial<DeclarationQuery>): Promise<string[]> =>
      (await store.list({ limit: 10, ...query })).map((summary) => summary.id);

    beforeEach(async () => {
      const records = [
        declarationWith(5, { filedAt: at(0) }),
        declarationWith(2, { filedAt: at(1000), state: 'verified', number: 'TW2026ABCDEFGHJKMN7' }),
        declarationWith(1, { filedAt: at(1000), org: 'rival' }),
        declarationWith(3, { filedAt: at(1000) }),
        declarationWith(4, { filedAt: at(2000) }),
      ];
      for (const record of records) await store.insert(record);
    });

    it('are in order of filing, then id', async () => {
      expect(await list({})).to.deep.equal(['dcl_0005', 'dcl_0001', 'dcl_0002', 'dcl_0003', 'dcl_0004']);
    });

    it('hold summaries without lines', async () => {
      const { id, org, reference, filedAt } = declarationWith(2, { filedAt: at(1000) });
      const number = 'TW2026ABCDEFGHJKMN7';
      const [verified] = await store.list({ state: 'verified', limit: 10 });
      expect(verified).to.deep.equal({
        id,
        org,
        reference,
        state: 'verified',
        filedAt,
        number,
        itemCount: 2,
      });
      expect((await store.list({ limit: 1 }))[0]).not.to.have.property('number');
    });

    it('are narrowed by organisation, state and time of filing, that very instant included', async () => {
      expect(await list({ org: 'rival' })).to.deep.equal(['dcl_0001']);
      expect(await list({ org: 'acme', state: 'filed' })).to.deep.equal(['dcl_0005', 'dcl_0003', 'dcl_0004']);
      expect(await list({ since: at(1000), org: 'acme' })).to.deep.equal([
        'dcl_0002',
        'dcl_0003',
        'dcl_0004',
      ]);
      expect(await list({ since: at(2001) })).to.deep.equal([]);
      expect(await list({ org: "' OR 1=1 --" })).to.deep.equal([]);
    });

    it('go on after the last one of a page, also among those filed at one instant', async () => {
      expect(await list({ limit: 2 })).to.deep.equal(['dcl_0005', 'dcl_0001']);
      expect(await list({ after: { filedAt: at(1000), id: 'dcl_0001' }, limit: 2 })).to.deep.equal([
        'dcl_0002',
        'dcl_0003',
      ]);
      expect(await list({ after: { filedAt: at(1000), id: 'dcl_0003' }, limit: 2 })).to.deep.equal([
        'dcl_0004',
      ]);
      expect(
        await list({ after: { filedAt: at(1000), id: 'dcl_0001' }, org: 'acme', state: 'filed' }),
      ).to.deep.equal(['dcl_0003', 'dcl_0004']);
    });
  });

  describe('volumes', () => {
    const day = (no: number, days: number, facts: Partial<Declaration> = {}): Declaration =>
      declarationWith(no, { filedAt: at(days * DAY), ...facts });
    const query = { org: 'acme', since: START, exceptId: 'dcl_0009', limit: 100 };

    it('add up what stands, a day each, loose parts by kind', async () => {
      const records = [
        day(1, -1),
        day(2, 0),
        day(3, 1),
        day(4, 1, { state: 'exited' }),
        day(5, 1, { state: 'withdrawn' }),
        day(6, 1, { state: 'refused' }),
        day(7, 1, { org: 'rival' }),
        day(9, 1),
      ];
      for (const record of records) await store.insert(record);
      const volumes = await store.volumes(query);
      expect(volumes.sort((a, b) => (a.day < b.day ? -1 : 1))).to.deep.equal([
        { day: '2026-11-02', items: 2, looseByKind: { die: 1 } },
        { day: '2026-11-03', items: 4, looseByKind: { die: 2 } },
      ]);
    });

    it('look at the latest declarations up to the limit', async () => {
      for (const record of [day(1, 0), day(2, 1), day(3, 2), day(4, 3, { state: 'withdrawn' })])
        await store.insert(record);
      const volumes = await store.volumes({ ...query, limit: 2 });
      expect(volumes.map((volume) => volume.day).sort()).to.deep.equal(['2026-11-03', '2026-11-04']);
    });
  });

  it('says how many wait to be checked, and since when', async () => {
    expect(await store.backlog()).to.deep.equal({ filed: 0, oldestFiledAt: null });
    await store.insert(declarationWith(1, { filedAt: at(0), state: 'verified' }));
    await store.insert(declarationWith(2, { filedAt: at(2000) }));
    await store.insert(declarationWith(3, { filedAt: at(1000) }));
    expect(await store.backlog()).to.deep.equal({ filed: 2, oldestFiledAt: at(1000) });
  });
});
