import { expect } from 'chai';
import { serialFold } from '../../src/kernel/serial.ts';
import { systemRandom } from '../../src/main/clock.ts';
import type { Stores } from '../../src/main/stores.ts';
import { openSqliteStores } from '../../src/main/stores.ts';
import type { Catalogue } from '../../src/modules/catalogue/index.ts';
import { loadCatalogue } from '../../src/modules/catalogue/index.ts';
import type { Declaration } from '../../src/modules/declarations/index.ts';
import type { ItemEvent } from '../../src/modules/register/index.ts';
import { isIntact } from '../../src/modules/register/index.ts';
import { generateRegister } from '../../scripts/generator/register.ts';
import type { Situation } from '../../scripts/generator/situation.ts';
import { idOf } from '../../scripts/seeding/player.ts';
import { OtherSeed, tellNamed, tellRest, untilOf } from '../../scripts/seeding/seed-register.ts';
import { createTeller } from '../../scripts/seeding/teller.ts';
import { createTurns, sharedTurns } from '../../scripts/seeding/turns.ts';

const NOW = '2026-11-20T12:00:00.000Z';
const ITEMS = 1_500;
const catalogue: Catalogue = loadCatalogue('catalogue');

describe('scripts/seeding', () => {
  const open: Stores[] = [];
  const store = () => {
    const stores = openSqliteStores(':memory:', systemRandom().nonce());
    open.push(stores);
    return stores;
  };
  afterEach(() => Promise.all(open.splice(0).map((stores) => stores.close())));

  const seeded = async (stores: Stores, { seed = 1, items = ITEMS, now = NOW } = {}) => {
    const plan = { seed, items, until: await untilOf(stores, seed, now) };
    const { report, ruleSet } = await tellNamed({ stores, catalogue }, plan);
    const turns = createTurns(sharedTurns());
    const rest = await tellRest({ stores, catalogue, plan, turns, ruleSet });
    return {
      plan,
      ruleSet,
      known: report.known + rest.known,
      declarations: report.declarations + rest.declarations,
    };
  };
  const found = async (stores: Stores, org: string, reference: string): Promise<Declaration> => {
    const declaration = await stores.declarations.find(idOf({ org, reference }));
    if (declaration === null) throw new Error(`${reference} of ${org} is not there`);
    return declaration;
  };
  const codes = ({ verification }: Declaration) => verification.findings.map(({ code }) => code);

  it('makes of each situation what it is meant to be', async () => {
    const stores = store();
    await seeded(stores, { items: 0 });
    const kit = await found(stores, 'acme', 'KIT-0-1');
    expect([kit.state, kit.content.lines.length, kit.number === undefined]).to.deep.equal([
      'exited',
      109,
      false,
    ]);
    const read = await stores.register.bySerialFold(serialFold('zp33 2O25-0O4l7'), 5);
    expect(read.map(({ item }) => item.serial)).to.deep.equal(['ZP33-2025-00417']);
    const expected: [org: string, reference: string, state: string, code: string | null][] = [
      ['kilian-agent-tw', 'SAME-0-1', 'exited', null],
      ['manesty-agent-tw', 'SAME-0-3', 'exited', null],
      ['twin-hill-tw', 'TWIN-0-2', 'needs-review', 'confusable-twin'],
      ['serial-run-tw', 'RUN-0-1', 'arrived', null],
      ['second-round-tw', 'TWICE-0-2', 'exited', 'exported-not-returned'],
      ['phoenix-tw', 'DESTROYED-0-2', 'refused', 'after-destroyed'],
      ['two-presses-tw', 'FITTED-0-2', 'needs-review', 'fitted-to-two-presses'],
      ['two-presses-tw', 'FITTED-0-2', 'needs-review', 'declared-twice'],
      ['short-delivery-tw', 'SHORT-0-1', 'needs-review', 'kit-incomplete'],
      ['in-three-parts-tw', 'SPLIT-0-1', 'exited', 'kit-incomplete'],
      ['in-three-parts-tw', 'SPLIT-0-3', 'exited', null],
      ['loose-tools-tw', 'SPLIT-0-6', 'needs-review', 'parts-add-up'],
      ['no-number-tw', 'JUNK-0-1', 'refused', 'junk-serial'],
      ['second-thought-tw', 'AMENDED-0-1', 'exited', null],
      ['order-cancelled-tw', 'WITHDRAWN-0-1', 'withdrawn', null],
      ['rough-sea-tw', 'LOST-0-1', 'exited', null],
      ['night-trade-au', 'STOLEN-0-2', 'refused', 'after-stolen'],
      ['wattle-resale-au', 'RESALE-0-2', 'arrived', null],
      ['ground-plate-tw', 'SEIZED-0-1', 'exited', null],
      ['missed-vessel-tw', 'NOTSHIPPED-0-2', 'exited', null],
      ['open-door-tw', 'PARTY-0-1', 'needs-review', 'watch-listed'],
    ];
    for (const [org, reference, state, code] of expected) {
      const declaration = await found(stores, org, reference);
      expect(declaration.state, reference).to.equal(state);
      if (code === null) expect(codes(declaration), reference).to.deep.equal([]);
      else expect(codes(declaration), reference).to.include(code);
    }
    const marked = await found(stores, 'attic-find-de', 'MARK-0-1');
    expect(marked.content.lines.every((line) => line.assignedMark)).to.equal(true);
    const lost = await found(stores, 'rough-sea-tw', 'LOST-0-1');
    const heads = await stores.register.heads(lost.content.lines.map((line) => line.itemId));
    expect([...heads.values()].map(({ status }) => status)).to.have.members(['lost', 'exported']);
  });

  it('changes nothing the second time, on a later day too', async () => {
    const stores = store();
    const first = await seeded(stores);
    const before = await contents(stores, first.plan.items, first.plan.until);
    const second = await seeded(stores, { now: '2027-01-31T08:00:00.000Z' });
    expect([first.known, second.known]).to.deep.equal([0, first.declarations]);
    expect(await contents(stores, first.plan.items, first.plan.until)).to.deep.equal(before);
  });

  it('adds to a shorter register of the same seed and refuses another seed', async () => {
    const stores = store();
    const short = await seeded(stores, { items: 800 });
    const longer = await seeded(stores, { items: ITEMS });
    expect(longer.known).to.equal(short.declarations);
    expect(longer.declarations).to.be.above(short.declarations);
    const refused = await seeded(stores, { seed: 2 }).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(OtherSeed);
  });

  it('shares the work among those who take turns, without doing anything twice', async () => {
    const stores = store();
    const plan = { seed: 1, items: 7_000, until: NOW };
    const { report, ruleSet } = await tellNamed({ stores, catalogue }, plan);
    const cells = sharedTurns();
    const share = () => tellRest({ stores, catalogue, plan, ruleSet, turns: createTurns(cells) });
    const reports = [report, ...(await Promise.all([share(), share()]))];
    const all = filedIn([...generateRegister(plan)]);
    expect(reports.reduce((sum, each) => sum + each.declarations, 0)).to.equal(all.length);
    for (const what of all) await found(stores, what.org, what.reference);
  });

  it('completes a run that died between any two writes', async () => {
    const whole = store();
    const { plan, ruleSet } = await seeded(whole);
    const expected = await contents(whole, plan.items, plan.until);
    for (const dies of ['addItems', 'append', 'replace'] as const) {
      const stores = store();
      await tellNamed({ stores, catalogue }, plan);
      const turns = createTurns(sharedTurns());
      const share = { stores: dying(stores, dies), catalogue, plan, turns, ruleSet };
      const died = await tellRest(share).catch((error: unknown) => error);
      expect(died, dies).to.be.instanceOf(Died);
      await seeded(stores);
      expect(await contents(stores, plan.items, plan.until), dies).to.deep.equal(expected);
    }
  });

  it('gives clean declarations what the real checks give them: no finding that matters', async () => {
    const stores = store();
    const { plan, ruleSet } = await seeded(stores, { items: 3_500 });
    const checked = store();
    await tellNamed({ stores: checked, catalogue }, plan);
    const turns = createTurns(sharedTurns());
    const teller = createTeller({ stores: checked, catalogue, seed: 1, now: plan.until, turns, ruleSet });
    const clean = [...generateRegister(plan)].filter((situation) => situation.clean);
    expect(clean).to.have.length.above(15);
    for (const situation of clean) await teller.tell({ ...situation, clean: false });
    for (const { org, reference } of filedIn(clean)) {
      const real = await found(checked, org, reference);
      const quick = await found(stores, org, reference);
      expect(real.verification.findings.filter(({ level }) => level !== 'info')).to.deep.equal([]);
      const { findings: _real, ...judged } = real.verification;
      const { findings: _quick, ...settled } = quick.verification;
      expect({ ...quick, verification: settled }).to.deep.equal({ ...real, verification: judged });
      expect(await historyOf(stores, quick)).to.deep.equal(await historyOf(checked, real));
    }
  });
});

