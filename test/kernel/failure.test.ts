import { expect } from 'chai';
import { Failure, isFailure } from '../../src/kernel/failure.ts';

describe('a failure', () => {
  it('is one for every copy of its module', async () => {
    const path = new URL('../../src/kernel/failure.ts?copy', import.meta.url).href;
    const copy = (await import(path)) as { Failure: typeof Failure };
    expect(copy.Failure).not.to.equal(Failure);
    const failure = new copy.Failure('unavailable', 'store-away', 'The store is away.');
    expect(failure).to.be.instanceOf(Failure);
    expect([isFailure(failure), isFailure(failure, 'store-away'), isFailure(failure, 'busy')]).to.deep.equal([
      true,
      true,
      false,
    ]);
  });

  it('is nothing else that is thrown', () => {
    for (const thrown of [
      new Error('no'),
      null,
      undefined,
      'unavailable',
      { kind: 'unavailable', code: 'x' },
    ]) {
      expect(isFailure(thrown)).to.equal(false);
    }
  });
});
