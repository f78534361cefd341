import { expect } from 'chai';
import { serialKey } from '../../src/kernel/serial.ts';
import { generateRegister } from '../../scripts/generator/register.ts';
import type { Situation } from '../../scripts/generator/situation.ts';
import { itemsIn } from '../../scripts/generator/situation.ts';
import { SITUATIONS } from '../../scripts/generator/situations.ts';
import { KNOWN_SERIAL } from '../../scripts/generator/stories-of-trade.ts';

const UNTIL = '2026-11-20T12:00:00.000Z';
const situations = (items: number, seed = 1): Situation[] => [
  ...generateRegister({ seed, items, until: UNTIL }),
];
const filings = (told: readonly Situation[]) =>
  told.flatMap(({ acts }) => acts.flatMap((act) => (act.does === 'file' ? [act.input] : [])));

describe('scripts/generator', () => {
  it('tells the same stories for the same seed, and others for another', () => {
    expect(situations(3_000)).to.deep.equal(situations(3_000));
    expect(situations(3_000, 2)).not.to.deep.equal(situations(3_000));
  });

  it('begins a longer register with the shorter one of the same seed', () => {
    const short = situations(5_000);
    expect(situations(20_000).slice(0, short.length)).to.deep.equal(short);
  });

  it('yields as it goes, however long the register', () => {
    for (const first of generateRegister({ seed: 1, items: 1e12, until: UNTIL })) {
      expect(first.name).to.equal(SITUATIONS[0].name);
      break;
    }
  });

  it('declares as many items as asked for, and not a declaration more', () => {
    const told = situations(10_000);
    const counts = told.map(itemsIn);
    const all = counts.reduce((sum, count) => sum + count, 0);
    expect(all).to.be.at.least(10_000);
    expect(all - (counts.at(-1) ?? 0)).to.be.below(10_000);
  });

  it('tells each named situation first, under its prefix', () => {
    const told = situations(0);
    expect(told.map(({ name }) => name)).to.deep.equal(SITUATIONS.map(({ name }) => name));
    told.forEach((situation, index) => {
      const prefix = `${SITUATIONS[index]?.prefix}-0-`;
      expect(filings([situation]).every(({ reference }) => reference.startsWith(prefix))).to.equal(true);
    });
  });

  it('holds the press that the documentation looks up, with its 108 punches and dies', () => {
    const kit = filings(situations(0)).find(({ reference }) => reference === 'KIT-0-1');
    expect(kit?.items).to.have.length(109);
    expect(kit?.items[0]).to.include({ kind: 'press', serial: KNOWN_SERIAL, stations: 36 });
    for (const kind of ['upper-punch', 'lower-punch', 'die']) {
      const parts = kit?.items.filter((item) => item.kind === kind && item.partOf === KNOWN_SERIAL);
      expect(parts).to.have.length(36);
    }
  });

  it('tells every named situation again in a large register', () => {
    const again = new Set(
      situations(250_000)
        .slice(SITUATIONS.length)
        .map(({ name }) => name),
    );
    for (const { name } of SITUATIONS) expect([...again]).to.include(name);
  });

  it('declares about a hundred parts for each machine, by many exporters of many countries', () => {
    const told = situations(100_000);
    const items = filings(told).flatMap((input) => input.items);
    const machines = items.filter((item) => item.kind === 'press' || item.kind === 'encapsulator');
    expect((items.length - machines.length) / machines.length).to.be.within(80, 130);
    const exporters = told.flatMap(({ acts }) =>
      acts.flatMap((act) => (act.does === 'file' ? [act.by] : [])),
    );
    expect(new Set(exporters.map(({ org }) => org)).size).to.be.above(100);
    expect(new Set(exporters.map(({ country }) => country)).size).to.be.above(8);
    expect(new Set(items.map(({ maker }) => maker)).size).to.be.above(8);
  });

  it('names no item of an ordinary declaration twice', () => {
    const ordinary = situations(60_000).filter(({ clean }) => clean);
    const items = filings(ordinary).flatMap((input) => input.items);
    const names = items.map(({ kind, maker, serial }) => `${kind} ${maker} ${serialKey(serial ?? '')}`);
    expect(new Set(names).size).to.equal(names.length);
  });

  it('lets everything happen in order, and nothing after the day it leads up to', () => {
    for (const { name, acts } of situations(60_000)) {
      const byDeclaration = new Map<string, string[]>();
      for (const act of acts) {
        expect(act.at <= UNTIL, `${name} ${act.at}`).to.equal(true);
        const reference = act.does === 'file' ? act.input.reference : 'what' in act ? act.what.reference : '';
        byDeclaration.set(reference, [...(byDeclaration.get(reference) ?? []), act.at]);
      }
      for (const instants of byDeclaration.values()) expect(instants).to.deep.equal([...instants].sort());
    }
  });
});
