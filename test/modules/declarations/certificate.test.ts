import { expect } from 'chai';
import { isFailure } from '../../../src/kernel/failure.ts';
import { linesOf } from '../../../src/modules/declarations/certificate-page.pdf.ts';
import { certificatePdf } from '../../../src/modules/declarations/certificate.pdf.ts';
import { certificateView } from '../../../src/modules/declarations/certificate.ts';
import type { Declaration, Line, Move } from '../../../src/modules/declarations/declaration.ts';
import { isRespelled, printable } from '../../../src/modules/declarations/printable-text.pdf.ts';
import { declarationNumber } from '../../../src/modules/declarations/registry-numbers.ts';

const URL = 'https://registry.example';
const NUMBER = declarationNumber('TW', '2026', 'dcl_1');

describe('certificateView', () => {
  it('says what was verified, when, by which rules, and where to check it', () => {
    const view = certificateView(declaration(), URL);
    expect(view.checkUrl).to.equal(`https://registry.example/?number=${NUMBER}`);
    expect(view.printedNumber.replaceAll('-', '')).to.equal(NUMBER);
    expect(view.printedNumber).to.match(/^TW-2026-.{4}-.{4}-.{4}-.$/);
    expect(view).to.include({ verifiedAt: '2026-03-02T10:00:00.000Z', ruleSet: 'rules-1', licence: 'L-77' });
    expect(view.exporter).to.deep.equal({ org: 'acme', country: 'TW' });
    expect(view.items).to.deep.equal([
      {
        line: 1,
        kind: 'die',
        maker: 'Korsch',
        model: 'ZP33',
        serial: 'ZP33-2025-00001',
        assignedMark: false,
      },
    ]);
    expect(view).to.not.have.any.keys('usedAt', 'usedPlace');
  });

  it('tells the latest verification after an amendment', () => {
    const again = declaration();
    const later = { ...again.moves[1]!, no: 3, recordedAt: '2026-04-01T00:00:00.000Z' };
    expect(certificateView({ ...again, moves: [...again.moves, later] }, URL).verifiedAt).to.equal(
      later.recordedAt,
    );
  });

  it('says that the number is used up once the goods left', () => {
    const at = '2026-05-05T05:05:05.000Z';
    const exit: Move = {
      no: 3,
      type: 'exited',
      state: 'exited',
      occurredAt: at,
      recordedAt: at,
      by: null,
      place: 'TWKHH',
    };
    const gone = declaration({ state: 'exited', moves: [...declaration().moves, exit] });
    expect(certificateView(gone, URL)).to.include({ usedAt: at, usedPlace: 'TWKHH' });
  });

  for (const state of ['filed', 'needs-review', 'refused', 'withdrawn', 'expired', 'not-shipped'] as const) {
    it(`refuses a certificate to a declaration that is ${state}`, () => {
      let thrown: unknown;
      try {
        certificateView(declaration({ state }), URL);
      } catch (error) {
        thrown = error;
      }
      expect(isFailure(thrown, 'no-certificate')).to.equal(true);
    });
  }
});

describe('certificatePdf', () => {
  it('gives the same bytes for the same declaration', async () => {
    const view = certificateView(declaration(), URL);
    const [first, second] = [await certificatePdf(view), await certificatePdf(view)];
    expect(first.subarray(0, 5).toString('latin1')).to.equal('%PDF-');
    expect(first.equals(second)).to.equal(true);
    const other = await certificatePdf({ ...view, reference: 'INV-2' });
    expect(first.equals(other)).to.equal(false);
  });

  it('uses one page for a few items and as many as it takes for 2,000', async () => {
    expect(pagesOf(await certificatePdf(certificateView(declaration(), URL)))).to.equal(1);
    const many = declaration({ content: { ...declaration().content, lines: lines(2_000) } });
    expect(pagesOf(await certificatePdf(certificateView(many, URL)))).to.be.within(35, 60);
  });

  it('goes on to another page when the longest party texts fill the first', async () => {
    const long = { name: 'W'.repeat(200), country: 'AU', address: 'W'.repeat(500) };
    const base = certificateView(declaration(), URL);
    const view = { ...base, consignee: long, endUser: long, endUse: 'W'.repeat(500) };
    expect(pagesOf(await certificatePdf(view))).to.equal(2);
  });
});

describe('printable', () => {
  it('keeps what the standard fonts hold', () => {
    for (const text of ['Müller & Söhne – “Ørsted”', 'ZP33-2025-00417', '€ 5'])
      expect(printable(text)).to.equal(text);
  });

  it('spells other scripts in Latin letters and marks it', () => {
    const printed = printable('Фармацевт');
    expect(printed).to.match(/^[\x20-\x7e]+ †$/);
    expect(isRespelled(printed)).to.equal(true);
    expect(isRespelled(printable('Pharmacist'))).to.equal(false);
  });

  it('composes accents and never shows nothing for something', () => {
    expect(printable('Cafe\u0301')).to.equal('Café');
    expect(printable('a\ud800b')).to.equal('a?b †');
    expect(printable('two\nlines')).to.equal('two lines');
  });
});

describe('linesOf', () => {
  const tenPoints = { widthOfString: (text: string) => text.length * 10 } as PDFKit.PDFDocument;

  it('breaks at spaces, and within words wider than a line', () => {
    expect(linesOf(tenPoints, 'ab cd efgh', 50)).to.deep.equal(['ab cd', 'efgh']);
    expect(linesOf(tenPoints, 'a bcdefghijklm n', 50)).to.deep.equal(['a', 'bcdef', 'ghijk', 'lm n']);
    expect(linesOf(tenPoints, 'abc', 5)).to.deep.equal(['a', 'b', 'c']);
  });
});

function pagesOf(pdf: Buffer): number {
  return pdf.toString('latin1').match(/\/Type \/Page\b(?!s)/g)?.length ?? 0;
}

function lines(count: number): Line[] {
  return Array.from({ length: count }, (_, index) => ({
    line: index + 1,
    itemId: `itm_${index}`,
    kind: 'die',
    maker: 'Korsch',
    makerKey: 'korsch',
    model: 'ZP33',
    serial: `ZP33-2025-${String(index + 1).padStart(5, '0')}`,
    assignedMark: false,
  }));
}

function declaration(changes: Partial<Declaration> = {}): Declaration {
  const filedAt = '2026-03-01T09:00:00.000Z';
  const checkedAt = '2026-03-02T10:00:00.000Z';
  const party = { name: 'Harbour Pharma Pty Ltd', country: 'AU', address: '1 Quay St, Sydney', id: 'ABN 51' };
  return {
    id: 'dcl_1',
    org: 'acme',
    country: 'TW',
    reference: 'INV-1',
    version: 4,
    state: 'verified',
    filedAt,
    bodyHash: 'hash',
    content: {
      consignment: {
        regime: 'TW',
        destination: 'AU',
        consignee: party,
        endUser: party,
        endUse: 'Contract manufacture of registered medicines',
        portOfExit: 'TWKHH',
        transport: 'sea',
        plannedExit: '2026-04-15',
        licence: { number: 'L-77' },
      },
      lines: lines(1),
    },
    moves: [
      { no: 1, type: 'filed', state: 'filed', occurredAt: filedAt, recordedAt: filedAt, by: null },
      { no: 2, type: 'checked', state: 'verified', occurredAt: checkedAt, recordedAt: checkedAt, by: null },
    ],
    number: NUMBER,
    expiresAt: '2026-08-29T10:00:00.000Z',
    verification: { attempt: 1, findings: [], ruleSet: 'rules-1', checkedAt },
    pending: [],
    dueAt: null,
    ...changes,
  };
}
