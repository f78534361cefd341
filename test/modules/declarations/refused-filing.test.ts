import { expect } from 'chai';
import { Failure } from '../../../src/kernel/failure.ts';
import { refusedFiling } from '../../../src/modules/declarations/index.ts';
import { EXPORTER } from '../../support/declarations.ts';
import { createSeededRandom, createTestClock, START } from '../../support/times.ts';

describe('the record of a refused filing', () => {
  const record = (body: unknown) => {
    const faults = [{ field: 'items', code: 'required', message: 'is required' }];
    const failure = new Failure('invalid', 'body-invalid', 'One field is wrong.', { faults });
    return refusedFiling(EXPORTER, body, failure, { clock: createTestClock(), random: createSeededRandom() });
  };

  it('tells who, when, what and why', () => {
    const { id, ...told } = record({ reference: 'INV-1' });
    expect(id).to.match(/^rfl_/);
    expect(told).to.deep.equal({
      org: 'acme',
      sub: 'clerk-1',
      at: START,
      reference: 'INV-1',
      code: 'body-invalid',
      faults: [{ field: 'items', code: 'required', message: 'is required' }],
      body: '{"reference":"INV-1"}',
    });
  });

  it('has no reference where the body holds none that is text', () => {
    for (const body of [undefined, null, [], {}, { reference: 7 }])
      expect(record(body).reference).to.equal(null);
  });

  it('cuts long texts, and no character in half', () => {
    for (const length of [198, 199, 200, 201]) {
      const { reference, body } = record({ reference: `${'x'.repeat(length)}\u{1f600}\u{1f600}` });
      expect(reference?.length).to.equal(length === 199 ? 199 : 200);
      expect(Buffer.from(reference ?? '').toString()).to.equal(reference);
      expect(body).to.include('\u{1f600}');
    }
    const before = '{"a":"'.length;
    const { body } = record({ a: 'x'.repeat(65_536 - before - 1) + '\u{1f600}'.repeat(9) });
    expect(body).to.have.length(65_535);
  });
});