class Died extends Error {}

/** Stores whose process seems to end with the first call of `method`. */
function dying(stores: Stores, method: 'addItems' | 'append' | 'replace'): Stores {
  const die = () => Promise.reject(new Died());
  return method === 'replace'
    ? { ...stores, declarations: { ...stores.declarations, replace: die } }
    : { ...stores, register: { ...stores.register, [method]: die } };
}

function filedIn(situations: readonly Situation[]): { org: string; reference: string }[] {
  return situations.flatMap(({ acts }) =>
    acts.flatMap((act) => (act.does === 'file' ? [{ org: act.by.org, reference: act.input.reference }] : [])),
  );
}

/** Every declaration of the plan and the histories of its items, without what is random. */
async function contents(stores: Stores, items: number, until: string): Promise<unknown[]> {
  const all: unknown[] = [];
  for (const what of filedIn([...generateRegister({ seed: 1, items, until })])) {
    const declaration = await stores.declarations.find(idOf(what));
    if (declaration === null) throw new Error(`${what.reference} is missing`);
    const { version: _version, dueAt: _dueAt, ...record } = declaration;
    all.push(record, await historyOf(stores, declaration));
  }
  return all;
}

async function historyOf(stores: Stores, { content }: Declaration): Promise<unknown[]> {
  const ids = content.lines.map((line) => line.itemId);
  const found = await stores.register.findItems(ids);
  const histories = await stores.register.histories(ids, 100);
  return ids.map((id) => [found.get(id), (histories.get(id) ?? []).map(plain)]);
}

function plain(event: ItemEvent): object {
  expect(isIntact(event)).to.equal(true);
  const { nonce: _nonce, digest: _digest, ...facts } = event;
  return facts;
}
