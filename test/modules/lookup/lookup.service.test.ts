import { expect } from 'chai';
import { Failure } from '../../../src/kernel/failure.ts';
import type { LookupLog, LookupQuery } from '../../../src/modules/lookup/index.ts';
import { createLookupService } from '../../../src/modules/lookup/index.ts';
import { EXPORTER, filing, OFFICER, part } from '../../support/declarations.ts';
import { failureCode } from '../../support/failures.ts';
import { draftWith, itemWith } from '../../support/items.ts';
import type { World } from '../../support/world.ts';
import { catalogue, openWorld, request } from '../../support/world.ts';

describe('a look-up', () => {
  let world: World;
  const lookUp = (query: LookupQuery) => world.lookup.lookUp(OFFICER, query);
  const serials = async (query: LookupQuery) => (await lookUp(query)).matches.map(({ item }) => item.serial);

  beforeEach(() => {
    world = openWorld();
  });
  afterEach(() => world.close());

  describe('of a verified press with its dies', () => {
    let pressId: string;
    beforeEach(async () => {
      const { declaration } = await world.declarations.file(EXPORTER, filing(), request('k-1'));
      await world.checked(declaration.id, 'verified');
      pressId = declaration.content.lines[0]!.itemId;
    });

    it('finds it from the serial as it looks on a worn plate', async () => {
      const answer = await lookUp({ serial: 'zp33 2O25-0O4l7' });
      expect(answer.matches).to.have.length(1);
      const [found] = answer.matches;
      expect(found).to.deep.include({ match: 'confusable' });
      expect(found?.item).to.include({ itemId: pressId, serial: 'ZP33-2025-00417' });
      expect(found?.differences.map(({ read, marked }) => read + marked)).to.deep.equal(['O0', 'O0', 'L1']);
      expect(found?.history.map((event) => event.type)).to.deep.equal(['registered', 'declared', 'verified']);
      expect(answer.verdict).to.equal('caution');
      expect(answer.reasons.map((reason) => reason.code)).to.deep.equal(['possible-match', 'verified']);
    });

    it('is clear for the serial and maker as marked, whatever name the maker goes by', async () => {
      const answer = await lookUp({ serial: 'ZP33-2025-00417', maker: 'P.T.K.', kind: 'press' });
      expect(answer).to.deep.include({ verdict: 'clear', truncated: false, at: world.clock.now() });
      expect(answer.matches[0]).to.deep.include({
        match: 'exact',
        score: 1,
        differences: [],
        historyTruncated: false,
      });
    });

    it('finds one die in a parcel', async () => {
      expect(await serials({ serial: 'd33 00417-O1' })).to.deep.equal(['D33-00417-01']);
    });

    it('is unknown for a serial that nothing fits, one without letters or digits, and one of another length', async () => {
      for (const serial of ['QX-99-12345', '--/--', '???', 'ZP33-2025-0041']) {
        expect(await lookUp({ serial }), serial).to.deep.include({ verdict: 'unknown', matches: [] });
      }
    });

    it('is logged with who, when, what, case and answer before it is answered', async () => {
      const answer = await lookUp({ serial: 'zp33 2O25-0O4l7', maker: 'PTK', case: 'CASE-7' });
      expect(await world.stores.lookupLog.list({ limit: 10 })).to.deep.equal([
        {
          lookupId: answer.lookupId,
          at: answer.at,
          ...OFFICER,
          serial: 'zp33 2O25-0O4l7',
          maker: 'PTK',
          case: 'CASE-7',
          verdict: 'caution',
          itemIds: [pressId],
        },
      ]);
    });

    it('is logged when nothing is found, each by an id of its own', async () => {
      const answers = await Promise.all(Array.from({ length: 64 }, () => lookUp({ serial: 'QX-99-12345' })));
      expect(await world.stores.lookupLog.count()).to.equal(64);
      expect(new Set(answers.map((answer) => answer.lookupId)).size).to.equal(64);
    });

    it('is not answered when it cannot be logged', async () => {
      const { register, lookupLog } = world.stores;
      const log = { ...lookupLog, add: async () => Promise.reject(new Error('the disk is full')) };
      const lookup = createLookupService({
        register,
        log,
        catalogue,
        clock: world.clock,
        random: world.random,
      });
      let failure: unknown;
      await lookup
        .lookUp(OFFICER, { serial: 'ZP33-2025-00417' })
        .catch((error: unknown) => (failure = error));
      expect(failure).to.be.an('error').with.property('message', 'the disk is full');
    });
  });

  it('finds the same serial of every maker, and asks for the maker', async () => {
    const items = ['PTK', 'Korsch', 'IMA'].map((maker) => part('die', 'A0B8', { maker }));
    await world.declarations.file(EXPORTER, filing({ items }), request('k-1'));
    const answer = await lookUp({ serial: 'A0B8' });
    expect(answer.matches.map(({ item }) => item.maker).sort()).to.deep.equal(['ima', 'korsch', 'ptk']);
    expect(answer.reasons.map((reason) => reason.code)).to.include('several-makers');
    expect((await lookUp({ serial: 'A0B8', maker: 'Korsch AG' })).matches[0]?.item.maker).to.equal('korsch');
  });

  it('ranks the very serial before its twins', async () => {
    const items = ['A0B8', 'AOBB', 'AOB8'].map((serial) => part('die', serial));
    await world.declarations.file(EXPORTER, filing({ items }), request('k-1'));
    expect(await serials({ serial: 'aobb' })).to.deep.equal(['AOBB', 'AOB8', 'A0B8']);
  });

  it('shows the best 20 and says that there are more, the very serial among them however many fit', async () => {
    const twins = Array.from({ length: 128 }, (_, no) => {
      const serial = `X${no.toString(2).padStart(7, '0').replaceAll('0', 'O').replaceAll('1', 'Q')}`;
      return itemWith({ serial });
    });
    const exact = itemWith({ serial: 'X0000000' });
    await world.register.record([...twins, exact], []);
    const answer = await lookUp({ serial: 'X0000000' });
    expect(answer.matches).to.have.length(20);
    expect(answer.truncated).to.equal(true);
    expect(answer.matches[0]?.item.itemId).to.equal(exact.itemId);
    expect(answer.reasons.map((reason) => reason.code)).to.include('more-matches');
  });

  it('finds a re-stamped item by its new mark, exactly or misread, and says what it was registered as', async () => {
    const press = itemWith({ serial: 'KO-HH-7001' });
    const restamped = draftWith(press.itemId, 'restamped', { detail: { newSerial: 'KO-ZZ-1199' } });
    await world.register.record([press], [restamped]);
    const [exact] = (await lookUp({ serial: 'KO-ZZ-1199' })).matches;
    expect(exact).to.include({ match: 'exact', marked: 'KO-ZZ-1199' });
    const confused = await lookUp({ serial: 'KO-2Z-II99' });
    expect(confused.matches[0]).to.include({ match: 'confusable', marked: 'KO-ZZ-1199' });
    const old = await lookUp({ serial: 'KO-HH-7001' });
    expect(old.reasons.map(({ code }) => code)).to.include('restamped');
  });

  it('refuses a kind that the catalogue does not know', async () => {
    expect(await failureCode(() => lookUp({ serial: 'X', kind: 'spoon' }))).to.equal('unknown-kind');
  });

  it('shows the latest 100 events of a long history and says that there are more', async () => {
    const press = itemWith();
    const inspected = Array.from({ length: 101 }, () => draftWith(press.itemId, 'inspected'));
    await world.register.record([press], inspected);
    const [match] = (await lookUp({ serial: press.serial })).matches;
    expect(match?.history.map((event) => event.seq)).to.deep.equal(
      Array.from({ length: 100 }, (_, index) => index + 2),
    );
    expect(match?.historyTruncated).to.equal(true);
  });

  describe('of many serials', () => {
    const rest = () => new Promise<void>((resolve) => setImmediate(resolve));
    const serialNo = (no: number) => ({ serial: `QX-99-${no}` });

    it('answers each in its place, the failure of one and of what could not be read too', async () => {
      const unread = new Failure('invalid', 'line-unreadable', 'It is no JSON.');
      const queries = [serialNo(1), unread, { serial: 'X', kind: 'spoon' }, serialNo(2)];
      const found = await world.lookup.lookUpAll(OFFICER, queries, rest);
      const said = found.map((one) => (one instanceof Failure ? one.code : one.query.serial));
      expect(said).to.deep.equal(['QX-99-1', 'line-unreadable', 'unknown-kind', 'QX-99-2']);
      expect(await world.stores.lookupLog.count()).to.equal(2);
    });

    it('logs them in one go after all were looked up, and lets others run meanwhile', async () => {
      const order: string[] = [];
      const { register, lookupLog } = world.stores;
      const log: LookupLog = {
        ...lookupLog,
        add: (entry) => (order.push('logged'), lookupLog.add(entry)),
      };
      const { clock, random } = world;
      const lookup = createLookupService({ register, log, catalogue, clock, random });
      const queries = Array.from({ length: 20 }, (_, no) => serialNo(no));
      await lookup.lookUpAll(OFFICER, queries, () => (order.push('others ran'), rest()));
      expect(order).to.deep.equal([
        ...Array<string>(2).fill('others ran'),
        ...Array<string>(20).fill('logged'),
      ]);
    });

    it('answers none that could not be logged, and throws what nobody expected', async () => {
      const { lookupLog, register } = world.stores;
      const { clock, random } = world;
      const full = new Failure('storage-full', 'storage-full', 'The disk is full.');
      const log = { ...lookupLog, add: () => Promise.reject(full) };
      const unlogged = createLookupService({ register, log, catalogue, clock, random });
      expect(await unlogged.lookUpAll(OFFICER, [serialNo(1)], rest)).to.deep.equal([full]);
      const broken = { ...register, bySerialFold: () => Promise.reject(new Error('a bug')) };
      const failing = createLookupService({ register: broken, log: lookupLog, catalogue, clock, random });
      const queries = Array.from({ length: 20 }, (_, no) => serialNo(no));
      const thrown = await failing.lookUpAll(OFFICER, queries, rest).catch((error: unknown) => error);
      expect(thrown).to.be.an('error').with.property('message', 'a bug');
    });
  });
});
