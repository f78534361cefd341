import { expect } from 'chai';
import { createScreening } from '../../../src/modules/catalogue/index.ts';
import type { LineInput } from '../../../src/modules/declarations/declaration.ts';
import { runChecks } from '../../../src/modules/verification/checks.ts';
import { gatherFacts } from '../../../src/modules/verification/fact-gathering.ts';
import { EXPORTER, filing, part, PRESS } from '../../support/declarations.ts';
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
  async function facts(...items: LineInput[]) {
    filings += 1;
    const { stores, declarations, clock } = world;
    clock.pass(1_000);
    const input = filing({ reference: `INV-${filings}`, items });
    const { declaration } = await declarations.file(EXPORTER, input, request(`k-${filings}`));
    const screening = createScreening(catalogue.watchedParties);
    const sources = {
      register: stores.register,
      declarations: stores.declarations,
      catalogue,
      screening,
      clock,
    };
    return gatherFacts(sources, await world.stored(declaration.id));
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
});
