import { expect } from 'chai';
import { duplicateLine } from '../../../../src/modules/verification/checks/duplicate-line.ts';
import { junkSerial } from '../../../../src/modules/verification/checks/junk-serial.ts';
import { serialPattern } from '../../../../src/modules/verification/checks/serial-pattern.ts';
import { catalogue, factsOf, judged, press36, sent } from '../../../support/facts.ts';

describe('check junk-serial', () => {
  it('blocks serials that cannot be one and names line and item', () => {
    const facts = factsOf({ lines: [sent(), sent({ serial: '0000' }), sent({ serial: 'N/A' })] });
    const findings = junkSerial(facts);
    expect(judged(findings)).to.deep.equal(['junk-serial block', 'junk-serial block']);
    expect(findings.map(({ line }) => line)).to.deep.equal([2, 3]);
    expect(findings[0]?.itemId).to.equal(facts.lines[1]?.line.itemId);
    expect(findings[0]?.because).to.equal(
      `The serial of the die "0000" can't be a serial number: only zeros.`,
    );
  });

  it('leaves marks that the registry issued alone', () => {
    const facts = factsOf({ lines: [sent({ serial: '0000' })] });
    const lines = facts.lines.map((each) => ({ ...each, line: { ...each.line, assignedMark: true } }));
    expect(junkSerial({ ...facts, lines })).to.deep.equal([]);
  });
});

describe('check serial-pattern', () => {
  const unlike = press36({ serial: 'QX/9/77/1' });

  it('informs while the pattern is an invented one', () => {
    expect(judged(serialPattern(factsOf({ lines: [unlike] })))).to.deep.equal(['serial-pattern info']);
  });

  it('warns once the pattern is no longer marked synthetic', () => {
    const known = {
      ...catalogue,
      findModel: (...asked: Parameters<typeof catalogue.findModel>) => {
        const model = catalogue.findModel(...asked);
        return model === null ? null : { ...model, synthetic: false };
      },
      fitsSerialPattern: () => false,
    };
    expect(judged(serialPattern(factsOf({ lines: [unlike], catalogue: known })))).to.deep.equal([
      'serial-pattern warning',
    ]);
  });

  it('has nothing to say about a fitting serial, an unknown model, an issued mark or junk', () => {
    const { serial: _none, ...unmarked } = unlike;
    const lines = [press36(), { ...unlike, model: 'Own build' }, unmarked, press36({ serial: 'N/A' })];
    expect(serialPattern(factsOf({ lines }))).to.deep.equal([]);
  });
});

describe('check duplicate-line', () => {
  it('blocks the second line of one item, however it is written, and names the first', () => {
    const lines = [sent({ serial: 'K-0417-D07' }), sent(), sent({ serial: 'k 0417 d07' })];
    const findings = duplicateLine(factsOf({ lines }));
    expect(findings.map(({ level, line }) => `${level} ${line}`)).to.deep.equal(['block 2', 'block 3']);
    expect(findings[1]?.because).to.equal('The die "k 0417 d07" of this maker is on line 1 already.');
  });

  it('accepts one serial on items of two kinds or two makers', () => {
    const lines = [sent(), sent({ kind: 'upper-punch' }), sent({ maker: 'Fette' })];
    expect(duplicateLine(factsOf({ lines }))).to.deep.equal([]);
  });
});
