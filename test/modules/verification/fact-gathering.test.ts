import { expect } from 'chai';
import { createScreening } from '../../../src/modules/catalogue/index.ts';
import type { LineInput } from '../../../src/modules/declarations/declaration.ts';
import { runChecks } from '../../../src/modules/verification/checks.ts';
import { gatherFacts } from '../../../src/modules/verification/fact-gathering.ts';
import { EXPORTER, filing, part, PRESS, RIVAL } from '../../support/declarations.ts';
import type { World } from '../../support/world.ts';
import { catalogue, openWorld, request } from '../../support/world.ts';

describe('gathering facts', () => {
  let world: World;
  let filings: number;

  beforeEach(() => {
    world = openWorld();
    filings = 0;
  });

  afterEach(() => world.close());

  /** The facts about one more declaration. */
  const facts = (...items: LineInput[]) => factsFor(EXPORTER, ...items);

  async function factsFor(exporter: typeof EXPORTER, ...items: LineInput[]) {
    filings += 1;
    world.clock.pass(1_000);
    const input = filing({ reference: `INV-${filings}`, items });
    const { declaration } = await world.declarations.file(exporter, input, request(`k-${filings}`));
    return factsNow(declaration.id);
  }

  async function factsNow(declarationId: string) {
    const { stores, clock } = world;
    const screening = createScreening(catalogue.watchedParties);
    const sources = {
      register: stores.register,
      declarations: stores.declarations,
      catalogue,
      screening,
      clock,
    };
    return gatherFacts(sources, await world.stored(declarationId));
  }
  const judged = (found: Awaited<ReturnType<typeof facts>>) =>
    runChecks(found).map(({ code, level }) => `${code} ${level}`);

  it('tells items of the same serial from twins, and both from the item itself', async () => {
    await facts({ kind: 'die', maker: 'Korsch', serial: 'A0B8' });
    await facts({ kind: 'press', maker: 'PTK', serial: 'AOBB' });
    const { lines } = await facts({ kind: 'die', maker: 'Korsh', serial: 'a0-b8' });
    expect(lines[0]?.sameSerial.map(({ item }) => item.maker)).to.deep.equal(['korsch']);
    expect(lines[0]?.twins.map(({ item }) => item.serial)).to.deep.equal(['AOBB']);
  });

  it('counts parts on record for a press of another declaration, and for no other', async () => {
    const own = await facts(PRESS, part('die', 'D33-00417-01'));
    expect(own.fitted.size).to.equal(0);
    const later = await facts(part('die', 'D33-00417-02'));
    const pressId = later.lines[0]?.line.pressId ?? '';
    expect(later.fitted.get(pressId)?.map(({ item }) => item.serial)).to.have.members([
      'D33-00417-01',
      'D33-00417-02',
    ]);
    expect(judged(later)).to.deep.equal(['kit-incomplete info']);
  });

  it('counts the machines of a serial that tells none', async () => {
    await facts(PRESS, { ...PRESS, maker: 'Korsch' });
    const { machinesNamed } = await facts(
      part('die', 'D33-00417-01', { maker: 'Natoli' }),
      part('die', 'D33-00417-02', { partOf: 'zp-nowhere' }),
      part('die', 'D33-00417-03'),
    );
    expect([...machinesNamed]).to.have.deep.members([
      ['ZP33202500417', 2],
      ['ZPNOWHERE', 0],
    ]);
  });

  it("makes one item of a maker's legal forms, which a second filing can not hide", async () => {
    await facts({ kind: 'die', maker: 'Korsch', serial: 'K-0417-D07' });
    const again = await facts({ kind: 'die', maker: 'Korsch GmbH', serial: 'K-0417-D07' });
    expect(judged(again)).to.deep.equal(['declared-twice warning']);
  });

  it('warns exactly one of two exporters who declare an item, in whatever order events follow filings', async () => {
    const items: LineInput[] = [{ kind: 'die', maker: 'Korsch', serial: 'K-0417-D07' }];
    world.troubles.appendsFail = 1;
    const { declaration } = await world.declarations.file(EXPORTER, filing({ items }), request('k-0'));
    const second = await factsFor(RIVAL, ...items);
    expect(judged(second)).to.deep.equal([]);
    await world.declarations.follow(await world.stored(declaration.id));
    expect(judged(await factsNow(declaration.id))).to.deep.equal(['claimed-by-another warning']);
    expect(judged(await factsNow(second.declaration.id))).to.deep.equal([]);
  });

  it('counts the claim of a line that an amendment dropped and added again from then on', async () => {
    const die: LineInput = { kind: 'die', maker: 'Korsch', serial: 'K-0417-D07' };
    const other: LineInput = { ...die, serial: 'K-0417-D08' };
    const { declaration } = await facts(die);
    const amend = (key: string, items: LineInput[]) =>
      world.declarations.amend(EXPORTER, declaration.id, { reason: 'typing error', items }, request(key));
    await amend('a-1', [other]);
    const rival = await factsFor(RIVAL, die);
    expect(judged(rival)).to.deep.equal([]);
    await amend('a-2', [die]);
    expect(judged(await factsNow(declaration.id))).to.deep.equal(['claimed-by-another warning']);
    expect(judged(await factsNow(rival.declaration.id))).to.deep.equal([]);
  });

  it('reads the history of a press that parts are filed for, and tells whose it is', async () => {
    await facts(PRESS);
    expect(judged(await facts(part('die', 'D33-00417-01')))).to.deep.equal(['kit-incomplete info']);
    const rival = await factsFor(RIVAL, part('die', 'D33-00417-02'));
    expect(judged(rival)).to.include('press-of-another warning');
  });
});
