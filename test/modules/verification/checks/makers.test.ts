import { expect } from 'chai';
import type { LineInput } from '../../../../src/modules/declarations/declaration.ts';
import { makerUnknown } from '../../../../src/modules/verification/checks/maker-unknown.ts';
import { similarMaker } from '../../../../src/modules/verification/checks/similar-maker.ts';
import { FILED_AT, factsOf, judged, registered, sent } from '../../../support/facts.ts';

describe('check maker-unknown', () => {
  const said = (...makers: string[]) =>
    makerUnknown(factsOf({ lines: makers.map((maker, index) => sent({ maker, serial: `K-${index}` })) }));

  it('informs once of each maker that the catalogue does not know', () => {
    const findings = said('Acme Press', 'Korsch', 'ACME PRESS Co., Ltd.', 'Other Works');
    expect(judged(findings)).to.deep.equal(['maker-unknown info', 'maker-unknown info']);
    expect(findings[0]?.because).to.equal(
      '"Acme Press", given as the maker on lines 1 and 3, is no maker that the catalogue knows.',
    );
    expect(findings.map(({ line }) => line)).to.deep.equal([undefined, 4]);
    expect(findings[0]?.evidence?.['lines']).to.deep.equal([1, 3]);
  });

  it('warns of words that name no maker', () => {
    for (const maker of ['N/A', 'unknown', 'Unknown Co., Ltd.', 'None', '0000', 'xxxx', 'No name', '不明']) {
      expect(judged(said(maker)), maker).to.deep.equal(['maker-unknown warning']);
    }
  });

  it('only informs of short names', () => {
    expect(judged(said('3M', 'GE', 'ABCD'))).to.deep.equal(
      Array.from({ length: 3 }, () => 'maker-unknown info'),
    );
  });

  it('has nothing to say about a known maker, however it is spelt', () => {
    expect(said('Korsch', 'KORSCH GmbH', '菊水製作所', 'I.M.A.', 'PTK')).to.deep.equal([]);
  });
});

describe('check similar-maker', () => {
  const beside = (maker: string, ...others: Partial<LineInput>[]) => {
    const sameSerial = others.map((other) => registered(other));
    return similarMaker(factsOf({ lines: [sent({ maker })], known: () => ({ sameSerial }) }));
  };
  const warned = ['similar-maker warning'];

  it('warns of an item of the same serial and kind under a maker spelt much alike', () => {
    const findings = beside('Korsh', { maker: 'Korsch' });
    expect(judged(findings)).to.deep.equal(warned);
    expect(findings[0]?.because).not.to.contain('korsch').and.not.to.contain('Korsch');
    expect(findings[0]?.evidence?.['makers']).to.deep.equal(['korsch']);
    expect(judged(beside('Korsch', { maker: 'Korsch Berlin' }))).to.deep.equal(warned);
    expect(judged(beside('AcmePress', { maker: 'Acme Press' }))).to.deep.equal(warned);
  });

  it('accepts other makers, other kinds and two that the catalogue knows', () => {
    expect(beside('Korsch', { maker: 'Stokes' }, { maker: 'Acme Press' })).to.deep.equal([]);
    expect(beside('Korsh', { maker: 'Korsch', kind: 'press' })).to.deep.equal([]);
    expect(beside('Kilian', { maker: 'IMA' })).to.deep.equal([]);
    expect(beside('Korsch')).to.deep.equal([]);
  });

  it('only informs of a maker misspelt here and then put right', () => {
    const { item } = registered({ maker: 'Korsh' });
    const dropped = factsOf({ lines: [sent({ maker: 'Korsh' })] }).lines.map(({ line }) => line);
    const moved = {
      no: 2,
      type: 'amended',
      state: 'filed',
      occurredAt: FILED_AT,
      recordedAt: FILED_AT,
      by: null,
    } as const;
    const other = {
      item: { ...item, registeredAt: FILED_AT },
      head: { seq: 3, status: 'withdrawn' },
    } as const;
    const after = (moves: { dropped?: typeof dropped }) =>
      judged(
        similarMaker(
          factsOf({
            declaration: { moves: [{ ...moved, ...moves }] },
            known: () => ({ sameSerial: [other] }),
          }),
        ),
      );
    expect(after({ dropped })).to.deep.equal(['similar-maker info']);
    expect(after({})).to.deep.equal(warned);
  });
});
