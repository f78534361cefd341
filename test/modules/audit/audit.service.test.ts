import { expect } from 'chai';
import type { AuditPiece, AuditService } from '../../../src/modules/audit/audit.service.ts';
import { createAuditService } from '../../../src/modules/audit/index.ts';
import { createScreening } from '../../../src/modules/catalogue/index.ts';
import { audited, openSorting } from '../../support/auditing.ts';
import { failureCode, failureMessage } from '../../support/failures.ts';
import { chain, draftWith, itemWith } from '../../support/items.ts';
import type { World } from '../../support/world.ts';
import { catalogue, openWorld } from '../../support/world.ts';

const TWINS = ['A0B8', 'AOBB', 'AQ88', 'X0Z1', 'XO2I', 'S5G6', '556G'];

describe('an audit', () => {
  let world: World;
  let audit: AuditService;
  let opened: number;

  beforeEach(() => {
    world = openWorld();
    const { stores, clock } = world;
    opened = 0;
    audit = createAuditService({
      register: stores.register,
      declarations: stores.declarations,
      lookupLog: stores.lookupLog,
      catalogue,
      screening: createScreening([]),
      clock,
      openSorting() {
        const sorting = openSorting();
        opened += 1;
        return {
          ...sorting,
          close() {
            opened -= 1;
            sorting.close();
          },
        };
      },
    });
  });
  afterEach(() => world.close());

  const register = async (...serials: string[]): Promise<void> => {
    for (const serial of serials) {
      const item = itemWith({ serial });
      await world.stores.register.addItems([item], chain([draftWith(item.itemId, 'registered')]));
    }
  };

  it('says how much there is to read and how much has been read', async () => {
    await register(...TWINS);
    const pieces: AuditPiece[] = [];
    let total = 0;
    await audit.run(
      { report: 'confusable-twins', settings: {} },
      {
        begin: (beginning) => void ({ total } = beginning),
        take: async (piece) => pieces.push(piece) > 0,
        inTurn: (work) => work(),
      },
    );
    expect(total).to.equal(TWINS.length);
    expect(pieces.at(-1)?.read).to.equal(TWINS.length);
    expect(pieces.flatMap(({ rows }) => rows)).to.have.length(3);
    expect(opened).to.equal(0);
  });

  it('goes on after what was there when a row was taken, with whatever came since', async () => {
    await register(...TWINS);
    const { rows, cursors } = await audited(audit, 'confusable-twins');
    await register('N0N0', 'NON0');
    const rest = await audited(audit, 'confusable-twins', { cursor: cursors[1] ?? '' });
    const keys = rest.rows.map(({ key }) => key);
    expect(keys).to.include(rows[2]?.key);
    expect(keys).not.to.include(rows[0]?.key);
    expect(keys).not.to.include(rows[1]?.key);
  });

  it('gives a row again, rather than miss any, when the one that was seen is no longer found', async () => {
    await register(...TWINS);
    const { rows } = await audited(audit, 'confusable-twins');
    const cursor = Buffer.from(JSON.stringify(['confusable-twins', '', 'gone'])).toString('base64url');
    expect((await audited(audit, 'confusable-twins', { cursor })).rows).to.deep.equal(rows);
  });

  it('ends when nobody wants more of it, and leaves nothing open', async () => {
    await register(...TWINS);
    const { whole } = await audited(audit, 'confusable-twins', { pieces: 1 });
    expect([whole, opened]).to.deep.equal([false, 0]);
  });

  it('ends with the error of its reader, and leaves nothing open and no place taken', async () => {
    await register(...TWINS);
    for (let time = 0; time < 3; time += 1) {
      const broken = audit.run(
        { report: 'confusable-twins', settings: {} },
        { begin: () => undefined, take: () => Promise.reject(new Error('gone')), inTurn: (work) => work() },
      );
      expect(await failureMessage(() => broken)).to.equal('gone');
    }
    expect(opened).to.equal(0);
    expect((await audited(audit, 'confusable-twins')).whole).to.equal(true);
  });

  it('is one of two at a time', async () => {
    let go = (): void => undefined;
    const held = new Promise<void>((resolve) => (go = resolve));
    const reader = {
      begin: () => held,
      take: async () => true,
      inTurn: <T>(work: () => Promise<T>) => work(),
    };
    const request = { report: 'several-exporters', settings: {} };
    const running = [audit.run(request, reader), audit.run(request, reader)];
    expect(await failureCode(() => audit.run(request, reader))).to.equal('audits-busy');
    go();
    expect(await Promise.all(running)).to.deep.equal([true, true]);
    expect(await audit.run(request, reader)).to.equal(true);
  });

  it('refuses a regime, a report and a cursor that there is not', async () => {
    const refused = (report: string, more: Parameters<typeof audited>[2]) =>
      failureCode(() => audited(audit, report, more));
    expect(await refused('regime-completeness', { settings: { regime: 'XX' } })).to.equal('unknown-regime');
    expect(await refused('nothing', {})).to.equal('not-found');
    const of = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
    for (const cursor of [
      of('several-exporters?days=3', '', ''),
      'x',
      of('several-exporters'),
      of('exported-twice', '', ''),
      of('several-exporters', 'x', ''),
    ]) {
      expect(await refused('several-exporters', { cursor }), cursor).to.equal('cursor-invalid');
    }
  });
});
