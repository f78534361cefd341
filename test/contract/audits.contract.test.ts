import { expect } from 'chai';
import { DAY_MS, shifted } from '../../src/kernel/clock.ts';
import { derivedId } from '../../src/kernel/derived-id.ts';
import { createRegistry } from '../../src/main/registry.ts';
import type { Stores } from '../../src/main/stores.ts';
import { openSqliteStores } from '../../src/main/stores.ts';
import type { AuditService } from '../../src/modules/audit/index.ts';
import { REPORTS } from '../../src/modules/audit/reports.ts';
import type { AuditRow } from '../../src/modules/audit/row.ts';
import type { Consignment, Line } from '../../src/modules/declarations/declaration.ts';
import { copyRecords, storedRecords } from '../../src/modules/transfer/index.ts';
import { tellNamed } from '../../scripts/seeding/seed-register.ts';
import { audited, openSorting } from '../support/auditing.ts';
import { declarationWith, lineWith } from '../support/declarations.ts';
import { onEveryEngine } from '../support/engines.ts';
import { itemWith } from '../support/items.ts';
import { lookupWith } from '../support/records.ts';
import { createSeededRandom, createTestClock } from '../support/times.ts';
import { catalogue } from '../support/world.ts';

const NOW = '2026-11-20T12:00:00.000Z';

/** A register in which everything that reports look for has happened once, and what each finds there. */
let told: { readonly stores: Stores; readonly found: ReadonlyMap<string, readonly AuditRow[]> };

function auditOf(stores: Stores): AuditService {
  const registry = createRegistry({
    stores,
    catalogue,
    requests: { request: () => Promise.resolve() },
    clock: createTestClock(NOW),
    random: createSeededRandom(),
    expiryDays: 180,
    deferred: () => undefined,
  });
  return registry.audits({ openSorting });
}

/** What the situations lack: a gap, a set that only two shipments make, a listed party, a field left out, an item that many ask for. */
async function tellMore({ register, declarations, lookupLog }: Stores): Promise<void> {
  const numbered = (kind: string, from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) =>
      lineWith(index + 1, { kind, serial: `MORE-${kind}-${String(from + index).padStart(4, '0')}` }),
    );
  const { consignment } = declarationWith(1).content;
  const [watched = ''] = catalogue.watchedParties[0]?.names ?? [];
  const told: [lines: Line[], about?: Partial<Consignment>][] = [
    [numbered('die', 1, 9)],
    [numbered('die', 15, 25)],
    [numbered('upper-punch', 1, 4), { regime: 'CA' }],
    [numbered('lower-punch', 1, 4), { consignee: { name: watched, country: 'KP' } }],
    [numbered('lower-punch', 5, 8)],
  ];
  for (const [index, [lines, about = {}]] of told.entries()) {
    const id = derivedId('dcl', 'more', String(index));
    const content = { consignment: { ...consignment, ...about }, lines };
    const verification = { attempt: 1, findings: [], checkedAt: NOW };
    await declarations.insert(declarationWith(900 + index, { id, content, verification, state: 'verified' }));
    await register.addItems(lines.map(({ kind, serial }) => itemWith({ kind, serial })));
  }
  const item = itemWith({ kind: 'die', serial: 'MORE-die-0001' }).itemId;
  for (const [no, org] of ['kaohsiung', 'sydney', 'auckland'].entries()) {
    await lookupLog.add(lookupWith(no, { at: shifted(NOW, -no * DAY_MS), org, itemIds: [item] }));
  }
}

before(async () => {
  const stores = openSqliteStores(':memory:', 'reg_told');
  await tellNamed({ stores, catalogue }, { seed: 1, items: 0, until: NOW });
  await tellMore(stores);
  const found = new Map<string, readonly AuditRow[]>();
  for (const { name } of REPORTS) found.set(name, (await audited(auditOf(stores), name)).rows);
  told = { stores, found };
});
after(() => told.stores.close());

describe('reports over a register that holds every situation', () => {
  const codes = (name: string): string[] => (told.found.get(name) ?? []).map(({ code }) => code);

  it('find what each situation is meant to show', () => {
    expect(codes('several-exporters')).to.include('handed-on');
    expect(codes('exported-twice')).to.include('exported-twice');
    expect(codes('confusable-twins')).to.include('confusable-twin');
    expect(codes('activity-after-incident')).to.include.members(['after-destroyed', 'after-stolen']);
    expect(codes('parts-without-press')).to.include('loose-parts');
    expect(codes('split-kits')).to.include('kit-split');
    expect(codes('overdue-arrivals')).to.include('arrival-overdue');
    expect(codes('unverified-declarations')).to.include('undecided');
    for (const what of ['exporter', 'destination', 'month']) {
      expect(codes(`summary-by-${what}`)).to.include(`${what}-summary`);
    }
  });

  it('find what else there is to be found, so that every report has rows', () => {
    expect(codes('serial-gaps')).to.deep.equal(['gap']);
    expect(codes('split-kits')).to.include('loose-kit-split');
    expect(codes('listed-parties')).to.include('listed-later');
    expect(codes('regime-completeness')).to.include('incomplete');
    expect(codes('lookup-patterns')).to.deep.equal(['looked-up-in-many-places']);
    for (const { name } of REPORTS) expect(codes(name), name).not.to.have.length(0);
  });

  it('name each row by a key of its own, with evidence that is there', async () => {
    for (const [name, rows] of told.found) {
      expect(new Set(rows.map(({ key }) => key)).size, name).to.equal(rows.length);
      for (const { evidence } of rows.slice(0, 20)) {
        const { items = [], events = [], declarations = [] } = evidence;
        expect([...items, ...declarations], name).not.to.have.length(0);
        expect((await told.stores.register.findItems(items)).size, name).to.equal(items.length);
        for (const id of declarations)
          expect(await told.stores.declarations.find(id), name).not.to.equal(null);
        const histories = await told.stores.register.histories(items, 1_000);
        const known = new Set([...histories.values()].flat().map(({ eventId }) => eventId));
        for (const id of events) expect(known, name).to.include(id);
      }
    }
  });
});

onEveryEngine('audits of a register', (opened) => {
  let audit: AuditService;
  beforeEach(async () => {
    const { stores } = opened();
    await copyRecords(storedRecords(told.stores), storedRecords(stores));
    audit = auditOf(stores);
  });

  it('find the same on every engine', async () => {
    for (const [name, rows] of told.found) {
      expect((await audited(audit, name)).rows, name).to.have.deep.members([...rows]);
    }
  }).timeout(60_000);

  it('go on after any row, as if they had not been cut', async () => {
    for (const name of told.found.keys()) {
      const { rows, cursors, whole } = await audited(audit, name);
      expect(whole).to.equal(true);
      for (const index of new Set([0, Math.floor(rows.length / 2), rows.length - 1])) {
        const cursor = cursors[index];
        if (cursor === undefined) continue;
        expect((await audited(audit, name, { cursor })).rows, name).to.deep.equal(rows.slice(index + 1));
      }
    }
  }).timeout(60_000);
});
