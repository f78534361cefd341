import { expect } from 'chai';
import type { Actor } from '../../../src/kernel/actor.ts';
import { decodeCursor, encodeCursor } from '../../../src/kernel/cursor.ts';
import { createExportService } from '../../../src/modules/exports/index.ts';
import { eventView, itemView } from '../../../src/modules/register/index.ts';
import { EXPORTER, OFFICER, REGULATOR, RIVAL } from '../../support/declarations.ts';
import { faultsIn, linesIn, openExporting } from '../../support/exporting.ts';
import { failureCode } from '../../support/failures.ts';

type Exporting = ReturnType<typeof openExporting>;

const serials = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, no) => `${prefix}-${String(no + 1).padStart(3, '0')}-77`);
const cursorsIn = (text: string): string[] => linesIn(text).flatMap(({ part }) => part?.cursor ?? []);
const itemsIn = (text: string): string[] => linesIn(text).flatMap(({ item }) => item?.serial ?? []);
/** The lines behind the part of this number. */
const behind = (text: string, no: number): string =>
  text
    .split(/(?<=^\{"part":.*\n)/m)
    .slice(no)
    .join('');

describe('an export', () => {
  let world: Exporting;
  let own: string;

  before(async () => {
    world = openExporting();
    const { file, registry } = world;
    own = await file('A-1', serials('A', 5));
    await file('R-1', ['R-1-77', 'A-002-77'], RIVAL);
    await file('R-2', ['BOTH-1-77'], RIVAL);
    // The second was declared before, by itself; the first by the rival.
    await file('A-2', ['BOTH-1-77', 'A-001-77', 'A-900-77']);
    // An item that the amendment drops stays in the register, and one is new.
    const items = ['A-001-77', 'A-003-77', 'A-901-77'].map((serial) => ({
      kind: 'die',
      maker: 'PTK',
      serial,
    }));
    const amendment = { reason: 'Other tools', items };
    await registry.declarations.amend(EXPORTER, own, amendment, { key: 'a', bodyHash: 'a' });
    const [seen] = linesIn(await world.exported(REGULATOR)).filter(({ item }) => item?.serial === 'A-001-77');
    const observation = { type: 'inspected', detail: { note: 'Opened' } } as const;
    await registry.items.observe(OFFICER, seen?.item?.itemId ?? '', observation, {});
  });

  describe('of the whole register', () => {
    it('holds every declaration, then every item with its whole history', async () => {
      const lines = linesIn(await world.exported(REGULATOR));
      const kinds = lines.map((line) => Object.keys(line)[0]).filter((kind) => kind !== 'part');
      expect(kinds).to.deep.equal([
        ...Array.from({ length: 4 }, () => 'declaration'),
        ...Array.from({ length: 9 }, () => 'item'),
        'manifest',
      ]);
      for (const { item, history } of lines) {
        if (item === undefined) continue;
        const id = item.itemId;
        expect(item).to.deep.equal(itemView(await world.registry.items.get(REGULATOR, id)));
        expect(history).to.deep.equal(await world.stores.register.history(id, { limit: 100 }));
      }
    });

    it('ends with a manifest of what it holds, and is found right', async () => {
      const text = await world.exported(REGULATOR);
      const lines = linesIn(text);
      const { manifest } = lines.at(-1) ?? {};
      expect(manifest).to.include({
        registerId: 'reg_test',
        histories: 'whole',
        at: world.clock.now(),
        declarations: 4,
        items: 9,
        events: lines.reduce((sum, { history = [] }) => sum + history.length, 0),
        parts: cursorsIn(text).length,
      });
      expect(manifest).not.to.have.property('exporter');
      expect(await faultsIn(text)).to.deep.equal([]);
    });

    it('of an empty register is a manifest', async () => {
      const text = await openExporting().exported(REGULATOR);
      expect(linesIn(text).map(({ manifest }) => manifest?.['parts'])).to.deep.equal([0]);
      expect(await faultsIn(text)).to.deep.equal([]);
    });
  });

  describe('that was cut', () => {
    const whole = [REGULATOR, {}] as const;
    const ofOne = [REGULATOR, { org: 'acme' }] as const;
    const byItself = [EXPORTER, {}] as const;
    for (const [what, [as, asked]] of Object.entries({ whole, ofOne, byItself })) {
      it(`goes on behind each part, and ends with the same manifest: ${what}`, async () => {
        const text = await world.exported(as, asked);
        const cursors = cursorsIn(text);
        expect(cursors).not.to.have.length(0);
        for (const [index, cursor] of cursors.entries()) {
          const rest = await world.exported(as, { ...asked, cursor });
          expect(rest).to.equal(behind(text, index + 1));
        }
      });
    }

    it('goes on while the register changes, and holds all that was there', async () => {
      const changing = openExporting();
      await changing.file('C-1', serials('C', 8));
      const before = await changing.exported(REGULATOR);
      const [first = ''] = cursorsIn(before);
      await changing.file('C-2', ['C-001-77', 'NEW-1-77']);
      const rest = await changing.exported(REGULATOR, { cursor: first });
      const text = before.slice(0, before.length - behind(before, 1).length) + rest;
      expect(await faultsIn(text)).to.deep.equal([]);
      expect(itemsIn(text)).to.include.members(serials('C', 8));
    });

    it('goes on with nothing but what it was begun with', async () => {
      const [cursor = ''] = cursorsIn(await world.exported(REGULATOR));
      const [ofOrg = ''] = cursorsIn(await world.exported(REGULATOR, { org: 'acme' }));
      const [itsOwn = ''] = cursorsIn(await world.exported(EXPORTER));
      const refused: [Actor, { org?: string; cursor: string }][] = [
        [REGULATOR, { org: 'acme', cursor }],
        [EXPORTER, { cursor }],
        [REGULATOR, { cursor: ofOrg }],
        [REGULATOR, { org: 'rival', cursor: ofOrg }],
        [EXPORTER, { cursor: ofOrg }],
        [RIVAL, { cursor: itsOwn }],
        [REGULATOR, { org: 'acme', cursor: itsOwn }],
      ];
      for (const [as, asked] of refused) {
        expect(await failureCode(() => world.exported(as, asked))).to.equal('cursor-invalid');
      }
      const elsewhere = createExportService({
        ...world.stores,
        registerId: 'reg_other',
        clock: world.clock,
      });
      expect(await failureCode(async () => elsewhere.open(REGULATOR, { cursor }))).to.equal('cursor-invalid');
    });

    it('refuses cursors that were made up', async () => {
      const shape = ['string', 'string', 'string', 'number', 'number', 'number', 'number', 'string'] as const;
      for (const asked of [{}, { org: 'acme' }]) {
        const [cursor = ''] = cursorsIn(await world.exported(REGULATOR, asked));
        const wrong: [number, string | number][] = [
          [0, 'x'],
          [1, 'yesterday'],
          [2, ''],
          [2, 'x:1'],
          [2, "i:1'"],
          [2, 'i:itm_none'],
          [2, '2026-11-02T09:00:00.000Z dcl_none 0'],
          [3, 0],
          [3, -1],
          [4, 0.5],
          [5, -1],
          [6, 2 ** 60],
          [7, 'abc'],
        ];
        for (const [index, value] of wrong) {
          const made = encodeCursor(decodeCursor(cursor, shape).with(index, value));
          const code = await failureCode(() => world.exported(REGULATOR, { ...asked, cursor: made }));
          expect(code, `${index}: ${value}`).to.equal('cursor-invalid');
        }
        const code = await failureCode(() => world.exported(REGULATOR, { ...asked, cursor: 'abc' }));
        expect(code).to.equal('cursor-invalid');
      }
    });
  });

  describe('of one exporter', () => {
    it('holds its declarations in order of filing, each followed by the items it declared there first', async () => {
      const lines = linesIn(await world.exported(EXPORTER));
      const told = lines.flatMap(({ declaration, item }) => declaration?.id ?? item?.serial ?? []);
      expect(told).to.deep.equal([own, ...serials('A', 5), 'A-901-77', told[7], 'BOTH-1-77', 'A-900-77']);
      expect(lines.at(-1)?.manifest).to.include({ exporter: 'acme', histories: 'own', items: 8 });
    });

    it('shows to the exporter what single calls show', async () => {
      const text = await world.exported(EXPORTER);
      for (const { item, history } of linesIn(text)) {
        if (item === undefined) continue;
        const { items } = world.registry;
        expect(item).to.deep.equal(itemView(await items.get(EXPORTER, item.itemId)));
        const events = await items.history(EXPORTER, item.itemId, { afterSeq: 0, limit: 100 });
        expect(history).to.deep.equal(events.map((event) => eventView(event, EXPORTER)));
      }
      expect(text).not.to.include('rival').and.not.to.include('clerk-2').and.not.to.include('officer-1');
      expect(await faultsIn(text)).to.deep.equal([]);
      expect(await world.exported(EXPORTER, { org: 'acme' })).to.equal(text);
    });

    it('shows the same items whole to a regulator', async () => {
      const text = await world.exported(REGULATOR, { org: 'acme' });
      expect(itemsIn(text)).to.deep.equal(itemsIn(await world.exported(EXPORTER)));
      const wholes = new Map(
        linesIn(await world.exported(REGULATOR)).map((line) => [line.item?.itemId, line] as const),
      );
      for (const line of linesIn(text)) {
        if (line.item !== undefined) expect(line).to.deep.equal(wholes.get(line.item.itemId));
      }
      expect(linesIn(text).at(-1)?.manifest).to.include({ exporter: 'acme', histories: 'whole' });
      expect(await faultsIn(text)).to.deep.equal([]);
    });

    it('goes on within a long declaration', async () => {
      const long = openExporting();
      await long.file('L-0', ['L-0-77']);
      await long.file('L-1', serials('L', 250));
      await long.file('L-2', ['L-9-77', 'L-007-77']);
      const text = await long.exported(EXPORTER);
      expect(itemsIn(text)).to.deep.equal(['L-0-77', ...serials('L', 250), 'L-9-77']);
      for (const [index, cursor] of cursorsIn(text).entries()) {
        expect(await long.exported(EXPORTER, { cursor })).to.equal(behind(text, index + 1));
      }
    });

    it('is for itself and regulators alone', async () => {
      const ask = () => world.exported(RIVAL, { org: 'acme' });
      expect(await failureCode(ask)).to.equal('forbidden');
    });

    it('of one that never filed is a manifest', async () => {
      const lines = linesIn(await world.exported({ ...EXPORTER, org: 'nobody' }));
      expect(lines.map(({ manifest }) => manifest?.['declarations'])).to.deep.equal([0]);
    });
  });

  it('is one of two at a time', async () => {
    const { service } = world;
    const one = service.open(REGULATOR, {});
    const other = service.open(EXPORTER, {});
    const third = async () => service.open(REGULATOR, {});
    expect(await failureCode(third)).to.equal('exports-busy');
    one.close();
    one.close();
    const next = await third();
    expect(await failureCode(third)).to.equal('exports-busy');
    // What is refused takes no place.
    expect(await failureCode(async () => service.open(RIVAL, { org: 'acme' }))).to.equal('forbidden');
    next.close();
    other.close();
    (await third()).close();
  });
});
